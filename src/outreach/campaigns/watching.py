"""Watch campaigns: pause or end those whose stop conditions are met, finish those with nothing left to do."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from outreach.campaigns import cost, stop_conditions, terms
from outreach.campaigns.closing import NOT_PERMITTED, close_rest
from outreach.campaigns.stop_conditions import Conditions, Counts, Met
from outreach.clock import Clock
from outreach.conversations import wording
from outreach.model import Attempt, AuditEntry, Campaign, CampaignState, Sessions
from outreach.rules.delivery import AttemptState

log = structlog.get_logger()

ITSELF = "the campaign's own condition"
FAILED = ("undelivered", "unreachable", "invalid_number", "blocked")
"""Ends that say that a contact did not arrive, rather than that nobody wanted it."""
OPTED_OUT = ("opted_out", "complained")


def watch(sessions: Sessions, clock: Clock) -> None:
    """Look at every active campaign once."""
    with sessions.begin() as db:
        active = select(Campaign).where(Campaign.state == CampaignState.ACTIVE)
        for campaign in db.exec(active.with_for_update(skip_locked=True)).all():
            halt(db, campaign, clock.now())
        _finish(db)


def halt(db: Session, campaign: Campaign, now: datetime) -> bool:
    """Pause or end a campaign, which the caller has locked, if a condition of it is met."""
    conditions = terms.of(campaign).stop
    met = stop_conditions.met(conditions, _counts(db, campaign, conditions)) if conditions.any() else None
    if met is None:
        return False
    carry_out(db, campaign, met, now)
    return True


def carry_out(db: Session, campaign: Campaign, met: Met, now: datetime) -> None:
    """Pause or end a campaign, which the caller has locked, for a condition that is met."""
    campaign.held_why = met.why
    if met.ends is None:
        campaign.state, verb = CampaignState.PAUSED, "campaign_paused"
    else:
        campaign.state, verb = CampaignState.FINISHED, "campaign_ended"
        close_rest(db, campaign.id, met.ends, now)
    db.add(campaign)
    db.add(AuditEntry(at=now, who=ITSELF, verb=verb, what=campaign.id, why=met.why))
    log.info(verb, campaign=str(campaign.id), why=met.why)


def _counts(db: Session, campaign: Campaign, conditions: Conditions) -> Counts:
    mine = Attempt.campaign_id == campaign.id
    goal = wording.script_of(db, campaign.script_version_id).goal
    succeeded = select(func.count(func.distinct(Attempt.customer_id))).where(mine, col(Attempt.outcome).in_(goal))
    ended, failed, opted_out = db.exec(
        select(
            func.count(),
            func.count().filter(col(Attempt.outcome).in_(FAILED)),
            func.count().filter(col(Attempt.outcome).in_(OPTED_OUT)),
        ).where(
            mine,
            Attempt.state == AttemptState.CLOSED,
            col(Attempt.outcome) != NOT_PERMITTED,
            col(Attempt.closed_at) >= campaign.watched_from,
        )
    ).one()
    spent = float(cost.spent(db, campaign.id)) if conditions.budget is not None else 0.0
    return Counts(db.exec(succeeded).one(), spent, ended, failed, opted_out)


def _finish(db: Session) -> None:
    open_ones = [state for state in AttemptState if state is not AttemptState.CLOSED]
    left = exists().where(col(Attempt.campaign_id) == Campaign.id, col(Attempt.state).in_(open_ones))
    # What has ended and was not yet followed may still lead to another try.
    unfollowed = exists().where(
        col(Attempt.campaign_id) == Campaign.id,
        col(Attempt.state) == AttemptState.CLOSED,
        col(Attempt.followed_at).is_(None),
        col(Attempt.outcome) != NOT_PERMITTED,
    )
    done = select(Campaign).where(
        Campaign.state == CampaignState.ACTIVE, col(Campaign.planned_at).is_not(None), ~left, ~unfollowed
    )
    for campaign in db.exec(done.with_for_update(skip_locked=True)).all():
        campaign.state = CampaignState.FINISHED
        db.add(campaign)
