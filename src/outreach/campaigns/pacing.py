"""How long a number of contacts takes at a pace, within the hours of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from outreach.calendar import Calendar, DayKind
from outreach.clock import ZONE
from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.channel import Channel
from outreach.rules.policy import Policy
from outreach.rules.windows import Span


@dataclass(frozen=True)
class Course:
    """How a number of contacts goes, one after another."""

    first: datetime | None
    last: datetime | None
    left: int
    """Not reached before the campaign's last day is over."""


@dataclass(frozen=True)
class Windows:
    """When a channel is open for a campaign, on the bank's own clock."""

    channel: Channel
    policy: Policy
    calendar: Calendar
    hours: CampaignHours | None = None

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of one day, in order."""
        if not self.calendar.knows(day.year):
            return ()
        window, kind = self.policy.contact_windows.of(self.channel), self.calendar.day(day)
        rests = kind.kind in {DayKind.WEEKEND, DayKind.ADJUSTED_WORKING} and not window.weekends
        if kind.kind == DayKind.HOLIDAY or rests:
            return ()
        if self.hours is None:
            return tuple(sorted(window.local_hours))
        return tuple(sorted(_within(self.hours.on(kind), window.local_hours)))


def course(count: int, per_second: float, windows: Windows, begin: datetime, last_day: date) -> Course:
    """When so many contacts would begin and end."""
    first: datetime | None = None
    last: datetime | None = None
    left = float(count)
    here = begin.astimezone(ZoneInfo(ZONE))
    for ahead in range(max(0, (last_day - here.date()).days) + 1):
        for opens, closes in _spans(windows, here.date() + timedelta(days=ahead), here):
            if left <= 0:
                return Course(first, last, 0)
            first = first or opens
            done = min(left, (closes - opens).total_seconds() * per_second)
            last = opens + timedelta(seconds=done / per_second)
            left -= done
    return Course(first, last, round(left))


def _spans(windows: Windows, day: date, begin: datetime) -> Iterator[tuple[datetime, datetime]]:
    for span in windows.on(day):
        opens, closes = (datetime.combine(day, at, begin.tzinfo) for at in (span.opens, span.closes))
        if closes > begin:
            yield max(opens, begin), closes


def _within(own: tuple[Span, ...], widest: tuple[Span, ...]) -> Iterator[Span]:
    for span in own:
        for most in widest:
            opens, closes = max(span.opens, most.opens), min(span.closes, most.closes)
            if opens < closes:
                yield Span(opens, closes)
