"""Open the attempts that have fallen due: permission, then a conversation with its first text queued."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from outreach.campaigns import callbacks, standing, watching
from outreach.campaigns.closing import close_unpermitted, in_time, refuse
from outreach.campaigns.standing import Intended
from outreach.clock import Clock, machine_now
from outreach.conversations import opening, wording
from outreach.conversations.house import House
from outreach.model import Attempt, Campaign, CampaignState, Customer, ScriptVersion, Sessions
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Reason, Refused
from outreach.scripts.rendering import CannotRender

log = structlog.get_logger()

MOST_AT_ONCE = 200
"""Openings in one transaction, whatever the pace."""
ON_TIME = timedelta(minutes=5)
"""A contact this much after its time needs no explanation."""


def open_due(sessions: Sessions, clock: Clock, house: House) -> int:
    """Open what is due in every active campaign, each at its own pace; how many were looked at."""
    with sessions.reading() as db:
        running = db.exec(select(Campaign.id).where(Campaign.state == CampaignState.ACTIVE)).all()
    looked_at = 0
    for campaign_id in running:
        try:
            with sessions.begin() as db:
                campaign = db.exec(
                    select(Campaign).where(Campaign.id == campaign_id).with_for_update(skip_locked=True)
                ).first()
                if campaign is not None:
                    looked_at += _open_campaign(db, campaign, clock, house)
        except OperationalError:
            raise  # the store itself; nothing can be opened
        except Exception as error:  # noqa: BLE001 - one campaign that cannot be opened must not hold up the others
            log.error("campaign_not_opened", campaign=str(campaign_id), error=type(error).__name__)  # noqa: TRY400 - a traceback may quote a number
    return looked_at


def _open_campaign(db: Session, campaign: Campaign, clock: Clock, house: House) -> int:
    machine, now = machine_now(), clock.now()
    if (campaign.paced_until and campaign.paced_until > machine) or standing.stopped(db, house, campaign):
        return 0
    share = min(MOST_AT_ONCE, max(1, math.floor(campaign.pace)))
    due = db.exec(
        select(Attempt)
        .where(
            Attempt.campaign_id == campaign.id,
            col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE]),
            col(Attempt.due_at) <= now,
        )
        .order_by(col(Attempt.due_at), col(Attempt.id))
        .limit(share)
        .with_for_update(skip_locked=True),
    ).all()
    if due and not watching.halt(db, campaign, now):
        campaign.paced_until = machine + timedelta(seconds=len(due) / campaign.pace)
        db.add(campaign)
        _begin(db, campaign, due, house, now)
    return len(due)


def _begin(db: Session, campaign: Campaign, due: Sequence[Attempt], house: House, now: datetime) -> None:
    version = db.get_one(ScriptVersion, campaign.script_version_id)
    customers = {
        customer.id: customer
        for customer in db.exec(select(Customer).where(col(Customer.id).in_([one.customer_id for one in due])))
    }
    intended = [
        Intended(
            customers[one.customer_id],
            one.channel,
            version,
            campaign,
            invited=callbacks.asked_for(one),
            time_of_day=one.time_of_day,
            begun_by=one.last_at,
        )
        for one in due
    ]
    known = opening.known_of(db, list(customers.values()), house, now)
    for attempt, asked in zip(due, standing.ask(db, house, intended, now), strict=True):
        verdict = in_time(asked, attempt.last_at, now)
        late = {} if isinstance(verdict, Refused) else lateness(attempt, now)
        attempt.verdict = standing.stored(verdict, house) | late
        db.add(attempt)
        if isinstance(verdict, Refused):
            refuse(attempt, verdict, now)
            continue
        attempt.state = AttemptState.DUE
        try:
            customer = customers[attempt.customer_id]
            script = wording.script_of(db, attempt.script_version_id)
            opening.begin(db, attempt, customer, script, known[customer.id], house, now)
            if callbacks.is_callback(attempt):
                callbacks.begun(db, attempt, late, now)
        except CannotRender as error:
            log.warning("opening_not_worded", attempt=str(attempt.id), error=str(error))
            close_unpermitted(attempt, Reason.CONTENT, now)


def lateness(attempt: Attempt, now: datetime) -> dict[str, str]:
    """By how much an attempt misses the time it was meant for, and what put it off; nothing where it is on time."""
    wanted = attempt.wanted_at
    if wanted is None or now - wanted <= ON_TIME:
        return {}
    return {"wanted_at": wanted.isoformat(), "late_because": str(attempt.verdict.get("reason") or "pace")}
