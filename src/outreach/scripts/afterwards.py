"""What a reply means after the end: a time moves the visit that was booked, or the call that was promised."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from outreach import times
from outreach.scripts import short_answers
from outreach.scripts.reading import AGREES, ARRANGES, speaks_of_a_call
from outreach.scripts.state import Heard, State
from outreach.times import Slot

MAY_MOVE = ARRANGES | {"deny", "consider", "out_of_scope", "nlu_fallback", "wrong_person"}
"""Readings after the end that move what was arranged when they name a time: 不是明天，后天 and 搞错了，是四点."""

MAY_MOVE_CALL = MAY_MOVE | AGREES | {"ask_purpose", "busy", "object_no_time"}
"""Readings after a call was promised that say when: 明天再说, 晚上说, 好的，三点以后."""

CLOSED_WITH_COURTESY = frozenset({"considering", "refused", "sms_requested"})
"""Ends after which a bare yes answers our last words; a change of mind says more: 那还是办吧."""

_WRONG_NUMBER = re.compile(r"[你您]们?打错")
"""Says that the bank has the wrong number, where 打错了 alone takes back what the customer typed."""

_VISITS = re.compile(r"(?<!再)[去过](?!了)|(?<!再)来(?![电着])|(?<![等直])到(?!时候)")
"""Words that make a time after a promised call one to come at."""


def read(state: State, heard: Heard, now: datetime, zone: str) -> tuple[Heard, bool]:
    """The reply as it is meant, and whether it names another time for a visit that is booked."""
    if state.ended in CLOSED_WITH_COURTESY and heard.intent == "affirm" and short_answers.is_bare_yes(heard.text):
        return replace(heard, intent="acknowledge"), False
    if state.ended == "callback_requested" and heard.intent in MAY_MOVE_CALL:
        if not isinstance(times.read(heard.text, now, zone), Slot):
            return heard, False
        visits = _VISITS.search(heard.text) and not speaks_of_a_call(heard.text)
        return replace(heard, intent="inform_time" if visits else "callback_at"), False
    if "booked" not in state.kept or heard.intent not in MAY_MOVE:
        return heard, False
    if not isinstance(times.read(heard.text, now, zone), Slot):
        return replace(heard, intent="deny") if _takes_back(heard) else heard, False
    return heard if heard.intent in ARRANGES else replace(heard, intent="reschedule"), True


def _takes_back(heard: Heard) -> bool:
    """Whether somebody who has just arranged a visit says that it is wrong, not that they are somebody else: 搞错了."""
    wrong = heard.intent == "wrong_person" and short_answers.corrects(heard.text)
    return wrong and not _WRONG_NUMBER.search(heard.text)
