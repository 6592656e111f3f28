"""What a campaign file asks for that could never happen: said before the launch, where it would be ignored after it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from graphlib import TopologicalSorter
from typing import Any

from outreach.campaigns.campaign_file import CampaignFile
from outreach.campaigns.follow_up import FollowUp
from outreach.campaigns.retry import ENDS_OF, NO_REPLY
from outreach.documents import Problem
from outreach.rules.channel import Channel
from outreach.rules.policy import Policy
from outreach.said import listed, said
from outreach.scripts.form import key_of

NOT_REACHED = frozenset().union(*ENDS_OF.values())
"""Ends that tell which channel a contact was on; any other comes on each."""


def channels_used(file: CampaignFile) -> tuple[Channel, ...]:
    """The channels on which the campaign and its follow-ups reach anybody."""
    return tuple(dict.fromkeys((*_first_by(file), *(one.channel for one in file.terms.follow_ups))))


def problems(file: CampaignFile, policy: Policy) -> Iterator[Problem]:
    """Each key that would change nothing, with its line."""
    yield from _windows(file)
    yield from _closed_days(file)
    yield from _tries(file, policy)
    yield from _fallback(file, policy)
    yield from _without_use(file)
    soonest = _soonest(file)
    for one in file.terms.follow_ups:
        yield from _follow_up(file, one, policy, soonest[one.name])


def _windows(file: CampaignFile) -> Iterator[Problem]:
    used = channels_used(file)
    for channel in file.document.root.get("windows") or {}:
        if channel not in used:
            yield file.document.problem(["windows", channel], said("nobody is reached on this channel"), _one_of(used))


def _closed_days(file: CampaignFile) -> Iterator[Problem]:
    for number, day in enumerate(file.document.root.get("not_on") or []):
        if not file.start <= date.fromisoformat(str(day)) <= file.end:
            fix = said("a day from %(start)s to %(end)s", start=file.start, end=file.end)
            yield file.document.problem(["not_on", number], said("%(day)s is no day of the campaign", day=day), fix)


def _tries(file: CampaignFile, policy: Policy) -> Iterator[Problem]:
    calls = [one.channel for one in file.terms.follow_ups if one.channel is Channel.VOICE]
    tried = (*file.channels, *calls)
    for outcome, retry in file.terms.tries.retry.items():
        path = ["retry", key_of(file.document, ["retry"], outcome)]
        ended_on = [channel for channel in tried if outcome in ENDS_OF[channel]]
        if not ended_on:
            yield file.document.problem(
                path,
                said("no %(contact)s ends as %(outcome)s", contact=_words(tried), outcome=outcome),
                _one_of(_ends(tried)),
            )
            continue
        yield from _after_the_end(file, [*path, "after"], _opens_first(file) + retry.after)
        if isinstance(retry.at, time) and not any(_opens(file, policy, one, retry.at) for one in ended_on):
            yield _closed(file, policy, [*path, "at"], retry.at, ended_on[0])


def _fallback(file: CampaignFile, policy: Policy) -> Iterator[Problem]:
    if fallback := file.terms.tries.fallback:
        waits = fallback.after or timedelta(hours=policy.follow_up.no_reply_hours)
        if fallback.on == {NO_REPLY}:
            path = ["fallback", "after"] if fallback.after else ["fallback"]
            yield from _after_the_end(file, path, _opens_first(file) + waits)
        before = [channel for channel in file.channels if channel is not fallback.to]
        for number, outcome in enumerate(file.document.root["fallback"].get("on", [])):
            if outcome not in _ends(before):
                problem = said("no %(contact)s ends as %(outcome)s", contact=_words(before), outcome=outcome)
                yield file.document.problem(["fallback", "on", number], problem, _one_of(_ends(before)))


def _without_use(file: CampaignFile) -> Iterator[Problem]:
    root = file.document.root
    stop, experiment = root.get("stop") or {}, root.get("experiment") or {}
    if "on_machine" in root and Channel.VOICE not in channels_used(file):
        yield file.document.problem(
            ["on_machine"], said("is for calls, and nobody is called"), said("no `on_machine:`")
        )
    if "of" in stop and not stop.keys() & {"failure_rate", "opt_out_rate"}:
        fix = said("failure_rate or opt_out_rate beside it")
        yield file.document.problem(["stop", "of"], said("is for a rate, and there is none"), fix)
    for key in ("baseline", "effect"):
        if "size" in experiment and key in experiment:
            fix = said("size, or baseline and effect")
            yield file.document.problem(["experiment", key], said("is for finding the size, which is given"), fix)


def _follow_up(file: CampaignFile, one: FollowUp, policy: Policy, soonest: datetime) -> Iterator[Problem]:
    path, written = ["follow_ups", one.name], file.document.root["follow_ups"][one.name]["after"]
    if not one.after:
        yield _never_begins(file, [*path, "after"])
    for contact, outcomes in one.after.items():
        where = [*path, "after", contact] if isinstance(written, dict) else [*path, "after"]
        before = _named(file, contact)
        channels = [before.channel] if before else _first_by(file)
        if not outcomes:
            yield _never_begins(file, where)
        for outcome in sorted(outcomes & NOT_REACHED - _ends(channels)):
            yield file.document.problem(
                where,
                said("no %(contact)s ends as %(outcome)s", contact=_words(channels), outcome=outcome),
                said("an outcome it can have"),
            )
    if one.at is not None and not _opens(file, policy, one.channel, one.at):
        yield _closed(file, policy, [*path, "at"], one.at, one.channel)
    yield from _after_the_end(file, [*path, "in"], soonest)


def _never_begins(file: CampaignFile, path: Sequence[str]) -> Problem:
    return file.document.problem(path, said("names no outcome, so it never begins"), said("such as [visit_booked]"))


def _first_by(file: CampaignFile) -> tuple[Channel, ...]:
    """The channels of the first contact; a call that a machine takes may be followed by a text at once."""
    instead = file.on_machine == "text" and Channel.VOICE in file.channels
    return (*file.channels, Channel.SMS) if instead else file.channels


def _after_the_end(file: CampaignFile, path: Sequence[str], soonest: datetime) -> Iterator[Problem]:
    """What could be due only when the campaign is over."""
    if soonest.date() > file.end:
        problem = said("is not before %(date)s, when the campaign is over", date=soonest.date())
        yield file.document.problem(path, problem, said("sooner, or an end after %(end)s", end=file.end))


def _opens_first(file: CampaignFile) -> datetime:
    """Midnight of the first day, before which nobody is contacted."""
    return datetime.combine(file.start, time())


def _soonest(file: CampaignFile) -> dict[str, datetime]:
    """By follow-up, midnight of the first day on which it could be due."""
    opens, due = _opens_first(file), dict[str, datetime]()
    for name in TopologicalSorter({one.name: one.after for one in file.terms.follow_ups}).static_order():
        if one := _named(file, name):
            due[name] = min((due.get(contact, opens) for contact in one.after), default=opens) + one.wait
    return due


def _named(file: CampaignFile, contact: str) -> FollowUp | None:
    """The follow-up of a name; none for the first contact."""
    return next((one for one in file.terms.follow_ups if one.name == contact), None)


def _opens(file: CampaignFile, policy: Policy, channel: Channel, at: time) -> bool:
    own = file.terms.hours.get(channel)
    within = any(at in span for span in policy.contact_windows.of(channel).local_hours)
    return within and (own is None or any(at in span for span in own.spans()))


def _closed(file: CampaignFile, policy: Policy, path: Sequence[str], at: time, channel: Channel) -> Problem:
    own = file.terms.hours.get(channel) if channel in (file.document.root.get("windows") or {}) else None
    spans = sorted(own.spans()) if own else policy.contact_windows.of(channel).local_hours
    problem = said("%(at)s is never within the hours of %(channel)s", at=f"{at:%H:%M}", channel=channel)
    return file.document.problem(path, problem, said("a time within %(known)s", known=", ".join(map(str, spans))))


def _ends(channels: Collection[Channel]) -> frozenset[str]:
    return frozenset(end for channel in channels for end in ENDS_OF[channel])


def _words(channels: Collection[Channel]) -> str:
    names = {Channel.SMS: said("text"), Channel.VOICE: said("call")}
    return listed([names[channel] for channel in dict.fromkeys(channels)], said(" or "))


def _one_of(names: Collection[Any]) -> str:
    return said("one of %(known)s", known=", ".join(sorted(map(str, names))))
