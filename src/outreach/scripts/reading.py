"""What a reply means at its step: the step's own expectation comes before the model's reading.

A short answer means what the question makes of it (`expects`, which the step's kind of question fills); where an
arrangement is talked of, the time, the branch and the company that the words name are kept together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from outreach import times
from outreach.scripts import party_size, short_answers
from outreach.scripts.script import BACK, Step
from outreach.scripts.state import Heard, State
from outreach.times import Slot, Why

SAID_BEFORE = "said_before"
"""What the words alone tell, whatever the model made of them: that the customer does not want to be asked again."""

MASKED = "secret_given"
"""That the words held a card number or a code, which was masked before anybody read them."""

OBJECTS = "object_"
"""How the readings that give a reason against the offer begin."""

ARRANGES = frozenset({"inform_time", "inform_branch", "inform_party_size", "reschedule"})
"""Readings beside which a branch and the company are looked for in the words."""

SOLICITS_TIME = ARRANGES | {"affirm", "acknowledge", "consider", "out_of_scope", "nlu_fallback", "greet"}
"""Readings beside which a time in the words counts as the answer when the step asks for one."""

HESITATES = frozenset({"deny", "object_no_time", "busy", "callback_at"})
"""Readings beside which a time counts only when the words turn nothing down and ask for no call: 不是明天，后天."""

AGREES = frozenset({"affirm", "acknowledge"})
"""Readings that may carry a whole time with them before it was asked for: 行，明天下午我过去."""

YIELDS = AGREES | {"out_of_scope", "nlu_fallback", "thank", "goodbye", "greet"}
"""Readings that yield to a refusal in so many words: who begins with 没兴趣 has not said yes, whatever follows."""

_HIDDEN = re.compile(r"\*{3,}")

_COMING = re.compile(r"[去来到过]|吧[,，。!！\s]*$")
"""Words that make a bare day one to come on."""

_TALK = re.compile(r"[打聊说谈]|联系|电话|来电|短信|找我|通知|回[复你]")
"""Words that make a time one to be contacted at and not one to come."""


@dataclass(frozen=True)
class Meant:
    """What a reply comes to: the state with what it adds, the deciding intent, events, and a target if it sets one."""

    state: State
    intent: str
    events: tuple[Mapping[str, Any], ...] = ()
    target: str | None = None


def read(step: Step, state: State, heard: Heard, now: datetime, zone: str) -> Meant:
    """What the reply means at this step."""
    if short_answers.says_it_was_said(heard.text):
        return Meant(state, SAID_BEFORE)
    if _HIDDEN.search(heard.text) and heard.intent in YIELDS | {"other_service"}:
        return Meant(state, MASKED)
    if heard.intent in YIELDS and short_answers.refuses_outright(heard.text, at_once=heard.intent in AGREES):
        heard = replace(heard, intent="deny")
    if step.private and turns_down(heard):
        heard = replace(heard, intent="deny")  # who will not even say who they are gave no reason to talk about
    meaning = _expected(step, heard)
    heard = replace(heard, intent=meaning.get("as", heard.intent))
    if _names_a_time(step, heard, now, zone):
        meaning = {}  # 行吧，周四 is no bare yes
    if target := meaning.get("go"):
        return Meant(_anew(step, state, target), heard.intent, target=target)
    if step.collect == "visit_time":
        return _answer(step, state, heard, _given(meaning, state), now, zone)
    if "inform_time" in step.replies:
        return _early(state, heard, now, zone)
    return Meant(state, heard.intent)


def turns_down(heard: Heard) -> bool:
    """Whether somebody who gives a reason refuses all the same: 不需要，我平时用别的."""
    return heard.intent.startswith(OBJECTS) and short_answers.turns_down_first(heard.text)


def speaks_of_a_call(words: str) -> bool:
    """Whether a time in the words is one to be contacted at: 三点再打给我."""
    return bool(_TALK.search(words))


def keep(state: State, what: str, heard: Heard, now: datetime, zone: str) -> State:
    """Put aside what the customer said for the step that will need it."""
    if what in {"visit_time", "callback_time"}:
        slot = times.read(heard.text, now, zone)
        if not isinstance(slot, Slot):
            return state
        if what == "visit_time" and what in state.kept and not slot.complete:
            slot = Slot.from_json(state.kept[what]).merge(slot)
        return state.keeping(what, slot.to_json())
    people = party_size.read(heard.text)
    return state.keeping(what, people) if people else state


def _expected(step: Step, heard: Heard) -> Mapping[str, str]:
    """What the step says of a key, of these very words, or of the model's reading."""
    said = [heard.digit] if heard.digit else list(short_answers.forms(heard.text))
    if heard.intent in {"out_of_scope", "nlu_fallback"}:
        said += short_answers.forms(short_answers.first_clause(heard.text))  # 有空的，请说
    found = next((step.expects[form] for form in said if form in step.expects), None)
    if found is not None:
        # 对 is a yes at any such question; what a yes means here is the step's own.
        meant = step.expects.get(found.get("as", ""), {})
        return {**meant, **found, **({"as": meant["as"]} if "as" in meant else {})}
    if heard.intent == "deny" and short_answers.refuses_outright(heard.text):
        return {}  # 不需要 is no answer to whether there is a card
    return step.expects.get(heard.intent, {})


