"""What launching a campaign would do: how many would be reached and when, why others would not, what it would cost."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import func
from sqlmodel import Session, col, select

from outreach.campaigns import audience, cost, drafting, pacing, plan, reckoning
from outreach.campaigns.campaign_file import CampaignFile
from outreach.campaigns.pacing import Course, Windows
from outreach.campaigns.retry import ENDS_OF
from outreach.conversations.house import House
from outreach.model import Attempt, Call, Campaign, CampaignState, Conversation, ScriptVersion
from outreach.rules.channel import Channel
from outreach.rules.sms_length import segments
from outreach.rules.verdict import Refused

BATCH = 500
RINGING_SECONDS = 20
"""How long a line is taken before anybody answers."""


@dataclass(frozen=True)
class Pace:
    """How fast contacts are made on a channel, and what sets the pace: the file, our number, or the lines there are."""

    per_second: float
    set_by: Literal["file", "number", "lines"]


@dataclass
class Forecast:
    """What launching would do."""

    audience: int = 0
    planned: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    """Put off by a rule, by reason; they are among the planned."""
    variants: Counter[str] = field(default_factory=Counter)
    """Of the planned, by variant of the experiment."""
    channels: Counter[str] = field(default_factory=Counter)
    """Of the planned, by the channel of the first contact."""
    excluded: int = 0
    """Left out by the file; they are not of the audience."""
    strangers: int = 0
    """Numbers of the lists to leave out that no customer has."""
    segments: int = 0
    """Of the first texts."""
    call_minutes: int = 0
    """Of the first calls, if every one of them is answered; each begun minute counts."""
    cost: float = 0.0
    """Of the first contacts, without the texts that answer customers."""
    cost_with_tries: float = 0.0
    """With every try, fallback and follow-up that the file knows, if everybody has them all; without answers, too."""
    paces: dict[str, Pace] = field(default_factory=dict)
    """By channel, how fast the first contacts would be made."""
    courses: dict[str, Course] = field(default_factory=dict)
    """By channel, when the first contacts would be made."""


def of(db: Session, house: House, file: CampaignFile, now: datetime) -> Forecast:
    """What would happen, without doing it; raises Refused when the file names what does not exist or must not be said."""
    campaign, version = drafting.draft(db, house, file, now)
    campaign.state = CampaignState.ACTIVE  # asked as if it were launched
    call_seconds = _call_seconds(db, version)
    left_out = file.exclude.get("lists", ())
    made = Forecast(
        excluded=audience.excluded(db, campaign.definition, now), strangers=len(audience.unknown(db, left_out))
    )
    for customers in audience.batches(db, campaign.definition, now, BATCH):
        for one in plan.intend(db, house, campaign, customers, now):
            _count(made, one)
    minutes = math.ceil(call_seconds / 60)  # carriers count every begun one
    made.call_minutes = made.channels[Channel.VOICE] * minutes
    made.cost = _priced(made.segments, made.call_minutes)
    made.cost_with_tries = _with_tries(file, made, minutes)
    made.paces = {channel: _pace(house, file, channel, call_seconds) for channel in made.channels}
    made.courses = _courses(house, file, campaign, made, now)
    return made


def _count(made: Forecast, one: plan.Planned) -> None:
    made.audience += 1
    if isinstance(one.verdict, Refused) and one.verdict.until is None:
        made.refused[str(one.verdict.reason)] += 1
        return
    made.planned += 1
    made.channels[str(one.chosen.channel)] += 1
    if one.chosen.channel is Channel.SMS:
        made.segments += segments(one.body)
    if one.chosen.variant:
        made.variants[one.chosen.variant] += 1
    if isinstance(one.verdict, Refused):
        made.later[str(one.verdict.reason)] += 1


def _call_seconds(db: Session, version: ScriptVersion) -> float:
    """How long calls with this script have lasted, as far as the store knows."""
    lasted = (
        select(func.avg(Call.duration_seconds))
        .join(Conversation, col(Conversation.id) == col(Call.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(ScriptVersion, col(ScriptVersion.id) == col(Attempt.script_version_id))
        .where(ScriptVersion.script == version.script, col(Call.duration_seconds) > 0)
    )
    return float(db.exec(lasted).one() or cost.USUAL_CALL_SECONDS)


def _with_tries(file: CampaignFile, made: Forecast, minutes: int) -> float:
    """What it costs when everybody is tried as often as the plan allows, and followed up by everything."""
    plan_, fallback = file.terms.tries.retry, file.terms.tries.fallback
    tries = {channel: 1 + sum(plan_[end].times for end in plan_ if end in ENDS_OF[channel]) for channel in Channel}
    text = made.segments / max(1, made.channels[Channel.SMS]) or 1.0
    by_text, by_call = (made.channels[channel] * tries[channel] for channel in (Channel.SMS, Channel.VOICE))
    if fallback is not None:
        others = made.planned - made.channels[fallback.to]
        by_call += others * tries[Channel.VOICE] if fallback.to is Channel.VOICE else 0
        by_text += others * tries[Channel.SMS] if fallback.to is Channel.SMS else 0
    by_text += made.planned * sum(one.channel is Channel.SMS for one in file.terms.follow_ups)
    by_call += made.planned * tries[Channel.VOICE] * sum(one.channel is Channel.VOICE for one in file.terms.follow_ups)
    return _priced(by_text * text, by_call * minutes)


def _priced(text_segments: float, call_minutes: int) -> float:
    return float(reckoning.shipped().cost(math.ceil(text_segments), call_minutes))


def _pace(house: House, file: CampaignFile, channel: str, call_seconds: float) -> Pace:
    """The slowest of what sets the pace of a channel."""
    own = Pace(file.pace, "file")
    if channel == Channel.SMS:
        number = house.bank.texts_per_second
        return own if number is None else min(own, Pace(number, "number"), key=_per_second)
    calling = house.bank.calling
    lines = min(calling.calls_per_second, calling.calls_at_once / (call_seconds + RINGING_SECONDS))
    return min(own, Pace(lines, "lines"), key=_per_second)


def _per_second(pace: Pace) -> float:
    return pace.per_second


def _courses(house: House, file: CampaignFile, campaign: Campaign, made: Forecast, now: datetime) -> dict[str, Course]:
    begin = max(now, plan.first_instant(campaign))
    return {
        channel: pacing.course(
            count,
            made.paces[channel].per_second,
            Windows(Channel(channel), house.policy, house.calendar, file.terms.hours.get(Channel(channel))),
            begin,
            file.end,
        )
        for channel, count in made.channels.items()
    }
