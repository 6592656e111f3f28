"""Say in words what a campaign would do, for whoever decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from outreach.campaigns import durations, product_risk, reckoning
from outreach.campaigns.campaign_file import CampaignFile
from outreach.campaigns.follow_up import OPENING, FollowUp
from outreach.campaigns.forecast import Forecast, Pace
from outreach.campaigns.retry import ENDS_OF, NO_REPLY, Retry
from outreach.clock import local
from outreach.conversations.house import House
from outreach.rules.channel import Channel
from outreach.rules.verdict import Reason
from outreach.said import Said, listed, named, said

DAY = timedelta(days=1)
NAMES = {Channel.SMS: "text", Channel.VOICE: "call"}


def explain(file: CampaignFile, made: Forecast, house: House) -> Iterator[Said]:
    """One sentence a line; what belongs to the line before is indented."""
    segment, listed = file.segment, len(file.listed)
    whom = said("the segment %(name)s", name=segment) if segment else said("a list of %(count)s", count=listed)
    yield said(
        "%(name)s: %(audience)s customers of %(whom)s, %(planned)s would be contacted",
        name=file.name, audience=made.audience, whom=whom, planned=made.planned,
    )  # fmt: skip
    if made.excluded:
        yield _inner(said("%(count)s more are left out by the file", count=made.excluded))
    if made.strangers:
        yield _inner(said("%(count)s numbers of the lists to leave out have no customer", count=made.strangers))
    for reason, count in made.refused.most_common():
        means = Reason(reason).means
        yield _inner(said("%(count)s not: %(reason)s (%(means)s)", count=count, reason=named(reason), means=means))
    for reason, count in made.later.most_common():
        means = Reason(reason).means
        yield _inner(said("%(count)s later: %(reason)s (%(means)s)", count=count, reason=named(reason), means=means))
    if level := file.terms.product_risk:
        refused = sum(made.refused[str(reason)] for reason in product_risk.REFUSALS)
        yield said(
            "an investment product of risk R%(level)s: %(count)s are not offered it, for their assessment or their age",
            level=level, count=refused,
        )  # fmt: skip
    yield from _how(file, made)
    yield from _when(file, made, house)
    yield from _cost(made)


def _how(file: CampaignFile, made: Forecast) -> Iterator[Said]:
    for channel, count in made.channels.items():
        yield said("first by %(channel)s: %(count)s", channel=named(NAMES[Channel(channel)]), count=count)
    if made.variants:
        yield said(
            "variants: %(each)s", each=", ".join(f"{name} {count}" for name, count in sorted(made.variants.items()))
        )
        size = file.terms.experiment.size
        yield _inner(said("no winner is named before %(size)s customers of each", size=size))
        if few := [name for name in file.terms.experiment.variants if made.variants[name] < size]:
            yield _inner(said("there are too few for a winner: %(each)s", each=", ".join(sorted(few))))
    for outcome, retry in file.terms.tries.retry.items():
        yield said(
            "after %(outcome)s: again %(span)s later%(at)s, at most %(times)s times",
            outcome=named(outcome), span=durations.in_words(retry.after), at=_at(retry), times=retry.times,
        )  # fmt: skip
        if retry.after < DAY and _ends_calls_only(file, outcome):
            yield _inner(said("not on the same day, on which a customer is called once at most"))
    if fallback := file.terms.tries.fallback:
        waits = fallback.after and NO_REPLY in fallback.on
        yield said(
            "after %(outcomes)s%(waits)s: a %(channel)s instead",
            outcomes=_listed(fallback.on), channel=named(NAMES[fallback.to]),
            waits=said(" within %(span)s", span=durations.in_words(fallback.after)) if waits and fallback.after else "",
        )  # fmt: skip
    for one in file.terms.follow_ups:
        yield _follow_up(one)
    yield from _stops(file)


def _ends_calls_only(file: CampaignFile, outcome: str) -> bool:
    by_text = Channel.SMS in file.channels and outcome in ENDS_OF[Channel.SMS]
    return outcome in ENDS_OF[Channel.VOICE] and not by_text


def _follow_up(one: FollowUp) -> Said:
    starts = listed(
        [
            _listed(outcomes)
            if contact == OPENING
            else said("%(outcomes)s of %(contact)s", outcomes=_listed(outcomes), contact=contact)
            for contact, outcomes in one.after.items()
        ],
        "; ",
    )
    return said(
        "%(name)s: a %(channel)s (%(script)s) %(span)s after %(starts)s%(at)s%(until)s",
        name=one.name, channel=named(NAMES[one.channel]), script=one.script,
        span=durations.in_words(one.wait), starts=starts,
        at=said(" at %(clock)s", clock=f"{one.at:%H:%M}") if one.at else "",
        until=said(", within %(span)s", span=durations.in_words(one.within)) if one.within else "",
    )  # fmt: skip


def _stops(file: CampaignFile) -> Iterator[Said]:
    stop, either = file.terms.stop, said(" or ")
    ends = [said("%(count)s customers said yes", count=stop.target)] if stop.target else []
    ends += [said("%(sum)s are spent", sum=f"{stop.budget:g}")] if stop.budget else []
    if ends:
        yield said("it ends when %(what)s", what=listed(ends, either))
    rates = []
    if stop.failure_rate is not None:
        rates.append(said("more than %(share)s of contacts fail", share=f"{stop.failure_rate:.1%}"))
    if stop.opt_out_rate is not None:
        rates.append(said("more than %(share)s opt out", share=f"{stop.opt_out_rate:.1%}"))
    if rates:
        yield said("it pauses when %(what)s, of at least %(count)s", what=listed(rates, either), count=stop.of)


def _when(file: CampaignFile, made: Forecast, house: House) -> Iterator[Said]:
    for channel, course in made.courses.items():
        name = named(f"{NAMES[Channel(channel)]}s")
        if course.first and course.last:
            pace = _at_pace(made.paces[channel])
            yield said(
                "first %(channel)s from %(first)s to %(last)s, %(pace)s, within the hours",
                channel=name, first=_said(course.first), last=_said(course.last), pace=pace,
            )  # fmt: skip
        if course.left:
            yield _inner(
                said(
                    "%(count)s %(channel)s would not be made before %(day)s is over: a faster pace, or more days",
                    count=course.left, channel=name, day=file.end,
                )
            )  # fmt: skip
    for year in sorted({file.start.year, file.end.year}):
        if house.calendar.knows(year) and house.calendar.provisional(year):
            yield said("holidays of %(year)s are provisional (config/holidays.yml)", year=year)


def _at_pace(pace: Pace) -> Said:
    if pace.set_by == "lines":
        return said("with the lines there are")
    if pace.set_by == "number":
        return said("at the %(pace)s a second that our number carries (config/bank.yml)", pace=f"{pace.per_second:g}")
    return said("at a pace of %(pace)s a second", pace=f"{pace.per_second:g}")


def _cost(made: Forecast) -> Iterator[Said]:
    currency = reckoning.shipped().currency
    yield said(
        "cost: %(segments)s segments and about %(minutes)s call minutes for the first contacts, %(cost)s; "
        "%(all)s if everybody had every try and follow-up",
        segments=made.segments, minutes=made.call_minutes, cost=f"{currency} {made.cost:.2f}",
        all=f"{currency} {made.cost_with_tries:.2f}",
    )  # fmt: skip
    price = f"{currency} {reckoning.shipped().segment_price}"
    yield _inner(
        said(
            "texts that answer customers or confirm what a call arranged come on top, at %(price)s a segment",
            price=price,
        )
    )


def _at(retry: Retry) -> str:
    if isinstance(retry.at, time):
        return said(", at %(clock)s", clock=f"{retry.at:%H:%M}")
    return said(", in another part of the day") if retry.at else ""


def _listed(outcomes: frozenset[str]) -> Said:
    return listed([named(one) for one in sorted(outcomes)])


def _inner(sentence: Said) -> Said:
    return listed(["  ", sentence], "")


def _said(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}"