def _names_a_time(step: Step, heard: Heard, now: datetime, zone: str) -> bool:
    """Whether a yes to a question about the time names one besides: 行吧，周四."""
    if step.collect != "visit_time" or heard.intent not in AGREES or short_answers.is_bare_yes(heard.text):
        return False
    return isinstance(times.read(heard.text, now, zone), Slot)


def _given(meaning: Mapping[str, str], state: State) -> Slot | None:
    """The time that the step's own expectation gives: a part of the day, or what was proposed or offered."""
    if taken := state.kept.get(meaning.get("take", "")):
        return Slot.from_json(taken if isinstance(taken, Mapping) else {"date": taken})
    return Slot.from_json(meaning) if "part" in meaning else None


def _answer(step: Step, state: State, heard: Heard, given: Slot | None, now: datetime, zone: str) -> Meant:
    """A reply to a question about the time: what it names, what it turns down, what is still to be asked."""
    intent, text = heard.intent, heard.text
    named: times.Reading | None = given
    if named is None and text and intent in SOLICITS_TIME | HESITATES:
        named = times.read(text, now, zone)
    if short_answers.corrects(text) and isinstance(when := times.read(text, now, zone), Slot):
        named = when
    elif intent in HESITATES and not _speaks_of_coming(heard, named):
        return Meant(state, intent)
    if isinstance(named, times.Past) and "past" in step.missing:
        return Meant(state, "inform_time", target=step.missing["past"])
    if not isinstance(named, Slot):
        unread = intent == "inform_time" or (isinstance(named, times.Unclear) and named.unkept)
        # They mean to name a time, but no date and no hour can be read in it, or only one that cannot be kept.
        target = step.missing.get("date") if unread else None
        return _beside(Meant(_anew(step, state, target), intent, target=target), heard)
    known = Slot.from_json(state.kept["visit_time"]) if "visit_time" in state.kept else Slot()
    slot = known.merge(named)
    if slot.date is None and state.kept.get("offered_day"):
        slot = Slot.from_json({"date": state.kept["offered_day"]}).merge(slot)
    state = state.keeping("visit_time", slot.to_json())
    target = None if slot.complete else step.missing.get("date" if slot.date is None else "part", BACK)
    return _beside(Meant(state, "inform_time", target=target), heard)


def _anew(step: Step, state: State, target: str | None) -> State:
    """The state without the time that was named so far, where the day is to be asked again."""
    if target is None or target != step.missing.get("date"):
        return state
    return replace(state, kept={name: kept for name, kept in state.kept.items() if name != "visit_time"})


def _speaks_of_coming(heard: Heard, named: times.Reading | None) -> bool:
    """Whether a reply that was read as a no or as a wish to be called is after all about when to come."""
    if named is None or (isinstance(named, times.Unclear) and named.why is not Why.DECLINED):
        return False
    if heard.intent in {"busy", "callback_at"}:
        return not speaks_of_a_call(heard.text)
    return not short_answers.refuses_outright(heard.text, at_once=isinstance(named, Slot))


def _early(state: State, heard: Heard, now: datetime, zone: str) -> Meant:
    """A time that is named before it was asked for, alone or together with a yes."""
    intent = heard.intent
    if intent in AGREES | ARRANGES:
        slot = times.read(heard.text, now, zone)
        named = isinstance(slot, Slot) and slot.date and (slot.part or _COMING.search(heard.text))
        intent = "inform_time" if named else intent
    if intent != "inform_time":
        return Meant(state, intent)
    return _beside(Meant(keep(state, "visit_time", heard, now, zone), intent), heard)


def _beside(meant: Meant, heard: Heard) -> Meant:
    """The same with the company that the words name, and with the branch for the core to look up."""
    if not heard.text or meant.intent not in ARRANGES:
        return meant
    # Where the branch is what they name, the script looks it up itself.
    events = [{"kind": "branch_named", "words": heard.text}] if meant.intent == "inform_time" else []
    people = party_size.read(heard.text)
    state = meant.state.keeping("party_size", people) if people else meant.state
    return replace(meant, state=state, events=tuple(events))
