"""When a customer may be reached: the only place where the customer's own clock exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.channel import Channel
from outreach.rules.policy import Policy
from outreach.rules.verdict import Reason
from outreach.rules.windows import Span, Window

if TYPE_CHECKING:
    from outreach.calendar import Calendar

HORIZON_DAYS = 35  # longer than the longest holiday with the weekends around it; beyond it a person should look

# A working day that was moved to a weekend is a weekend to the people who are called on it.
RESTING = frozenset({"weekend", "adjusted_working"})


def next_permitted(
    now: datetime,
    channel: Channel,
    zones: tuple[str, ...],
    policy: Policy,
    calendar: Calendar,
    hours: CampaignHours | None = None,
) -> datetime | None:
    """Find the first instant from now on at which the channel is open in every zone; None if there is none in sight."""
    if closed_by(now, channel, zones, policy, calendar, hours) is None:
        return now
    spans = {*policy.contact_windows.of(channel).local_hours, *(hours.spans() if hours else ())}
    for day in range(HORIZON_DAYS):
        begin = now.astimezone(UTC) + timedelta(days=day)
        for instant in _openings(begin, begin + timedelta(days=1), zones, spans):
            if closed_by(instant, channel, zones, policy, calendar, hours) is None:
                return instant
    return None


def closed_by(
    now: datetime,
    channel: Channel,
    zones: tuple[str, ...],
    policy: Policy,
    calendar: Calendar,
    hours: CampaignHours | None = None,
) -> Reason | None:
    """Say what keeps the channel closed at an instant, or None when it is open in every zone."""
    if not zones or not all(map(_known, zones)):
        return Reason.CALENDAR_UNKNOWN
    window = policy.contact_windows.of(channel)
    reasons = {_closed_in(zone, now, window, calendar, hours) for zone in zones}
    return next((reason for reason in _GRAVEST_FIRST if reason in reasons), None)


def closes_at(now: datetime, channel: Channel, zones: tuple[str, ...], policy: Policy) -> datetime:
    """Find the instant at which a channel that is open now closes in the first of the zones."""
    spans = policy.contact_windows.of(channel).local_hours
    closings = [
        datetime.combine(local.date(), span.closes, _zone(zone)).astimezone(UTC)
        for zone in zones
        for local in [now.astimezone(_zone(zone))]
        for span in spans
        if local.time() in span
    ]
    return min(closings, default=now)


_GRAVEST_FIRST = (Reason.CALENDAR_UNKNOWN, Reason.HOLIDAY, Reason.QUIET_HOURS, Reason.CAMPAIGN_HOURS)


def _closed_in(
    zone: str, now: datetime, window: Window, calendar: Calendar, hours: CampaignHours | None
) -> Reason | None:
    local = now.astimezone(_zone(zone))
    if not calendar.knows(local.year):
        return Reason.CALENDAR_UNKNOWN
    day = calendar.day(local.date())
    kind = day.kind
    if kind == "holiday" or (kind in RESTING and not window.weekends):
        return Reason.HOLIDAY
    # The wall clock decides, so that an hour that is repeated or left out needs no rule of its own.
    if not any(local.time() in span for span in window.local_hours):
        return Reason.QUIET_HOURS
    return None if hours is None or any(local.time() in span for span in hours.on(day)) else Reason.CAMPAIGN_HOURS


def _openings(begin: datetime, end: datetime, zones: tuple[str, ...], spans: Iterable[Span]) -> list[datetime]:
    """List, in order, the instants from begin to end at which a window may open in one of the zones."""
    found = {instant for zone in zones for instant in _openings_in(_zone(zone), begin, end, spans)}
    return sorted(instant for instant in found if begin <= instant < end)


def _openings_in(zone: ZoneInfo, begin: datetime, end: datetime, spans: Iterable[Span]) -> Iterator[datetime]:
    for day in _days(begin.astimezone(zone).date(), end.astimezone(zone).date()):
        for span in spans:
            for fold in (0, 1):  # an opening that falls into a repeated hour comes twice
                yield datetime.combine(day, span.opens, zone).replace(fold=fold).astimezone(UTC)
    if begin.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset():
        yield _shift(zone, begin, end)  # an opening that falls into a skipped hour comes with the shift


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=day) for day in range((last - first).days + 1))


def _shift(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second at which the zone's offset changes."""
    offset = before.astimezone(zone).utcoffset()
    seconds_before, seconds_after = int(before.timestamp()), int(after.timestamp())
    while seconds_after - seconds_before > 1:
        middle = (seconds_before + seconds_after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            seconds_before = middle
        else:
            seconds_after = middle
    return datetime.fromtimestamp(seconds_after, UTC)


def _known(name: str) -> bool:
    try:
        _zone(name)
    except (KeyError, ValueError, OSError):  # no such zone, or a name such as ../etc that no zone can have
        return False
    return True


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
