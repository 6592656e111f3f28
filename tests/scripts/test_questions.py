"""Every question of the catalogue, at every step of every script: an approved answer, then what was pending."""

from __future__ import annotations

import pytest

from outreach.rules import content
from outreach.scripts import catalog, flow, names, rendering, samples, spoken
from outreach.scripts.reach import reachable
from outreach.scripts.script import Step
from outreach.scripts.state import Heard, State
from tests.conftest import TUESDAY

ZONE = "Asia/Shanghai"
FACTS = {"offered": {"day": "今天", "date": "2026-11-24"}}
BANK = {"name": "XX银行", "hotline": "95000", "signature": "【XX银行】"}
QUESTIONS = [name for name in names.intents() if name.startswith("ask_") and name not in {"ask_human", "ask_repeat"}]
PUT_AGAIN = {"ask_purpose"}
"""Answered by saying again what it is about."""
CASES = [(name, channel) for name in catalog.names() for channel in catalog.load(name).channels]
WITH_DIALOGUE = [case for case in CASES if not case[0].startswith("follow_up")]


def waiting(name: str, channel: str) -> list[Step]:
    script = catalog.load(name)
    return [step for step in map(script.flow.steps.get, sorted(reachable(script.flow, channel))) if step and step.waits]


@pytest.mark.parametrize(("name", "channel"), CASES)
def test_a_question_is_answered_and_the_pending_one_put_again(name: str, channel: str):
    script = catalog.load(name)
    for step in waiting(name, channel):
        for intent in QUESTIONS:
            state = State(step.name, "ask_time" if step.aside else step.name)
            answer = flow.respond(script.flow, state, Heard(intent, "请问一下"), TUESDAY, ZONE, FACTS)
            if step.private and intent not in flow.BEFORE_IDENTITY and intent not in step.replies:
                assert answer.lines == (step.questions[0],), (step.name, intent)  # who they are comes first
            elif intent in step.replies:
                assert answer.state.step == step.replies[intent], (step.name, intent)
            else:
                said = [] if intent in PUT_AGAIN else [script.flow.answers[intent]]
                pending = script.flow.steps[state.pending or ""]
                assert list(answer.lines) == [*said, pending.questions[0]], (step.name, intent)
            assert not answer.state.ended


@pytest.mark.parametrize(("name", "channel"), CASES)
def test_every_answer_can_be_worded_and_promises_nothing(name: str, channel: str):
    script = catalog.load(name)
    known = samples.facts(script, BANK)
    for intent, line in script.flow.answers.items():
        said = rendering.render(script, channel, line, known)
        assert said, (intent, line)
        assert content.problem(said) is None, (intent, said)
        if channel == "voice":
            assert spoken.for_ear(said)


@pytest.mark.parametrize(("name", "channel"), WITH_DIALOGUE)
def test_a_question_put_again_is_put_in_other_words(name: str, channel: str):
    script = catalog.load(name)
    for step in (one for one in waiting(name, channel) if not one.aside):
        state, said = State(step.name, step.name), []
        for _ in range(2):
            answer = flow.respond(script.flow, state, Heard("ask_security", "安全吗"), TUESDAY, ZONE, FACTS)
            said.append(answer.lines[-1])
            state = answer.state
        assert len({step.say, *said}) == 3 or step.name.startswith("offer_"), (step.name, said)
