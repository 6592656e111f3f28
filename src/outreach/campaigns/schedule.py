"""When a campaign may reach anybody, day by day, as a calendar shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.calendar import Calendar, Day
from outreach.campaigns.hours import Hours
from outreach.campaigns.pacing import Windows
from outreach.rules.channel import Channel
from outreach.rules.policy import Policy
from outreach.rules.windows import Span

MOST_DAYS = 62
"""Two months: what is planned further ahead is planned again before it comes."""


@dataclass(frozen=True)
class OpenDay:
    """One day of a campaign."""

    day: date
    kind: Day
    spans: Mapping[Channel, tuple[Span, ...]]
    """By channel; none where it is closed all day."""


def days(
    first: date, last: date, channels: tuple[Channel, ...], hours: Hours, policy: Policy, calendar: Calendar
) -> Iterator[OpenDay]:
    """Each day from the first to the last, with the spans in which each channel is open."""
    windows = {channel: Windows(channel, policy, calendar, hours.get(channel)) for channel in channels}
    for ahead in range(min((last - first).days + 1, MOST_DAYS)):
        day = first + timedelta(days=ahead)
        yield OpenDay(day, calendar.day(day), {channel: window.on(day) for channel, window in windows.items()})
