"""The days and hours that a campaign keeps on each channel, tighter than the policy's and never wider.

    windows:
      sms:   {mon-fri: ["09:00-12:00", "14:00-20:00"], sat: ["10:00-12:00"]}
      voice: {tue | thu: ["14:30-17:30"], adjusted: []}
    not_on: [2026-12-24]

A day that is not named stays closed. `adjusted` is for weekend days on which people work; without it they have the hours of
their weekday. Statutory holidays are always closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from outreach.calendar import Calendar, DayKind
from outreach.documents import Document, Problem
from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.channel import Channel
from outreach.rules.policy import Policy
from outreach.rules.windows import Span, read_span
from outreach.said import said
from outreach.scripts.form import Form, Path, parts

KEYS = ("windows", "not_on")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ADJUSTED = "adjusted"
Hours = Mapping[Channel, CampaignHours]


def read(form: Form) -> Hours:
    """The windows of a campaign file; what is wrong becomes a problem with its line."""
    root = form.document.root
    entries = form.keys(["windows"], root.get("windows"), tuple(Channel))
    closed_on = frozenset(_dates(form, ["not_on"], root.get("not_on", [])))
    read_hours = {Channel(name): _hours(form, ["windows", name], entry, closed_on) for name, entry in entries.items()}
    if not closed_on:
        return read_hours
    always = CampaignHours(dict.fromkeys(range(len(DAYS)), (WHOLE_DAY,)), None, closed_on)
    return dict.fromkeys(Channel, always) | read_hours


WHOLE_DAY = read_span("00:00-23:59")
"""Closed dates alone leave the hours to the policy."""


def problems(
    document: Document,
    hours: Hours,
    channels: tuple[Channel, ...],
    days: tuple[date, date],
    policy: Policy,
    calendar: Calendar,
) -> Iterator[Problem]:
    """Where the windows are wider than the policy's, or never open between two dates."""
    written = document.root.get("windows") or {}
    for channel in channels:
        path, window = ["windows", str(channel)], policy.contact_windows.of(channel)
        own = hours.get(channel)
        if own is not None and channel in written:
            for span in sorted(own.spans()):
                if not any(most.opens <= span.opens and span.closes <= most.closes for most in window.local_hours):
                    fix = said("within %(known)s (config/policy.yml)", known=", ".join(map(str, window.local_hours)))
                    yield document.problem(path, said("%(span)s is wider than the policy permits", span=span), fix)
        if not any(_opens(day, own, window.weekends, calendar) for day in _span(*days)):
            where = path if channel in written else ["start"]
            wrong = said(
                "%(channel)s never opens from %(first)s to %(last)s", channel=channel, first=days[0], last=days[1]
            )
            yield document.problem(where, wrong, said("hours on a day between start and end that is no holiday"))


def _hours(form: Form, path: Path, value: Any, closed_on: frozenset[date]) -> CampaignHours:
    days: dict[int, tuple[Span, ...]] = {}
    adjusted = None
    for key, written in form.mapping(path, value).items():
        spans = _spans(form, [*path, key], written)
        for name in parts(key):
            if name == ADJUSTED:
                adjusted = spans
                continue
            for day in _weekdays(form, [*path, key], name):
                if day in days:
                    form.refuse([*path, key], said("names %(days)s twice", days=DAYS[day]), said("each day once"))
                days[day] = spans
    if not days:
        form.refuse(path, said("never opens"), said('a day with its hours, such as `mon-fri: ["09:00-12:00"]`'))
    return CampaignHours(days, adjusted, closed_on)


def _weekdays(form: Form, path: Path, name: str) -> range:
    first, _, last = name.partition("-")
    if first in DAYS and (last or first) in DAYS and DAYS.index(first) <= DAYS.index(last or first):
        return range(DAYS.index(first), DAYS.index(last or first) + 1)
    form.refuse(
        path,
        said("%(name)s is no day", name=repr(name)),
        said("one of %(known)s, a span such as mon-fri, or %(adjusted)s", known=", ".join(DAYS), adjusted=ADJUSTED),
    )
    return range(0)


def _spans(form: Form, path: Path, value: Any) -> tuple[Span, ...]:
    if not isinstance(value, list):
        form.refuse(
            path,
            said("is %(value)s", value=repr(value)),
            said('a list such as ["09:00-12:00", "14:00-18:00"]; [] for closed'),
        )
        return ()
    spans = []
    for written in value:
        try:
            spans.append(read_span(written))
        except ValueError as error:
            form.refuse(path, said("%(written)s cannot be read", written=repr(written)), error.args[0])
    return tuple(spans)


def _dates(form: Form, path: Path, value: Any) -> Iterator[date]:
    if not isinstance(value, list):
        form.refuse(path, said("is %(value)s", value=repr(value)), said("a list of dates such as [2026-12-24]"))
        return
    for number, written in enumerate(value):
        if day := form.date([*path, number], written):
            yield day


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def _opens(day: date, own: CampaignHours | None, weekends: bool, calendar: Calendar) -> bool:
    if not calendar.knows(day.year):
        return False
    kind = calendar.day(day)
    if kind.kind is DayKind.HOLIDAY or (kind.kind in {DayKind.WEEKEND, DayKind.ADJUSTED_WORKING} and not weekends):
        return False
    return own is None or bool(own.on(kind))
