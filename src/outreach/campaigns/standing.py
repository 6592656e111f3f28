"""What the permission rule is told: facts about customers and campaigns, gathered from the store by the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, cast

from sqlmodel import Session, col, select

from outreach.campaigns import terms
from outreach.campaigns.known_reach import KnownReach
from outreach.campaigns.terms import Terms
from outreach.conversations.house import House
from outreach.model import Campaign, CampaignState, Conversation, Customer, Scope, ScriptVersion, Stop
from outreach.rules import contact as rules
from outreach.rules.channel import Channel
from outreach.rules.permission import may_contact
from outreach.rules.verdict import Refused, Verdict


@dataclass(frozen=True)
class Intended:
    """One contact that somebody intends: who, and for which campaign and script."""

    customer: Customer
    channel: Channel
    version: ScriptVersion | None
    campaign: Campaign | None = None
    conversation: Conversation | None = None
    """The conversation it belongs to, where one is open already."""
    missing_facts: tuple[str, ...] = ()
    content_problem: str | None = None
    confirmation: bool = False
    is_answer: bool = False
    invited: bool = False
    """Whether the customer asked for this very contact: a callback, or the text they wanted after a call."""
    purpose: rules.Purpose = "marketing"
    time_of_day: time | None = None
    """The time of day it is meant for."""
    begun_by: datetime | None = None
    """After this it is not begun any more."""


def ask(db: Session, house: House, intended: Sequence[Intended], now: datetime) -> list[Verdict]:
    """The verdict on each intended contact, in order."""
    campaigns = {one.campaign.id: one.campaign for one in intended if one.campaign}
    agreed = {key: terms.of(campaign) for key, campaign in campaigns.items()}
    known = KnownReach(db, [one.customer for one in intended], now)
    known.count_contacts_of(db, [campaign for campaign, own in agreed.items() if own.caps.contacts is not None])
    stops = _stops(db)
    verdicts = []
    for one in intended:
        own = agreed[one.campaign.id] if one.campaign else terms.Terms()
        reach = known.of(
            one.customer,
            one.channel,
            one.campaign.id if one.campaign else None,
            one.conversation.id if one.conversation else None,
        )
        contact, stand = _contact(one, house, own), _standing(one, stops, house, own)
        verdicts.append(may_contact(contact, reach, stand, now, house.policy, house.calendar))
    return verdicts


def stopped(db: Session, house: House, campaign: Campaign) -> bool:
    """Whether a kill switch holds back what this campaign begins."""
    return bool(_applying(_stops(db), campaign, house))


def stored(verdict: Verdict, house: House) -> dict[str, Any]:
    """A verdict as it is kept beside the attempt or the text."""
    if not isinstance(verdict, Refused):
        return {"allowed": True, "policy": house.policy.hash}
    figures = {key: str(value) for key, value in verdict.figures.items()}
    until = verdict.until.isoformat() if verdict.until else None
    return {
        "allowed": False,
        "reason": str(verdict.reason),
        "until": until,
        "figures": figures,
        "policy": house.policy.hash,
    }


def _contact(one: Intended, house: House, agreed: Terms) -> rules.Contact:
    return rules.Contact(
        channel=one.channel,
        purpose="service" if one.confirmation else one.purpose,
        provider=house.provider,
        started_by="customer" if one.is_answer else "bank",
        product_risk=agreed.product_risk,
        content_problem=one.content_problem,
        invited=one.invited,
        time_of_day=one.time_of_day,
        begun_by=one.begun_by,
        confirmation=one.confirmation,
    )


def _standing(one: Intended, stops: Sequence[Stop], house: House, agreed: Terms) -> rules.Standing:
    campaign = one.campaign
    return rules.Standing(
        stops=_applying(stops, campaign, house),
        script_approved=one.version is not None and one.version.approved_at is not None,
        campaign_active=campaign is None or campaign.state is CampaignState.ACTIVE,
        campaign_paused=campaign is not None and campaign.state is CampaignState.PAUSED,
        starts_on=campaign.starts_on if campaign else None,
        ends_on=campaign.ends_on if campaign else None,
        missing_facts=one.missing_facts,
        hours=agreed.hours.get(one.channel),
        contacts_per_7_days=agreed.caps.contacts_per_7_days,
        contacts=agreed.caps.contacts,
    )


def _applying(stops: Sequence[Stop], campaign: Campaign | None, house: House) -> frozenset[rules.Stop]:
    applying = (
        stop.scope
        for stop in stops
        if stop.scope is Scope.ALL
        or (stop.scope is Scope.CAMPAIGN and campaign is not None and stop.campaign_id == campaign.id)
        or (stop.scope is Scope.CARRIER and stop.carrier == house.provider)
    )
    return frozenset(cast("rules.Stop", str(scope)) for scope in applying)


def _stops(db: Session) -> Sequence[Stop]:
    return db.exec(select(Stop).where(col(Stop.lifted_at).is_(None))).all()
