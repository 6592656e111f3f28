"""Take a script one reply further. Pure: the action server asks after each reply, the core after each result.

reading  = what the reply means here (the step's expectation first)
route    = the step, the script, its answers, the shared replies, then clarification
walk     = through the steps until one waits, does something or ends (scripts/walk)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from outreach.scripts import afterwards, reading
from outreach.scripts.reading import MASKED, SAID_BEFORE, keep
from outreach.scripts.script import (
    COMPLAINT,
    HUMAN,
    NOT_UNDERSTOOD,
    OPEN,
    OPT_OUT,
    REFUSED,
    TOO_LONG,
    Flow,
    Reply,
    Step,
)
from outreach.scripts.state import Heard, State
from outreach.scripts.walk import Answer, back, walk

ENDS: Mapping[str, str] = {
    "opt_out": OPT_OUT,
    "complaint": COMPLAINT,
    "ask_human": HUMAN,
}
"""What no script can change: the shared step that each of these leads to, at any point, even after the end."""

KEYWORDS: Mapping[str, str] = {
    **ENDS,
    "opt_in": "opt_in",
    "help": "help",
    "stop_voice": "stop_calls",
    "stop_sms": "stop_texts",
}
"""The shared step that each keyword leads to; keywords are decided before the bot hears anything."""

BEFORE_IDENTITY = frozenset(
    {
        "wrong_person", "suspect_fraud", "abuse", "opt_in", "busy", "callback_at", "goodbye",
        "ask_identity", "ask_if_robot", "ask_number_source", "ask_repeat", "can_you_hear", "greet", "wait",
        "machine_answer", "out_of_scope", "nlu_fallback", "opt_out_unsure", SAID_BEFORE, MASKED,
        "digit", "silence", "machine", "hang_up",
    },
)  # fmt: skip
"""Readings that are answered before the customer has said who they are; their lines name nothing personal."""

DISAPPOINTING = frozenset({"full", "closed", "past", "unclear", "unknown"})
MOST_DISAPPOINTMENTS = 3
"""Results that the customer did not want, after which a person helps instead of the same answer again."""

BEFORE: Mapping[str, str] = {"several": "unknown", "which_branch": "unclear", "branch_unknown": "unclear"}
"""What stood for a result before there was a name for it."""

NAMES_TIME = frozenset({"inform_time", "reschedule"})
"""Readings after the end beside which a branch is looked for: 改到周五，去城北支行."""

UNCLEAR = frozenset({"out_of_scope", "nlu_fallback", "empty", "digit", "silence", "can_you_hear", "wait"})
"""Readings that are no sign of being understood again."""

CLOSED_COURTESIES = 1
"""Thanks after the end that are answered; further ones get silence, so that two machines do not thank for ever."""


def start(flow: Flow, channel: str, facts: Mapping[str, Any]) -> Answer:
    """The first words of a conversation."""
    first = flow.openings[channel]
    return walk(flow, State(step=first), first, facts)


def respond(flow: Flow, state: State, heard: Heard, now: datetime, zone: str, facts: Mapping[str, Any]) -> Answer:
    """Answer one thing the customer did."""
    if heard.intent in ENDS:
        return decided(flow, state, heard.intent, facts)
    step = flow.steps.get(state.step, Step(state.step))
    state = state.counting("turns")
    if heard.intent != "silence":
        state = state.without("silence")  # asked about once each time it falls silent
    if heard.intent not in UNCLEAR:
        state = state.without("not_understood")  # who was understood in between is not given up
    if state.ended:
        return _after_end(flow, state, heard, now, zone, facts)
    understood = reading.read(step, state, heard, now, zone)
    state, meant, target = understood.state, understood.intent, understood.target
    if step.private and meant not in {*step.replies, *BEFORE_IDENTITY}:
        return replace(back(flow, state, facts), reading=meant)
    if target is None and not _within(flow, state, "turns"):
        target = TOO_LONG
    if target is None:
        state, target = _objection(flow, step, state, meant, heard)
    target = target or _leads_to(flow, step, state, meant)
    if target:
        answer = walk(flow, state, target, facts)
    elif meant in flow.answers:
        answer = back(flow, state, facts, saying=flow.answers[meant])
    else:
        answer = _reply(flow, state, flow.replies.get(meant, Reply(clarify=True)), heard, now, zone, facts)
    return replace(answer, events=(*understood.events, *answer.events), reading=meant)


def decided(flow: Flow, state: State, keyword: str, facts: Mapping[str, Any]) -> Answer:
    """Answer what needs no model and what no step can read otherwise: a keyword, a complaint, the wish for a person."""
    return replace(walk(flow, state.counting("turns"), KEYWORDS[keyword], facts), reading=keyword)


def after(flow: Flow, state: State, result: str, facts: Mapping[str, Any]) -> Answer:
    """Go on from a step that did something, by the result the core answered with."""
    if result in DISAPPOINTING:
        state = state.counting("disappointed")
        if state.counts["disappointed"] > MOST_DISAPPOINTMENTS:
            return walk(flow, state, HUMAN, facts)
    results = flow.steps[state.step].results
    if result not in results:
        # A version published before the core could answer so: the nearest of what it maps.
        result = BEFORE[result]
        state = replace(state, kept={key: state.kept[key] for key in state.kept if key != "branch_choices"})
    return walk(flow, state, results[result], facts)


def _objection(flow: Flow, step: Step, state: State, meant: str, heard: Heard) -> tuple[State, str | None]:
    """Count a refusal or objection; where the tries are used up, the target is the polite end."""
    objects = meant.startswith(reading.OBJECTS)
    refuses = meant == "deny" or reading.turns_down(heard)
    if not (objects or refuses):
        return state, None
    state = replace(state, reason=meant) if objects else state
    if step.asks == OPEN and not refuses:
        # We asked for it. A reason that the step does not lead on from is one once: the question is put again after it.
        answered = f"reason at {step.name}"
        if meant in step.replies or answered not in state.counts:
            return state.counting(answered), None
    state = state.counting("refusals") if refuses else state
    if state.counts.get("refusals", 0) >= flow.limits["refusals"] or not _within(flow, state, "tries"):
        return state, REFUSED
    return state.counting("tries"), None


def _leads_to(flow: Flow, step: Step, state: State, meant: str) -> str | None:
    """Where the script leads on; an objection not to the same words again, the shared answer to it has others."""
    target = step.replies.get(meant) or flow.anywhere.get(meant)
    station = flow.steps.get(target or "")
    return None if station and meant.startswith(reading.OBJECTS) and state.said(station.say) else target


def _within(flow: Flow, state: State, counter: str) -> bool:
    return state.counts.get(counter, 0) < flow.limits.get(counter, 1)


def _reply(
    flow: Flow, state: State, reply: Reply, heard: Heard, now: datetime, zone: str, facts: Mapping[str, Any]
) -> Answer:
    """Carry out a shared reply."""
    if reply.clarify:
        said = "rephrase_again" if "rephrased" in state.counts else "rephrase"
        state = state.counting("rephrased")
        reply = replace(reply, count="not_understood", say=reply.say or said, otherwise=NOT_UNDERSTOOD)
    if reply.keep:
        state = keep(state, reply.keep, heard, now, zone)
    events: list[Mapping[str, Any]] = []
    if reply.task:
        events.append({"kind": "task_raised", "task": reply.task})
    if reply.event:
        events.append({"kind": reply.event, "words": heard.text})
    if reply.count:
        # `not_understood: 2` means that the second time ends it; a reply that ends at once has a limit of 1.
        state = state.counting(reply.count)
        exhausted = state.counts[reply.count] >= flow.limits.get(reply.count, 2)
        if exhausted and reply.otherwise:
            answer = walk(flow, state, reply.otherwise, facts)
            return replace(answer, events=(*events, *answer.events))
    if reply.silent:
        return Answer(state, (), (*events, {"kind": "left_unanswered"}))
    if reply.reopen and flow.reopen:
        state = replace(state.reopened(), pending=flow.reopen)
        answer = walk(flow, state, reply.go or flow.reopen, facts)
        return replace(answer, events=(*events, {"kind": "reopened"}, *answer.events))
    answer = (
        walk(flow, state, reply.go, facts) if reply.go else back(flow, state, facts, saying=_words_of(reply, state))
    )
    if not (answer.lines or answer.events or events):
        events.append({"kind": "left_unanswered"})
    return replace(answer, events=(*events, *answer.events))


def _words_of(reply: Reply, state: State) -> str | None:
    """The line of a reply: its own once, then those in its place."""
    if not reply.again or not state.said(reply.say):
        return reply.say
    return min(reply.again, key=state.said)


def _after_end(flow: Flow, state: State, heard: Heard, now: datetime, zone: str, facts: Mapping[str, Any]) -> Answer:
    """Answer a reply that comes after the end: thanks get no sales talk, a change of mind reopens."""
    heard, moved = afterwards.read(state, heard, now, zone)
    by_outcome = flow.after_end.get(state.ended or "", {})
    reply = by_outcome.get(heard.intent) or flow.after_end["any"].get(heard.intent)
    if reply is None and heard.intent in flow.answers:
        reply = Reply(say=flow.answers[heard.intent])
    if reply is None:
        reply = flow.after_end["any"]["otherwise"]
    if reply.count == "courtesies" and state.counts.get("courtesies", 0) >= CLOSED_COURTESIES:
        reply = replace(reply, silent=True)
    if reply.reopen:
        # What was agreed before no longer holds, but for what a message that names something else leaves as it was.
        kept = {key: state.kept[key] for key in ("branch", "party_size", "booked") if key in state.kept}
        booked = state.kept.get("booked")
        moved = moved or heard.intent in {"inform_branch", "inform_party_size"}
        state = replace(state, kept={**kept, "visit_time": booked} if booked and moved else kept)
        state = keep(state, "party_size", heard, now, zone) if moved else state
    answer = replace(_reply(flow, state, reply, heard, now, zone, facts), reading=heard.intent)
    if reply.reopen and heard.intent in NAMES_TIME:
        return replace(answer, events=({"kind": "branch_named", "words": heard.text}, *answer.events))
    return answer
