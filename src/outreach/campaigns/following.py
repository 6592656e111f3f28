"""Decide what follows a contact that has ended: another try, another channel, follow-ups, or nothing.

A conversation only records its outcome on the attempt. Here closed attempts are picked up, each once, and what follows becomes
attempts with a time in the future: rows that survive a restart and can be seen before they happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.campaigns import belongs_to, callbacks, publication, retry, terms
from outreach.campaigns.closing import NOT_PERMITTED, close_unpermitted
from outreach.campaigns.follow_up import FollowUp
from outreach.campaigns.retry import Next, Tried
from outreach.campaigns.terms import Terms
from outreach.clock import ZONE, Clock
from outreach.conversations import wording
from outreach.model import Attempt, Campaign, CampaignState, Customer, Message, Sessions
from outreach.model.conversation import Conversation
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Reason
from outreach.scripts.names import outcomes

BATCH = 100
NEVER = "never"
"""The catalogue's word for an outcome after which nobody is tried again."""


def follow(sessions: Sessions, clock: Clock) -> int:
    """Decide what follows every attempt that has ended since; how many were decided."""
    decided = 0
    while True:
        with sessions.begin() as db:
            now = clock.now()
            ended = _ended(db)
            for attempt in ended:
                attempt.followed_at = now
                db.add(attempt)
                campaign = db.get(Campaign, attempt.campaign_id) if attempt.campaign_id else None
                if campaign is not None and campaign.state is not CampaignState.FINISHED:
                    _follow(db, campaign, terms.of(campaign), attempt, now)
        decided += len(ended)
        if len(ended) < BATCH:
            return decided


def _ended(db: Session) -> Sequence[Attempt]:
    rows = select(Attempt).where(
        Attempt.state == AttemptState.CLOSED,
        col(Attempt.followed_at).is_(None),
        col(Attempt.outcome) != NOT_PERMITTED,
    )
    return db.exec(rows.order_by(col(Attempt.closed_at)).limit(BATCH).with_for_update(skip_locked=True)).all()


def _follow(db: Session, campaign: Campaign, agreed: Terms, attempt: Attempt, now: datetime) -> None:
    outcome, ended = str(attempt.outcome), attempt.closed_at or now
    customer = db.get_one(Customer, attempt.customer_id)
    zone = zone_of(customer)
    plan = belongs_to.tries(agreed.tries, attempt)
    following = retry.following(plan, _tried(db, _tries(db, attempt), ended), zone)
    if following is not None and _over(campaign, customer, following.due_at):
        following = None
    waiting = _waiting(db, attempt)
    _cancel(db, [one for one in waiting if _pointless(db, agreed, one, attempt, following)], outcome, now)
    if following is not None:
        if all(one.step != attempt.step for one in waiting):
            _plan(db, _another(attempt, following, _tries_so_far(db, attempt) + 1, now))
        return
    contact = belongs_to.contact(db, attempt)
    for follow_up in agreed.follow_ups:
        if follow_up.starts(contact, outcome):
            planned = _follow_up(db, campaign, agreed, follow_up, attempt, zone, now)
            if planned.due_at and not _over(campaign, customer, planned.due_at):
                _plan(db, planned)


def zone_of(customer: Customer) -> str:
    """The zone in which a customer's day is counted: the bank's, where the number may be in several."""
    return ZONE if ZONE in customer.zones or not customer.zones else customer.zones[0]


def _over(campaign: Campaign, customer: Customer, at: datetime) -> bool:
    """Whether the campaign's last day has passed by then, in some zone of the number; the rules would refuse it."""
    return max(at.astimezone(ZoneInfo(zone)).date() for zone in customer.zones or [ZONE]) > campaign.ends_on


def _tries(db: Session, attempt: Attempt) -> Sequence[Attempt]:
    """Every try of the same contact that has ended, in order."""
    rows = select(Attempt).where(
        Attempt.campaign_id == attempt.campaign_id,
        Attempt.customer_id == attempt.customer_id,
        Attempt.step == attempt.step,
        Attempt.state == AttemptState.CLOSED,
        col(Attempt.outcome) != NOT_PERMITTED,
        col(Attempt.number) <= attempt.number,
    )
    return db.exec(rows.order_by(col(Attempt.number))).all()


