"""A line that was said is not said again: objections, questions put again, and steps that are reached once more."""

from __future__ import annotations

from itertools import product

import pytest

from outreach.scripts import catalog, flow, names
from outreach.scripts.state import Heard, State
from outreach.scripts.walk import walk
from tests.conftest import TUESDAY

ZONE = "Asia/Shanghai"
FACTS = {"offered": {"day": "今天", "date": "2026-11-24"}}
SCRIPTS = ("card_activation", "dormant_reactivation", "dual_card_binding")
FLOWS = {name: catalog.load(name).flow for name in SCRIPTS}
OBJECTIONS = sorted(name for name in names.intents() if name.startswith("object_"))
OFTEN = 4
"""Replies; the tries are used up before."""


def lines_said(name: str, step: str, intents: tuple[str, ...], words: str = "原因是这样") -> list[str]:
    """What is said from a step on to these readings, one after the other, until it ends."""
    script = FLOWS[name]
    answer = walk(script, State(step), step, FACTS)
    said = list(answer.lines)
    for intent in intents:
        if answer.state.ended:
            break
        answer = flow.respond(script, answer.state, Heard(intent, words), TUESDAY, ZONE, FACTS)
        said += answer.lines
    return said


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_objection_that_comes_again_is_answered_in_other_words(name: str):
    script = FLOWS[name]
    for step, intent in product((one.name for one in script.steps.values() if one.waits), OBJECTIONS):
        said = lines_said(name, step, (intent,) * OFTEN)
        assert len(said) == len(set(said)), (step, intent, said)


@pytest.mark.parametrize("name", SCRIPTS)
def test_objections_that_take_turns_are_answered_in_other_words(name: str):
    script = FLOWS[name]
    for step, pair in product((one.name for one in script.steps.values() if one.waits), product(OBJECTIONS, repeat=2)):
        said = lines_said(name, step, pair * (OFTEN // 2))
        assert len(said) == len(set(said)), (step, pair, said)


@pytest.mark.parametrize(("step", "result"), [("ask_time_again", "past"), ("offer_open_hours", "closed"), ("offer_other_time", "full")])  # fmt: skip
def test_a_step_that_is_reached_once_more_says_so_in_other_words(step: str, result: str):
    script = FLOWS["card_activation"]
    state, said = State("book", "ask_time"), []
    for _ in range(flow.MOST_DISAPPOINTMENTS):
        answer = flow.after(script, state, result, FACTS)
        assert answer.state.step == step
        state = State("book", "ask_time", answer.state.counts)
        said += answer.lines
    assert len(said) == len(set(said)), said


def test_a_talk_that_was_reopened_does_not_begin_in_the_same_words():
    script = FLOWS["card_activation"]
    asked = walk(script, State("explain"), "ask_time", FACTS)
    ended = flow.respond(script, asked.state, Heard("consider", "再想想"), TUESDAY, ZONE, FACTS)
    again = flow.respond(script, ended.state, Heard("affirm", "想好了，那就办吧"), TUESDAY, ZONE, FACTS)
    assert (again.state.step, again.state.ended) == ("ask_time", None)
    assert not {*asked.lines, *ended.lines} & {*again.lines}


def test_a_wish_for_a_person_after_the_booking_leaves_the_booking_the_outcome():
    script = FLOWS["card_activation"]
    asked = flow.respond(
        script, State("confirm", "ask_time", ended="visit_booked"), Heard("ask_human"), TUESDAY, ZONE, FACTS
    )
    answer = flow.after(script, asked.state, "handed_over", FACTS)
    assert (answer.state.ended, answer.lines, answer.events) == ("visit_booked", ("handed_over",), ())
