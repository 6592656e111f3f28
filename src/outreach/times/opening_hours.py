"""When a branch is open, and whether a time that a customer named falls into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from outreach.calendar import Calendar, CalendarUnknown, DayKind
from outreach.times.slot import Part, Slot

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_DAYS = 60  # longer than any holiday with the weekends around it

type Interval = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """A branch's opening hours, by weekday from Monday; an interval is open from its start until before its end."""

    week: tuple[tuple[Interval, ...], ...]
    on_holidays: bool = False
    """Whether it opens on holidays as on any other day."""

    def __post_init__(self) -> None:
        """Refuse hours that cannot be: none at all, backwards, or overlapping."""
        if len(self.week) != len(WEEKDAYS) or not any(self.week):
            raise ValueError("opening hours need seven weekdays, at least one of them open")
        for weekday, intervals in zip(WEEKDAYS, self.week, strict=True):
            edges = [edge for interval in intervals for edge in interval]
            if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)):
                raise ValueError(f"{weekday}: an interval must end after it starts, on the same day")
            if edges != sorted(edges):
                raise ValueError(f"{weekday}: intervals must follow each other without overlapping")

    def on(self, day: date, calendar: Calendar) -> tuple[Interval, ...]:
        """The open intervals of a date."""
        try:
            kind = calendar.day(day).kind
        except CalendarUnknown:
            # Whether such a day can be arranged is the core's to refuse; its weekday is what can be told.
            return self.week[day.weekday()]
        if kind is DayKind.HOLIDAY and not self.on_holidays:
            return ()
        return self.week[0 if kind is DayKind.ADJUSTED_WORKING else day.weekday()]

    def to_json(self) -> dict[str, Any]:
        """As it is stored: {"mon": [["09:00", "17:00"]], …}, closed weekdays left out; "holidays": true where it opens."""
        week = {
            weekday: [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in intervals]
            for weekday, intervals in zip(WEEKDAYS, self.week, strict=True)
            if intervals
        }
        return {**week, "holidays": True} if self.on_holidays else week

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; raises ValueError naming the weekday that is wrong."""
        unknown = stored.keys() - {*WEEKDAYS, "holidays"}
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: not a weekday; write {', '.join(WEEKDAYS)} or holidays")
        return cls(
            tuple(_intervals(weekday, stored.get(weekday, [])) for weekday in WEEKDAYS), stored.get("holidays") is True
        )


def weekdays(start: str = "09:00", end: str = "17:00") -> Hours:
    """Monday to Friday, the same hours each day."""
    return Hours.from_json({weekday: [[start, end]] for weekday in WEEKDAYS[:5]})


@dataclass(frozen=True)
class Open:
    """The branch is open then; `start` is the hour named, or the first open one in what was named."""

    start: time | None = None


@dataclass(frozen=True)
class Closed:
    """The branch is closed then, and opens again at `next_opening`."""

    next_opening: Slot


def fits(slot: Slot, hours: Hours, calendar: Calendar) -> Open | Closed:
    """Whether the branch is open in a slot that has a date; a part of the day is open if any of it is."""
    if slot.date is None:
        raise ValueError("a slot without a date is neither open nor closed")
    for start, end in hours.on(slot.date, calendar):
        if slot.hour is not None and start <= slot.hour < end:
            return Open(slot.hour)
        if slot.hour is None and (found := _first_minute(slot.part, start, end)):
            return Open(found)
    wanted = slot.hour or (slot.part.starts if slot.part else time(0))
    return Closed(next_opening(datetime.combine(slot.date, wanted), hours, calendar))


def next_opening(after: datetime, hours: Hours, calendar: Calendar) -> Slot:
    """The first open part of a day from a local time on, with the hour at which it opens unless it is open already."""
    for ahead in range(HORIZON_DAYS):
        day = after.date() + timedelta(days=ahead)
        since = after.time() if ahead == 0 else time(0)
        for start, end in hours.on(day, calendar):
            if since <= start:
                return Slot(day, Part.of(start), start)
            if since < end:
                return Slot(day, Part.of(since), None)
    raise ValueError(f"nothing opens within {HORIZON_DAYS} days of {after.date()}: {hours.to_json()}")


def _first_minute(part: Part | None, start: time, end: time) -> time | None:
    """The first open minute in a part of the day, or None where the interval does not reach into it."""
    if part is None:
        return start
    later = [other.starts for other in Part if other.starts > part.starts]
    until = min([end, *later[:1]])
    since = max(start, part.starts)
    return since if since < until else None


def _intervals(weekday: str, pairs: Sequence[Sequence[str]]) -> tuple[Interval, ...]:
    try:
        return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)
    except (TypeError, ValueError):
        raise ValueError(f'{weekday}: {pairs!r} (right would be: [["09:00", "17:00"]])') from None