def _tries_so_far(db: Session, attempt: Attempt) -> int:
    """The highest number of this contact, counting tries that were cancelled."""
    rows = select(func.max(Attempt.number)).where(
        Attempt.campaign_id == attempt.campaign_id,
        Attempt.customer_id == attempt.customer_id,
        Attempt.step == attempt.step,
    )
    return db.exec(rows).one() or 0


def _tried(db: Session, tries: Sequence[Attempt], ended: datetime) -> list[Tried]:
    made = dict(
        db.exec(
            select(Conversation.attempt_id, Message.at)
            .join(Message, (col(Message.conversation_id) == col(Conversation.id)) & col(Message.starts_contact))
            .where(col(Conversation.attempt_id).in_([one.id for one in tries])),
        ).all(),
    )
    return [Tried(one.channel, str(one.outcome), made.get(one.id, ended), one.closed_at or ended) for one in tries]


def _another(attempt: Attempt, following: Next, number: int, now: datetime) -> Attempt:
    return Attempt(
        campaign_id=attempt.campaign_id,
        customer_id=attempt.customer_id,
        step=attempt.step,
        number=number,
        channel=following.channel,
        variant=attempt.variant,
        script_version_id=attempt.script_version_id,
        offer=attempt.offer,
        state=AttemptState.PLANNED,
        due_at=following.due_at,
        wanted_at=following.due_at,
        time_of_day=following.time_of_day,
        last_at=attempt.last_at,
        created_at=now,
    )


def _follow_up(
    db: Session, campaign: Campaign, agreed: Terms, follow_up: FollowUp, attempt: Attempt, zone: str, now: datetime
) -> Attempt:
    due, last = follow_up.due(attempt.closed_at or now, zone)
    version = publication.published(db, follow_up.script)
    if version is None:
        raise LookupError(f"script {follow_up.script} was published when {campaign.name} was launched and is not now")
    fields = wording.script_of(db, version.id).offer
    offer = {**agreed.experiment.offer(attempt.variant, campaign.offer), **follow_up.offer}
    return Attempt(
        campaign_id=campaign.id,
        customer_id=attempt.customer_id,
        step=follow_up.step,
        channel=follow_up.channel,
        variant=attempt.variant,
        script_version_id=version.id,
        offer={key: value for key, value in offer.items() if key in fields},
        state=AttemptState.PLANNED,
        due_at=due,
        wanted_at=due,
        time_of_day=follow_up.at,
        last_at=last,
        created_at=now,
    )


def _plan(db: Session, attempt: Attempt) -> None:
    """Add an attempt; one that there is already, as after a change of mind, stays as it is."""
    db.execute(insert(Attempt).values(attempt.model_dump()).on_conflict_do_nothing())


def _waiting(db: Session, attempt: Attempt) -> Sequence[Attempt]:
    """What this campaign still means to do with the customer."""
    rows = select(Attempt).where(
        Attempt.campaign_id == attempt.campaign_id,
        Attempt.customer_id == attempt.customer_id,
        Attempt.id != attempt.id,
        col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE]),
    )
    return db.exec(rows.with_for_update()).all()


def _pointless(db: Session, agreed: Terms, waiting: Attempt, ended: Attempt, following: Next | None) -> bool:
    """Whether an end makes it pointless to do what was meant to be done."""
    outcome = str(ended.outcome)
    follow_up = agreed.follow_up(waiting.step)
    if follow_up is not None:
        return follow_up.cancelled(outcome)
    if callbacks.withdrawn(db, waiting):
        return True
    # Another try or a callback: not after an end that stops, nor where the plan knows no further try of this contact.
    return outcomes()[outcome].retry == NEVER or (waiting.step == ended.step and following is None)


def _cancel(db: Session, attempts: Sequence[Attempt], outcome: str, now: datetime) -> None:
    for attempt in attempts:
        close_unpermitted(attempt, Reason.CANCELLED, now)
        attempt.verdict = {"allowed": False, "reason": str(Reason.CANCELLED), "figures": {"cancelled_by": outcome}}
        db.add(attempt)
