"""Go through the steps of a script: say lines and propose events until one waits, does something or ends. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from outreach import times
from outreach.scripts.script import BACK, Flow, Step
from outreach.scripts.state import State

LONGEST_WALK = 12
"""Steps passed in one turn; `checks` refuses scripts that need more, so reaching it is a defect."""

TAKEN_OVER = "handed_over"
STANDS = frozenset({"visit_booked", "agreed"})
"""Outcomes that a person who takes over leaves as they are: the visit is booked all the same."""


@dataclass(frozen=True)
class Answer:
    """What to say and what to propose, and where the conversation stands then."""

    state: State
    lines: tuple[str, ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    reading: str | None = None
    """The intent that decided, after the step's expectation was applied."""

    def to_json(self) -> dict[str, Any]:
        """As the action server answers."""
        return {
            "lines": list(self.lines),
            "events": [dict(event) for event in self.events],
            "state": self.state.to_json(),
            "reading": self.reading,
        }


def walk(flow: Flow, state: State, target: str, facts: Mapping[str, Any]) -> Answer:
    """Say lines and propose events from `target` on, until a step waits, does something or ends."""
    lines: list[str] = []
    events: list[Mapping[str, Any]] = []
    for _ in range(LONGEST_WALK):
        if target == BACK:
            answer = back(flow, state, facts)
            return Answer(answer.state, (*lines, *answer.lines), (*events, *answer.events))
        step = flow.steps[target]
        if skip := _already_known(step, state):
            target = skip
            continue
        state = replace(state, step=step.name)
        if line := _reached_with(step, state):
            state = state.saying(line)
            lines.append(line)
        if step.do:
            events.append({"kind": step.do, "kept": dict(state.kept), "reason": state.reason})
            return Answer(state, tuple(lines), tuple(events))
        if step.outcome:
            if step.outcome == TAKEN_OVER and state.ended in STANDS:
                return Answer(state, tuple(lines), tuple(events))
            state = replace(state, ended=step.outcome)
            events.append({"kind": "outcome_reached", "outcome": step.outcome, "reason": state.reason})
            return Answer(state, tuple(lines), tuple(events))
        if not step.then:
            return Answer(_asking(step, state, facts), tuple(lines), tuple(events))
        target = step.then
    raise RuntimeError(f"step {target!r} never waits: {LONGEST_WALK} steps were passed in one turn")


def back(flow: Flow, state: State, facts: Mapping[str, Any], saying: str | None = None) -> Answer:
    """Return to the pending question, after one line where there is something to say first."""
    said = (saying,) if saying else ()
    state = state.saying(saying) if saying else state
    if state.ended or state.pending is None:
        return Answer(state, said)
    step = flow.steps[state.pending]
    if skip := _already_known(step, state):
        answer = walk(flow, state, skip, facts)
        return replace(answer, lines=(*said, *answer.lines))
    state = replace(state, step=step.name)
    if not step.questions:
        return Answer(_asking(step, state, facts), said)
    # Steps may share lines, so what counts is how often a line was said, not how often a step asked.
    question = min(step.questions, key=state.said)
    state = state.saying(question)
    return Answer(_asking(step, state, facts), (*said, question))


def _reached_with(step: Step, state: State) -> str | None:
    """The line that a step is reached with: its own once, then others, so that nobody hears the same twice."""
    if step.say is None or not state.said(step.say):
        return step.say
    return min(step.anew or (step.questions if step.waits else (step.say,)), key=state.said)


def _asking(step: Step, state: State, facts: Mapping[str, Any]) -> State:
    """Wait at this step, remembering the day its line offers: the reply may come tomorrow."""
    state = state if step.aside else replace(state, pending=step.name)
    if step.assume == "offered_day" and facts.get("offered"):
        state = state.keeping("offered_day", facts["offered"]["date"])
    return state


def _already_known(step: Step, state: State) -> str | None:
    """Where a step that asks for a time leads when all or some of it was named before it was asked."""
    if step.collect != "visit_time" or "visit_time" not in state.kept:
        return None
    slot = times.Slot.from_json(state.kept["visit_time"])
    if slot.complete:
        return step.replies.get("inform_time")
    rest = step.missing.get("date" if slot.date is None else "part")
    return rest if rest not in {step.name, state.step} else None
