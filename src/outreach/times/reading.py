"""Read the time in a customer's words: find what they name, leave out what they decline, and see it from now on.

`colloquial` brings the words to one form · `day_words` and `clock_words` find what is named · `weekday_beside` and `groups`
bring together what is one · `facts` leaves out what dates something else · `meant` leaves out what is turned down or taken
back · `segment` makes a slot of what stands · here the slots become one slot that is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from outreach import holidays
from outreach.calendar import Calendar
from outreach.places import CONFIG
from outreach.times.clock_words import clock_words
from outreach.times.colloquial import plain
from outreach.times.day_meanings import NO_SUCH_DAY
from outreach.times.day_words import day_words
from outreach.times.facts import visits
from outreach.times.groups import Group, grouped
from outreach.times.meant import meant
from outreach.times.named import Named
from outreach.times.segment import slot_of
from outreach.times.slot import NOON as MIDDAY
from outreach.times.slot import SIX, Part, Slot
from outreach.times.today import Today
from outreach.times.weekday_beside import CONTRADICTION, together

FARTHEST = timedelta(days=400)
"""After this year's Spring Festival the next one is up to 385 days off; nobody arranges a visit for later."""
OPEN = re.compile(r"随时|都行|都可以|都成|不一?定|没准|看情况|无所谓|什么时候")
DEPENDS = re.compile(r"发[了完]?工资|发薪|工资(?:到账|下来|发)|等.{1,8}再")


class Why(StrEnum):
    """Why no time could be read."""

    NOTHING = "nothing"  #: no time is named
    OPEN = "open"  #: any time, or none in particular
    DEPENDS = "depends"  #: on something that only the customer knows
    VAGUE = "vague"  #: a stretch too long to be a day, such as this week
    DECLINED = "declined"  #: only times at which they cannot
    IMPOSSIBLE = "impossible"  #: no such day
    CONTRADICTION = "contradiction"  #: a date and a weekday that it is not
    FAR = "far"  #: too far ahead to arrange anything


LOOKS = {NO_SUCH_DAY: Why.IMPOSSIBLE, CONTRADICTION: Why.CONTRADICTION}


@dataclass(frozen=True)
class Past:
    """A time was named, and it is over."""

    slot: Slot


@dataclass(frozen=True)
class Unclear:
    """No time that could be kept was named."""

    why: Why

    @property
    def unkept(self) -> bool:
        """Whether a time was named all the same: one at which they cannot, or that there is not."""
        return self.why in {Why.DECLINED, Why.IMPOSSIBLE, Why.CONTRADICTION, Why.FAR}


Reading = Slot | Past | Unclear


def read(words: str, now: datetime, zone: str, calendar: Calendar | None = None) -> Reading:
    """Read the time that the words name, seen from `now` in `zone`; without a calendar, by the shipped one."""
    here = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    text = plain(words)
    days = together(text, day_words(text, Today(here, calendar or _shipped())))
    groups = visits(text, grouped(text, [*days, *clock_words(text)]))
    slot = Slot()
    weekly = False
    for segment in (segments := meant(text, groups)):
        newer = slot_of(segment, slot, here)
        weekly = any(one.weekly for one in segment) if newer.date else weekly
        slot = slot.merge(newer)
    # 二月三十号下午 is no afternoon of another day.
    if slot == Slot() or (slot.date is None and any(one.why in LOOKS for segment in segments for one in segment)):
        return Unclear(_why(text, groups, segments))
    return _ahead(slot, weekly, here)


def _ahead(slot: Slot, weekly: bool, here: datetime) -> Reading:
    """The slot, if it is still to come; a weekday whose hour is over today is next week's."""
    if slot.date is None:
        return slot
    day, today = slot.date, here.date()
    over = day == today and _over(slot, here.time())
    if over and weekly:
        return replace(slot, date=day + timedelta(days=7))
    if over or day < today:
        return Past(slot)
    return slot if day - today <= FARTHEST else Unclear(Why.FAR)


def _over(slot: Slot, now: time) -> bool:
    if slot.hour:
        return slot.hour < now.replace(second=0, microsecond=0)
    ends = {Part.MORNING: MIDDAY, Part.AFTERNOON: SIX}
    return slot.part in ends and ends[slot.part] <= now


def _why(text: str, groups: Sequence[Group], segments: Iterable[Sequence[Named]]) -> Why:
    looks = [one.why for segment in segments for one in segment if one.why]
    if looks:
        return next((why for look, why in LOOKS.items() if look in looks), Why.VAGUE)
    if groups:
        return Why.DECLINED
    if DEPENDS.search(text):
        return Why.DEPENDS
    return Why.OPEN if OPEN.search(text) else Why.NOTHING


@cache
def _shipped() -> Calendar:
    """The bank's own calendar; the announced years alone where its file is missing or wrong, as `doctor` will say."""
    try:
        return holidays.load(CONFIG / "holidays.yml")
    except ValueError:
        return Calendar()
