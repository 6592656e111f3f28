"""The flow, one reply further, for every step and every reading of every script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outreach.scripts import catalog, flow, names
from outreach.scripts.script import OPEN, Flow
from outreach.scripts.state import Heard, State
from outreach.scripts.walk import walk
from tests.conftest import TUESDAY

ZONE = "Asia/Shanghai"
FACTS = {"offered": {"day": "今天", "date": "2026-11-24"}}
SCRIPTS = catalog.names()
READINGS = [*names.intents(), "nlu_fallback", "opt_out_unsure", *names.EVENTS]


def at(step: str) -> State:
    return State(step, step)


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_reading_at_every_step_leads_somewhere(name):
    script = catalog.load(name).flow
    for step in (one for one in script.steps.values() if one.waits):
        for intent in READINGS:
            heard = Heard(intent, "明天下午" if intent == "inform_time" else "嗯", "1" if intent == "digit" else None)
            answer = flow.respond(script, at(step.name), heard, TUESDAY, ZONE, FACTS)
            assert answer.lines or answer.events, (step.name, intent)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_excerpt_of_a_step_answers_as_the_whole_flow_does(name):
    script = catalog.load(name).flow
    for step in (one for one in script.steps.values() if one.waits):
        excerpt = Flow.from_json(script.excerpt(step.name).to_json())
        for intent in READINGS:
            heard = Heard(intent, "后天上午", "2" if intent == "digit" else None)
            whole = flow.respond(script, at(step.name), heard, TUESDAY, ZONE, FACTS)
            assert flow.respond(excerpt, at(step.name), heard, TUESDAY, ZONE, FACTS) == whole, (step.name, intent)


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("ended", sorted(names.outcomes()))
def test_every_reading_after_every_end_is_answered_or_deliberately_not(name, ended):
    script = catalog.load(name).flow
    for intent in READINGS:
        answer = flow.respond(
            script, State("end_refused", None, ended=ended), Heard(intent, "明天"), TUESDAY, ZONE, FACTS
        )
        assert answer.lines or answer.events, (ended, intent)


def test_a_step_that_only_passes_on_for_ever_is_a_defect():
    script = catalog.load("card_activation").flow
    steps = {
        **script.steps,
        "a": script.steps["explain"].__class__("a", then="b"),
        "b": script.steps["explain"].__class__("b", then="a"),
    }
    with pytest.raises(RuntimeError, match="never waits"):
        walk(Flow(script.openings, steps), State("a"), "a", {})


def test_states_survive_the_journey_as_json():
    state = State("ask_time", "ask_time", {"tries": 1}, {"visit_time": {"date": None}}, "object_no_time", None)
    assert State.from_json(state.to_json()) == state


REASONS = sorted(name for name in names.intents() if name.startswith("object_"))
WHY = [(name, step) for name in SCRIPTS for step, one in catalog.load(name).flow.steps.items() if one.asks == OPEN]


def said(name: str, state: State, intent: str, words: str = "原因是这样") -> State:
    return flow.respond(catalog.load(name).flow, state, Heard(intent, words), TUESDAY, ZONE, FACTS).state


def test_the_scripts_that_ask_why_are_known():
    assert {name for name, _ in WHY} == {"card_activation", "dormant_reactivation", "dual_card_binding"}


@pytest.mark.parametrize("intent", REASONS)
@pytest.mark.parametrize(("name", "step"), WHY)
def test_a_reason_that_we_asked_for_uses_up_no_try_and_is_kept(name: str, step: str, intent: str):
    after = said(name, replace(at(step), counts={"tries": 2}), intent)
    assert (after.ended, after.reason, after.counts["tries"]) == (None, intent, 2)


@pytest.mark.parametrize(("name", "step"), WHY)
def test_a_second_reason_at_the_same_question_is_an_objection(name: str, step: str):
    once = said(name, replace(at(step), counts={"tries": 2}), "object_too_far")
    assert said(name, once, "object_no_time").ended == "refused"


@pytest.mark.parametrize("intent", REASONS)
def test_who_turns_down_and_gives_a_reason_has_refused(intent: str):
    once = said("card_activation", at("benefits"), intent, "不需要，我说说为什么")
    assert (once.ended, once.counts["refusals"], once.reason) == (None, 1, intent)
    assert said("card_activation", once, "deny", "不要").ended == "refused"
