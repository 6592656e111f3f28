"""Turn a campaign into attempts: one for each customer of its audience, due when it is permitted or closed with the
reason why not. Customers are taken in order of their ids, some at a time, so that a million takes no more memory
than a thousand, and a planner that dies is followed by one that goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from outreach.campaigns import audience, standing, terms
from outreach.campaigns.closing import refuse
from outreach.campaigns.contact import shortcomings
from outreach.campaigns.standing import Intended
from outreach.campaigns.terms import Terms
from outreach.clock import ZONE, Clock
from outreach.conversations import opening, wording
from outreach.conversations.house import House
from outreach.model import Attempt, Campaign, CampaignState, Customer, ScriptVersion, Sessions
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Reason, Refused, Verdict

BATCH = 500
"""Customers planned in one transaction: a kill loses at most that many, and they are planned again."""


def plan(sessions: Sessions, clock: Clock, house: House, campaign_id: UUID) -> int:
    """Plan every customer of a campaign that has no attempt yet; how many were added. One planner at a time."""
    added = 0
    while True:
        with sessions.begin() as db:
            campaign = db.get_one(Campaign, campaign_id)
            if campaign.launched_at is None or not _alone(db, campaign_id):
                return added
            db.refresh(campaign)  # where the planner before us stopped, and whether it goes on
            ended = campaign.state is CampaignState.FINISHED
            customers = (
                [] if ended else audience.batch(db, campaign.definition, clock.now(), campaign.planned_through, BATCH)
            )
            if not customers:
                campaign.planned_at = campaign.planned_at or clock.now()
                db.add(campaign)
                return added
            # One instant for both: who is closed when created was refused by the plan (campaigns/attribution).
            now = clock.now()
            added += _store(db, intend(db, house, campaign, customers, now), house, now)
            campaign.planned_through = customers[-1].id
            db.add(campaign)


@dataclass(frozen=True)
class Planned:
    """A customer of the audience, how they would be contacted, and what the rules say to that."""

    customer: Customer
    attempt: Attempt
    verdict: Verdict


def intend(
    db: Session, house: House, campaign: Campaign, customers: Sequence[Customer], now: datetime
) -> Iterator[Planned]:
    """What would be done with some customers of a campaign; nothing is stored."""
    version = db.get_one(ScriptVersion, campaign.script_version_id)
    script, agreed = wording.script_of(db, version.id), terms.of(campaign)
    opens = max(now, first_instant(campaign))
    known = opening.known_of(db, customers, house, now)
    intended = []
    for customer in customers:
        attempt = _attempt(campaign, agreed, customer, opens, now)
        missing, problem = shortcomings(attempt, script, known[customer.id], house)
        one = Intended(customer, attempt.channel, version, campaign, missing_facts=missing, content_problem=problem)
        intended.append((attempt, one))
    verdicts = standing.ask(db, house, [one for _, one in intended], opens)
    for (attempt, one), verdict in zip(intended, verdicts, strict=True):
        yield Planned(one.customer, attempt, _drawn(agreed, campaign, one.customer, verdict))


def first_instant(campaign: Campaign) -> datetime:
    """Midnight of the first day, at the bank."""
    return datetime.combine(campaign.starts_on, time(), ZoneInfo(ZONE))


def _attempt(campaign: Campaign, agreed: Terms, customer: Customer, opens: datetime, now: datetime) -> Attempt:
    variant = campaign.winner or agreed.experiment.variant(campaign.id, customer.id)
    return Attempt(
        campaign_id=campaign.id,
        customer_id=customer.id,
        channel=Channel(campaign.channels[0]),
        variant=variant,
        script_version_id=campaign.script_version_id,
        offer=agreed.experiment.offer(variant, campaign.offer),
        state=AttemptState.PLANNED,
        due_at=opens,
        wanted_at=opens,
        created_at=now,
    )


def _drawn(agreed: Terms, campaign: Campaign, customer: Customer, verdict: Verdict) -> Verdict:
    """Who may be contacted may still be drawn to be left alone: only they compare with those who were contacted."""
    never = isinstance(verdict, Refused) and verdict.until is None
    if never or not agreed.experiment.held_out(campaign.id, customer.id):
        return verdict
    return Refused(Reason.HOLDOUT, figures={"share": agreed.experiment.holdout})


def _store(db: Session, planned: Iterator[Planned], house: House, now: datetime) -> int:
    rows = []
    for one in planned:
        attempt, verdict = one.attempt, one.verdict
        attempt.verdict = standing.stored(verdict, house)
        if isinstance(verdict, Refused):
            refuse(attempt, verdict, now)
        rows.append(attempt.model_dump())
    # Planned twice, as after a kill, adds nothing: the database knows who has an attempt.
    added = db.execute(insert(Attempt).values(rows).on_conflict_do_nothing().returning(col(Attempt.id))).all()
    return len(added)


def _alone(db: Session, campaign_id: UUID) -> bool:
    """Whether nobody else plans this campaign just now; held until the transaction ends."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    return bool(db.execute(lock, {"name": f"plan:{campaign_id}"}).scalar_one())
