"""Turn a campaign into attempts: one for each customer of its audience, due when it is permitted or closed with the
reason why not. Customers are taken in order of their ids, some at a time, so that a million takes no more memory
than a thousand, and a planner that dies is followed by one that goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns import audience, standing, terms
from outreach.campaigns.closing import NOT_PERMITTED
from outreach.campaigns.contact import opening_of
from outreach.campaigns.follow_up import OPENING
from outreach.campaigns.standing import Intended
from outreach.campaigns.terms import Terms
from outreach.clock import ZONE, Clock
from outreach.conversations import opening, wording
from outreach.conversations.house import House
from outreach.conversations.opening import Chosen
from outreach.model import Campaign, CampaignState, Customer, ScriptVersion, Sessions
from outreach.model.columns import new_id
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
            # One instant for the whole batch: who is closed when created was refused by the plan (campaigns/attribution).
            through, now = campaign.planned_through, clock.now()
            customers = [] if ended else audience.batch(db, campaign.definition, now, through, BATCH)
            if not customers:
                campaign.planned_at = campaign.planned_at or now
                db.add(campaign)
                return added
            added += _store(db, campaign, intend(db, house, campaign, customers, now), house, now)
            campaign.planned_through = customers[-1].id
            db.add(campaign)


@dataclass(frozen=True)
class Planned:
    """A customer of the audience, how they would be contacted, and what the rules say to that."""

    customer: Customer
    chosen: Chosen
    verdict: Verdict
    body: str
    """The first words."""


def intend(
    db: Session, house: House, campaign: Campaign, customers: Sequence[Customer], now: datetime
) -> Iterator[Planned]:
    """What would be done with some customers of a campaign; nothing is stored.

    Channels are asked in the campaign's order: who may not be reached on the first may be on the next.
    """
    agreed = terms.of(campaign)
    planned = _on(db, house, campaign, agreed, customers, Channel(campaign.channels[0]), now)
    for other in campaign.channels[1:]:
        left = [one.customer for one in planned.values() if _never(one.verdict)]
        elsewhere = _on(db, house, campaign, agreed, left, Channel(other), now) if left else {}
        planned |= {key: one for key, one in elsewhere.items() if not _never(one.verdict)}
    for one in planned.values():
        verdict = _drawn(agreed, campaign, one.customer, one.verdict)
        yield replace(one, verdict=verdict)


def first_instant(campaign: Campaign) -> datetime:
    """Midnight of the first day, at the bank."""
    return datetime.combine(campaign.starts_on, time(), ZoneInfo(ZONE))


def _on(
    db: Session,
    house: House,
    campaign: Campaign,
    agreed: Terms,
    customers: Sequence[Customer],
    channel: Channel,
    now: datetime,
) -> dict[UUID, Planned]:
    """What the rules say to contacting these customers on one channel."""
    version = db.get_one(ScriptVersion, campaign.script_version_id)
    script = wording.script_of(db, version.id)
    known = opening.known_of(db, customers, house, now)
    intended = []
    for customer in customers:
        variant = campaign.winner or agreed.experiment.variant(campaign.name, _lot(customer))
        chosen = Chosen(channel, variant, agreed.experiment.offer(variant, campaign.offer))
        first = opening_of(chosen, script, known[customer.id], house)
        asked = Intended(
            customer, channel, version, campaign, missing_facts=first.missing, content_problem=first.problem
        )
        intended.append((asked, chosen, first.body))
    verdicts = standing.ask(db, house, [asked for asked, _, _ in intended], _opens(campaign, now))
    return {
        asked.customer.id: Planned(asked.customer, chosen, verdict, body)
        for (asked, chosen, body), verdict in zip(intended, verdicts, strict=True)
    }


def _opens(campaign: Campaign, now: datetime) -> datetime:
    return max(now, first_instant(campaign))


def _never(verdict: Verdict) -> bool:
    return isinstance(verdict, Refused) and verdict.until is None


def _drawn(agreed: Terms, campaign: Campaign, customer: Customer, verdict: Verdict) -> Verdict:
    """Who may be contacted may still be drawn to be left alone: only they compare with those who were contacted."""
    if _never(verdict) or not agreed.experiment.held_out(campaign.name, _lot(customer)):
        return verdict
    return Refused(Reason.HOLDOUT, figures={"share": agreed.experiment.holdout})


def _lot(customer: Customer) -> str:
    """What is drawn for a customer: by the bank's own number, which is the same on every store."""
    return customer.ref or str(customer.id)


def _store(db: Session, campaign: Campaign, planned: Iterator[Planned], house: House, now: datetime) -> int:
    rows = [_row(campaign, one, house, now) for one in planned]
    # Planned twice, as after a kill, adds nothing: the database knows who has an attempt.
    # One value for all rows: with a million of them, a statement of many values would take longer to read than to run.
    names = ", ".join(rows[0])
    added = text(
        f"INSERT INTO attempt ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::attempt, CAST(:rows AS jsonb)) "  # noqa: S608 - our own names
        "ON CONFLICT DO NOTHING RETURNING id"
    )
    return len(db.execute(added, {"rows": json.dumps(rows, default=str)}).all())


def _row(campaign: Campaign, one: Planned, house: House, now: datetime) -> dict[str, Any]:
    """The attempt as a row: with a million of them, objects would take longer than the rules."""
    closed, opens = _never(one.verdict), _opens(campaign, now)
    due = one.verdict.until if isinstance(one.verdict, Refused) else opens
    return {
        "id": new_id(),
        "campaign_id": campaign.id,
        "customer_id": one.customer.id,
        "step": OPENING,
        "number": 1,
        "channel": one.chosen.channel,
        "variant": one.chosen.variant,
        "script_version_id": campaign.script_version_id,
        "offer": one.chosen.offer,
        "state": AttemptState.CLOSED if closed else AttemptState.PLANNED,
        "due_at": None if closed else due,
        "wanted_at": opens,
        "outcome": NOT_PERMITTED if closed else None,
        "reason": str(one.verdict.reason) if closed and isinstance(one.verdict, Refused) else None,
        "verdict": standing.stored(one.verdict, house),
        "created_at": now,
        "closed_at": now if closed else None,
    }


def _alone(db: Session, campaign_id: UUID) -> bool:
    """Whether nobody else plans this campaign just now; held until the transaction ends."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    return bool(db.execute(lock, {"name": f"plan:{campaign_id}"}).scalar_one())
