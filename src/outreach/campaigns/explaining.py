"""Say in words what a campaign would do, for whoever decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from outreach.campaigns import durations, reckoning
from outreach.campaigns.campaign_file import CampaignFile
from outreach.campaigns.follow_up import OPENING
from outreach.campaigns.forecast import Forecast
from outreach.campaigns.retry import NO_REPLY, Retry
from outreach.clock import local
from outreach.conversations.house import House
from outreach.rules.channel import Channel
from outreach.rules.verdict import Reason

NAMES = {Channel.SMS: "text", Channel.VOICE: "call"}


def explain(file: CampaignFile, made: Forecast, house: House) -> Iterator[str]:
    """One sentence a line; what belongs to the line before is indented."""
    whom = f"the segment {file.segment}" if file.segment else f"a list of {len(file.listed)}"
    yield f"{file.name}: {made.audience} customers of {whom}, {made.planned} would be contacted"
    if made.excluded:
        yield f"  {made.excluded} more are left out by the file"
    for reason, count in made.refused.most_common():
        yield f"  {count} not: {reason} ({Reason(reason).means})"
    for reason, count in made.later.most_common():
        yield f"  {count} later: {reason} ({Reason(reason).means})"
    yield from _how(file, made)
    yield from _when(file, made, house)
    yield from _cost(made)


def _how(file: CampaignFile, made: Forecast) -> Iterator[str]:
    for channel, count in made.channels.items():
        yield f"first by {NAMES[Channel(channel)]}: {count}"
    if made.variants:
        yield "variants: " + ", ".join(f"{name} {count}" for name, count in sorted(made.variants.items()))
        yield f"  no winner is named before {file.terms.experiment.size} customers of each"
    for outcome, retry in file.terms.tries.retry.items():
        again = f"again {durations.said(retry.after)} later{_at(retry)}"
        yield f"after {outcome}: {again}, at most {retry.times} times"
    if fallback := file.terms.tries.fallback:
        waits = f" within {durations.said(fallback.after)}" if fallback.after and NO_REPLY in fallback.on else ""
        yield f"after {', '.join(sorted(fallback.on))}{waits}: a {NAMES[fallback.to]} instead"
    for one in file.terms.follow_ups:
        starts = "; ".join(
            f"{', '.join(sorted(outcomes))}{'' if contact == OPENING else f' of {contact}'}"
            for contact, outcomes in one.after.items()
        )
        at = f" at {one.at:%H:%M}" if one.at else ""
        until = f", within {durations.said(one.within)}" if one.within else ""
        yield f"{one.name}: a {NAMES[one.channel]} ({one.script}) {durations.said(one.wait)} after {starts}{at}{until}"
    stop = file.terms.stop
    ends = [f"{stop.target} customers said yes"] if stop.target else []
    ends += [f"{stop.budget:g} are spent"] if stop.budget else []
    if ends:
        yield f"it ends when {' or '.join(ends)}"
    rates = [
        f"more than {limit:.1%} {what}"
        for limit, what in ((stop.failure_rate, "of contacts fail"), (stop.opt_out_rate, "opt out"))
        if limit is not None
    ]
    if rates:
        yield f"it pauses when {' or '.join(rates)}, of at least {stop.of}"


def _when(file: CampaignFile, made: Forecast, house: House) -> Iterator[str]:
    for channel, course in made.courses.items():
        name = NAMES[Channel(channel)]
        if course.first and course.last:
            spent = f"at a pace of {file.pace:g} a second" if channel == Channel.SMS else "with the lines there are"
            yield f"first {name}s from {_said(course.first)} to {_said(course.last)}, {spent}, within the hours"
        if course.left:
            yield f"  {course.left} {name}s would not be made before {file.end} is over: a faster pace, or more days"
    for year in sorted({file.start.year, file.end.year}):
        if house.calendar.knows(year) and house.calendar.provisional(year):
            yield f"holidays of {year} are provisional (config/holidays.yml)"


def _cost(made: Forecast) -> Iterator[str]:
    currency = reckoning.shipped().currency
    yield (
        f"cost: {made.segments} segments and about {made.call_minutes:.0f} call minutes for the first contacts, "
        f"{currency} {made.cost:.2f}; at most {currency} {made.cost_at_most:.2f} with every try and follow-up"
    )


def _at(retry: Retry) -> str:
    if isinstance(retry.at, time):
        return f", at {retry.at:%H:%M}"
    return ", in another part of the day" if retry.at else ""


def _said(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}"
