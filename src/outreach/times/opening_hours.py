"""When a branch is open, and whether a time that was named falls into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from outreach.calendar import Calendar, DayKind
from outreach.times.slot import EVENING, NOON, Part, Slot

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS: Mapping[Part, tuple[time, time]] = {
    Part.MORNING: (time(0), NOON),
    Part.AFTERNOON: (NOON, EVENING),
    Part.EVENING: (EVENING, time(23, 59)),
}
LOOK_AHEAD_DAYS = 30
"""Longer than any holiday."""

Interval = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """A branch's opening hours by weekday, in local time. On a weekend made a working day it keeps Monday's hours."""

    week: Mapping[str, Sequence[Interval]]
    on_holidays: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read {"mon": [["09:00", "17:00"]], …, "holidays": false}; a weekday that is missing is closed."""
        week = {
            day: tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in data.get(day, ()))
            for day in WEEKDAYS
        }
        return cls(week, bool(data.get("holidays", False)))

    def to_json(self) -> dict[str, Any]:
        """As `from_json` reads it."""
        week: dict[str, Any] = {
            day: [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in self.week[day]]
            for day in WEEKDAYS
            if self.week.get(day)
        }
        return week | ({"holidays": True} if self.on_holidays else {})

    def on(self, day: date, calendar: Calendar) -> Sequence[Interval]:
        """The opening hours of one date."""
        kind = calendar.day(day).kind
        if kind is DayKind.HOLIDAY and not self.on_holidays:
            return ()
        weekday = "mon" if kind is DayKind.ADJUSTED_WORKING else WEEKDAYS[day.weekday()]
        return self.week.get(weekday, ())


@dataclass(frozen=True)
class Open:
    """The branch is open then; `start` is when a part of the day begins for it."""

    start: time | None = None


@dataclass(frozen=True)
class Closed:
    """The branch is closed then; when it opens next after that."""

    next_opening: Slot


def weekdays(start: str = "09:00", end: str = "17:00") -> Hours:
    """Open from Monday to Friday."""
    hours = ((time.fromisoformat(start), time.fromisoformat(end)),)
    return Hours({day: hours if index < 5 else () for index, day in enumerate(WEEKDAYS)})  # noqa: PLR2004


def fits(slot: Slot, hours: Hours, calendar: Calendar) -> Open | Closed:
    """Whether a complete slot falls into the opening hours; raises ValueError for an incomplete one."""
    if slot.date is None or slot.part is None:
        raise ValueError(f"{slot} is not complete")
    for start, end in hours.on(slot.date, calendar):
        if slot.hour is not None:
            if start <= slot.hour < end:
                return Open(slot.hour)
            continue
        first, last = SPANS[slot.part]
        if start < last and end > first:
            return Open(max(start, first))
    begins = slot.hour or SPANS[slot.part][0]
    return Closed(next_opening(datetime.combine(slot.date, begins), hours, calendar))


def next_opening(after: datetime, hours: Hours, calendar: Calendar) -> Slot:
    """The next time after a local instant at which the branch opens; raises ValueError when it never does."""
    for ahead in range(LOOK_AHEAD_DAYS):
        day = after.date() + timedelta(days=ahead)
        for start, end in sorted(hours.on(day, calendar)):
            begins = max(start, after.time()) if ahead == 0 else start
            if begins < end:
                return Slot(day, None, begins)
    raise ValueError(f"not open within {LOOK_AHEAD_DAYS} days of {after:%Y-%m-%d}")
