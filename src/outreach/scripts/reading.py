"""What a reply means at its step: the step's own expectation comes before the model's reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from outreach import times
from outreach.scripts.script import BACK, Step
from outreach.scripts.state import Heard, State

SOLICITS_TIME = frozenset(
    {"inform_time", "affirm", "acknowledge", "consider", "reschedule", "out_of_scope", "nlu_fallback", "greet"},
)
"""Readings beside which a time in the words counts as the answer when the step asks for one."""

_FILLING = re.compile(r"[\W_啊呀哦噢嗯呢吧的了]+")
"""What surrounds a short answer without changing it: 嗯，不是啊 is 不是."""


def read(  # noqa: PLR0911 - one way out for each kind of meaning
    step: Step, state: State, heard: Heard, now: datetime, zone: str
) -> tuple[State, str, list[Mapping[str, Any]], str | None]:
    """What the reply means at this step: the state with what it adds, the deciding intent, events, a target if set."""
    meaning = _expected(step, heard)
    if "as" in meaning:
        heard = replace(heard, intent=meaning["as"])
    elif "go" in meaning:
        return state, heard.intent, [], meaning["go"]
    elif "take" in meaning and meaning["take"] in state.kept:
        return state.keeping("visit_time", state.kept[meaning["take"]]), "inform_time", [], None
    if step.collect != "visit_time":
        early = heard.intent == "inform_time" and heard.intent in step.replies
        return (keep(state, "visit_time", heard, now, zone) if early else state), heard.intent, [], None
    named = times.Slot.from_json({"date": None, "hour": None, **meaning}) if "part" in meaning else None
    if named is None and heard.intent in SOLICITS_TIME and heard.text:
        when = times.read(heard.text, now, zone)
        named = when if isinstance(when, times.Slot) else None
        if isinstance(when, times.Past) and "past" in step.missing:
            return state, "inform_time", [], step.missing["past"]
    if named is None:
        # They mean to name a time, but no date and no hour can be read in it.
        unread = step.missing.get("date") if heard.intent == "inform_time" else None
        return state, heard.intent, [], unread
    events: list[Mapping[str, Any]] = [{"kind": "branch_named", "words": heard.text}] if heard.text else []
    known = times.Slot.from_json(state.kept["visit_time"]) if "visit_time" in state.kept else times.Slot()
    slot = known.merge(named)
    if slot.date is None and state.kept.get("offered_day"):
        slot = times.Slot.from_json({"part": None, "hour": None, "date": state.kept["offered_day"]}).merge(slot)
    state = state.keeping("visit_time", slot.to_json())
    if slot.complete:
        return state, "inform_time", events, None
    return state, "inform_time", events, step.missing.get("date" if slot.date is None else "part", BACK)


def _expected(step: Step, heard: Heard) -> Mapping[str, str]:
    """What the step says of a key, of these very words, or of the model's reading."""
    words = _FILLING.sub("", heard.text)
    return step.expects.get(heard.digit or words or heard.intent) or step.expects.get(heard.intent, {})


def keep(state: State, what: str, heard: Heard, now: datetime, zone: str) -> State:
    """Put aside what the customer said for the step that will need it."""
    if what in {"visit_time", "callback_time"}:
        slot = times.read(heard.text, now, zone)
        if not isinstance(slot, times.Slot):
            return state
        if what == "visit_time" and what in state.kept and not slot.complete:
            slot = times.Slot.from_json(state.kept[what]).merge(slot)
        return state.keeping(what, slot.to_json())
    return state.keeping(what, heard.text)
