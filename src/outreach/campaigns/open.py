"""Open the attempts that have fallen due: permission, then a conversation with its first text queued."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from outreach.campaigns import budget, callbacks, standing, stop_conditions, watching
from outreach.campaigns.budget import Purse
from outreach.campaigns.closing import close_unpermitted, in_time, refuse
from outreach.campaigns.standing import Intended
from outreach.clock import Clock, machine_now
from outreach.conversations import opening, wording
from outreach.conversations.facts import Facts
from outreach.conversations.house import House
from outreach.conversations.opening import Chosen
from outreach.model import Attempt, Campaign, CampaignState, Customer, ScriptVersion, Sessions
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Reason, Refused
from outreach.scripts.rendering import CannotRender
from outreach.scripts.script import Script

log = structlog.get_logger()

MOST_AT_ONCE = 200
"""Openings in one transaction, whatever the pace."""
ON_TIME = timedelta(minutes=5)
"""A contact this much after its time needs no explanation."""


def open_due(sessions: Sessions, clock: Clock, house: House) -> int:
    """Open what is due in every active campaign, each at its own pace and within its budget; how many were dealt with."""
    with sessions.reading() as db:
        running = db.exec(select(Campaign.id).where(Campaign.state == CampaignState.ACTIVE)).all()
    dealt_with = 0
    for campaign_id in running:
        try:
            with sessions.begin() as db:
                campaign = db.exec(
                    select(Campaign).where(Campaign.id == campaign_id).with_for_update(skip_locked=True)
                ).first()
                if campaign is not None:
                    dealt_with += _open_campaign(db, campaign, clock, house)
        except OperationalError:
            raise  # the store itself; nothing can be opened
        except Exception as error:  # noqa: BLE001 - one campaign that cannot be opened must not hold up the others
            log.error("campaign_not_opened", campaign=str(campaign_id), error=type(error).__name__)  # noqa: TRY400 - a traceback may quote a number
    return dealt_with


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
    if not due or watching.halt(db, campaign, now):
        return len(due)
    if purse := budget.of(db, campaign):
        due = due[: max(1, purse.most(len(due)))]
    dealt_with = _begin(db, campaign, due, purse, house, now)
    if dealt_with:
        campaign.paced_until = machine + timedelta(seconds=dealt_with / campaign.pace)
        db.add(campaign)
    elif purse is not None and not purse.in_flight:  # else what is in flight may come to cost less
        watching.carry_out(db, campaign, stop_conditions.used_up(float(purse.budget), float(purse.spent)), now)
    return dealt_with


def _begin(
    db: Session, campaign: Campaign, due: Sequence[Attempt], purse: Purse | None, house: House, now: datetime
) -> int:
    """Begin what is due, up to the first that the rest of the budget does not pay for; how many were dealt with."""
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
    for number, (attempt, asked) in enumerate(zip(due, standing.ask(db, house, intended, now), strict=True)):
        verdict = in_time(asked, attempt.last_at, now)
        customer = customers[attempt.customer_id]
        db.add(attempt)
        if isinstance(verdict, Refused):
            attempt.verdict = standing.stored(verdict, house)
            refuse(attempt, verdict, now)
            continue
        try:
            script = wording.script_of(db, attempt.script_version_id)
            if not _paid(purse, attempt, script, known[customer.id], house):
                return number
            late = lateness(attempt, now)
            attempt.verdict, attempt.state = standing.stored(verdict, house) | late, AttemptState.DUE
            opening.begin(db, attempt, customer, script, known[customer.id], house, now)
            if callbacks.is_callback(attempt):
                callbacks.begun(db, attempt, late, now)
        except CannotRender as error:
            log.warning("opening_not_worded", attempt=str(attempt.id), error=str(error))
            close_unpermitted(attempt, Reason.CONTENT, now)
    return len(due)


def _paid(purse: Purse | None, attempt: Attempt, script: Script, known: Facts, house: House) -> bool:
    """Take what an opening costs out of the budget; whether there was so much left. Raises CannotRender."""
    if purse is None:
        return True
    chosen = Chosen(attempt.channel, attempt.variant, attempt.offer)
    words = opening.worded(chosen, script, known, house) if attempt.channel is Channel.SMS else ""
    return purse.takes(budget.price(attempt.channel, words))


def lateness(attempt: Attempt, now: datetime) -> dict[str, str]:
    """By how much an attempt misses the time it was meant for, and what put it off; nothing where it is on time."""
    wanted = attempt.wanted_at
    if wanted is None or now - wanted <= ON_TIME:
        return {}
    return {"wanted_at": wanted.isoformat(), "late_because": str(attempt.verdict.get("reason") or "pace")}
