"""How often the bank may contact a customer, over all campaigns."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from outreach.rules.channel import Channel
from outreach.rules.policy import Caps, Policy
from outreach.rules.verdict import Allowed, Reason, Refused, Verdict

type Contacts = tuple[tuple[datetime, Channel], ...]

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def free_from(channel: Channel, contacts: Contacts, zones: tuple[str, ...], now: datetime, caps: Caps) -> datetime:
    """Find the first instant from now on at which the caps leave room for one more contact."""
    freed = [now, _nth_latest([at for at, _ in contacts], caps.contacts_per_7_days, WEEK)]
    if channel is Channel.VOICE:
        calls = [at for at, by in contacts if by is Channel.VOICE]
        freed += [_nth_latest([_day_after(at, zone) for at in calls], caps.calls_per_day) for zone in zones]
    return max(freed)


def may_answer(answered_at: tuple[datetime, ...], now: datetime, policy: Policy) -> Verdict:
    """Decide whether one more automatic answer may leave in this conversation; two machines must not talk all night."""
    most = policy.answers.automatic_per_hour
    until = _nth_latest(list(answered_at), most, HOUR)
    if until <= now:
        return Allowed()
    return Refused(Reason.TOO_OFTEN, until, {"answers_per_hour": most})


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _nth_latest(instants: list[datetime], most: int, later: timedelta = timedelta()) -> datetime:
    """Give the instant that has to pass before fewer than `most` are left, or one long ago."""
    return sorted(instants)[-most] + later if len(instants) >= most else _LONG_AGO


def _day_after(at: datetime, zone: str) -> datetime:
    """Give the end of the customer's calendar day on which something happened."""
    tomorrow = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZoneInfo(zone)).astimezone(UTC)
