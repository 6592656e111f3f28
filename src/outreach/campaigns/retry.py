"""Whether somebody who was not reached is tried again, when, and on which channel.

    retry:
      no_answer: {after: 4h, times: 2, at: other_part}     # another part of the day than the last try
      line_busy: {after: 30m, times: 3}
      broke_off: {after: 1d, times: 1, at: "18:30"}
    fallback: {after: 48h, on: [no_reply], to: voice}      # no reply to the text in 48 hours: call

Only an outcome that the catalogue (config/outcomes.yml) lets be tried again ever is: never after an end that stops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from outreach.campaigns import durations
from outreach.rules.channel import Channel
from outreach.said import said
from outreach.scripts.form import Form, Path
from outreach.scripts.names import outcomes

KEYS = ("retry", "fallback")
RETRY_KEYS = ("after", "times", "at")
FALLBACK_KEYS = ("after", "on", "to")
AGAIN = "again"
OTHER_PART = "other_part"
MOST_TIMES = 5
NO_REPLY = "no_reply"
LONGEST_SILENCE = timedelta(days=7)
ENDS_OF: Mapping[Channel, frozenset[str]] = {
    Channel.SMS: frozenset({"no_reply", "undelivered", "unreachable", "broke_off"}),
    Channel.VOICE: frozenset({"no_answer", "line_busy", "machine", "unreachable", "undelivered", "broke_off"}),
}
"""The ends on each channel after which a plan may try again."""
PARTS = (time(0), time(12), time(18))
"""When the morning, the afternoon and the evening begin."""


@dataclass(frozen=True)
class Retry:
    """How one outcome is tried again."""

    after: timedelta
    times: int = 1
    at: time | Literal["other_part"] | None = None
    """At a time of day, in another part of the day than the last try, or as soon as the interval has passed."""


@dataclass(frozen=True)
class Fallback:
    """The channel that is used when the first one reached nobody."""

    to: Channel
    on: frozenset[str]
    after: timedelta | None = None
    """How long a text waits for a reply before it counts as not answered."""


@dataclass(frozen=True)
class Tries:
    """The retry plan and the fallback of a campaign."""

    retry: Mapping[str, Retry] = field(default_factory=dict)
    fallback: Fallback | None = None


@dataclass(frozen=True)
class Tried:
    """One try that is over."""

    channel: Channel
    outcome: str
    made_at: datetime
    closed_at: datetime


@dataclass(frozen=True)
class Next:
    """The try that follows."""

    channel: Channel
    due_at: datetime
    time_of_day: time | None = None
    """From when in the day, should it have to wait for another one."""


def following(plan: Tries, tried: Sequence[Tried], zone: str) -> Next | None:
    """The try after these of one contact, in order; None when nothing is tried again."""
    last = tried[-1]
    if outcomes()[last.outcome].retry != AGAIN:
        return None
    retry = plan.retry.get(last.outcome)
    alike = sum(one.outcome == last.outcome and one.channel == last.channel for one in tried)
    if retry is not None and alike <= retry.times:
        return _next_try(retry, last, zone)
    fallback = plan.fallback
    if fallback and last.outcome in fallback.on and all(one.channel is not fallback.to for one in tried):
        return Next(fallback.to, last.closed_at)
    return None


def silence(plan: Tries, channel: Channel, usual: timedelta) -> timedelta:
    """How long a contact waits for a reply before it counts as not answered."""
    fallback = plan.fallback
    own = fallback.after if fallback and NO_REPLY in fallback.on and channel is not fallback.to else None
    return own or usual


def _next_try(retry: Retry, last: Tried, zone: str) -> Next:
    soonest = (last.closed_at + retry.after).astimezone(ZoneInfo(zone))
    if retry.at is None:
        return Next(last.channel, soonest)
    if isinstance(retry.at, time):
        return Next(last.channel, _next(soonest, retry.at), retry.at)
    made, part = _part(last.made_at.astimezone(ZoneInfo(zone)).time()), _part(soonest.time())
    if part != made:
        return Next(last.channel, soonest, PARTS[part])
    other = PARTS[(made + 1) % len(PARTS)]
    return Next(last.channel, _next(soonest, other), other)


def _part(at: time) -> int:
    return sum(at >= begins for begins in PARTS) - 1


def _next(soonest: datetime, at: time) -> datetime:
    """The first instant from `soonest` on at which the clock shows a time of day."""
    today = datetime.combine(soonest.date(), at, soonest.tzinfo)
    return today if today >= soonest else datetime.combine(soonest.date() + timedelta(days=1), at, soonest.tzinfo)


def read(form: Form, channels: Sequence[str]) -> Tries:
    """The retry plan and the fallback of a campaign file; what is wrong becomes a problem with its line."""
    root = form.document.root
    plan = {name: _retry(form, path, name, entry) for path, name, entry in form.split(["retry"], root.get("retry"))}
    return Tries(plan, _fallback(form, root["fallback"], channels) if "fallback" in root else None)


def tried_again(form: Form, path: Path, outcome: str) -> None:
    """Refuse an outcome that is not known, or after which nobody is tried again."""
    known = outcomes().get(outcome)
    again = ", ".join(name for name, one in outcomes().items() if one.retry == AGAIN)
    if known is None:
        form.refuse(path, said("%(outcome)s is not an outcome", outcome=outcome), said("one of %(known)s", known=again))
    elif known.retry != AGAIN:
        form.refuse(
            path,
            said("nobody is tried again after %(outcome)s", outcome=outcome),
            said("one of %(known)s", known=again),
        )


def clock_time(form: Form, path: Path, value: Any) -> time | None:
    """A time of day, "10:00"."""
    try:
        at = time.fromisoformat(value)
    except (ValueError, TypeError):
        at = None
    # With a zone it could be compared with no hours, which are the customer's.
    if at is None or at.tzinfo is not None:
        form.refuse(path, said("is %(value)s", value=repr(value)), said('a time of day in quotes, such as "10:00"'))
        return None
    return at


def _retry(form: Form, path: Path, outcome: str, value: Any) -> Retry:
    tried_again(form, path, outcome)
    entry = form.keys(path, value, RETRY_KEYS)
    if "after" not in entry:
        form.refuse(path, said("does not say after how long"), "`after: 4h`")
    times = form.number([*path, "times"], entry.get("times", 1))
    if times > MOST_TIMES:
        form.refuse([*path, "times"], said("is %(value)s", value=times), said("at most %(count)s", count=MOST_TIMES))
    after = durations.read(form, [*path, "after"], entry.get("after", "1d"))
    at = entry.get("at")
    if at is None or at == OTHER_PART:
        return Retry(after, times, at)
    return Retry(after, times, clock_time(form, [*path, "at"], at))


def _fallback(form: Form, value: Any, channels: Sequence[str]) -> Fallback | None:
    path = ["fallback"]
    entry = form.keys(path, value, FALLBACK_KEYS)
    to = entry.get("to")
    others = [channel for channel in channels[1:] if channel in list(Channel)]
    if to not in others:
        fix = (
            said("one of %(known)s", known=", ".join(others))
            if others
            else said("a second channel in `channels:`, in order")
        )
        form.refuse([*path, "to"], said("is %(value)s", value=repr(to)), fix)
        return None
    on = form.texts([*path, "on"], entry.get("on", [NO_REPLY]))
    for number, outcome in enumerate(on):
        tried_again(form, [*path, "on", number], outcome)
    after = durations.read(form, [*path, "after"], entry["after"]) if "after" in entry else None
    if after and after > LONGEST_SILENCE:
        form.refuse(
            [*path, "after"],
            said("is %(value)s", value=durations.in_words(after)),
            said("at most %(count)s", count=durations.in_words(LONGEST_SILENCE)),
        )
    if after and NO_REPLY not in on:
        form.refuse(
            [*path, "after"],
            said("is how long a text waits, and %(no_reply)s is not among `on`", no_reply=NO_REPLY),
            said("no `after:`"),
        )
    return Fallback(Channel(to), frozenset(on), after)
