"""Call back at the time the customer named, where the campaign says so; else the task for a person stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from outreach.clock import ZONE, Clock, local
from outreach.conversations.scene import finish_task
from outreach.model import (
    Attempt,
    Callback,
    Campaign,
    CampaignState,
    Conversation,
    ConversationState,
    Sessions,
    TaskKind,
)
from outreach.rules.delivery import AttemptState

AUTOMATIC = "automatic"
STEP = "callback:"
"""The step of an attempt that calls back names its callback, so that the database keeps it from being planned twice."""
OPENS = time(9)
"""From when a day that was named without an hour is tried; the window of policy.yml decides."""
AT_MOST = 3
"""Times that a campaign calls a customer back by itself; whoever then asks for yet another time gets a person's call."""
BATCH = 100


def plan(sessions: Sessions, clock: Clock) -> int:
    """Plan an attempt for every standing callback of a campaign that calls back by itself, up to AT_MOST; how many were added."""
    added = 0
    while more := _plan_some(sessions, clock):
        added += more
    return added


def unplanned(callbacks: Any) -> Any:
    """Of some callbacks those that a campaign is still to plan."""
    planned, before = aliased(Attempt), aliased(Attempt)
    called_back = (
        select(func.count())
        .where(
            col(before.campaign_id) == Attempt.campaign_id,
            col(before.customer_id) == Attempt.customer_id,
            col(before.step).startswith(STEP),
        )
        .scalar_subquery()
    )
    return (
        callbacks.join(Conversation, col(Conversation.id) == col(Callback.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
        .where(
            col(Callback.cancelled_at).is_(None),
            Conversation.state == ConversationState.CLOSED,
            Conversation.outcome == "callback_requested",
            col(Campaign.definition)["callbacks"].astext == AUTOMATIC,
            called_back < AT_MOST,
            col(Callback.date) <= col(Campaign.ends_on),  # later, nobody may call for it: a person sees to it
            Campaign.state != CampaignState.FINISHED,  # nor once it has ended
            ~exists().where(
                col(planned.customer_id) == Conversation.customer_id,
                col(planned.step) == func.concat(STEP, cast(Callback.id, Text)),
            ),
        )
    )


def _plan_some(sessions: Sessions, clock: Clock) -> int:
    with sessions.begin() as db:
        waiting = db.exec(
            unplanned(select(Callback, Conversation, Attempt))
            .limit(BATCH)
            .with_for_update(of=Callback, skip_locked=True),
        ).all()
        for callback, conversation, attempt in waiting:
            db.add(_attempt(callback, conversation, attempt, clock.now()))
        return len(waiting)


def is_callback(attempt: Attempt) -> bool:
    """Whether an attempt belongs to a callback that the customer asked for."""
    return attempt.step.startswith(STEP)


def asked_in(db: Session, attempt: Attempt) -> Attempt:
    """The attempt in whose conversation the customer asked for a callback."""
    conversation = db.get_one(Conversation, _callback(db, attempt).conversation_id)
    return db.get_one(Attempt, conversation.attempt_id)


def asked_for(attempt: Attempt) -> bool:
    """Whether an attempt is the very contact that the customer asked for, and not another try at it."""
    return is_callback(attempt) and attempt.number == 1


def withdrawn(db: Session, attempt: Attempt) -> bool:
    """Whether the customer has replaced or called off the time that an attempt was planned for."""
    return is_callback(attempt) and _callback(db, attempt).cancelled_at is not None


def begun(db: Session, attempt: Attempt, late: Mapping[str, str], now: datetime) -> None:
    """Tick off the task of a callback that is being made; a late one says so and why."""
    callback = _callback(db, attempt)
    note = f"约定{local(attempt.wanted_at or now):%m月%d日%H:%M}，晚于约定（{late['late_because']}）" if late else ""
    finish_task(db, callback.conversation_id, TaskKind.CALLBACK, "自动回电", now, note)


def _callback(db: Session, attempt: Attempt) -> Callback:
    return db.get_one(Callback, UUID(attempt.step.removeprefix(STEP)))


def _attempt(callback: Callback, conversation: Conversation, attempt: Attempt, now: datetime) -> Attempt:
    named = datetime.combine(callback.date, callback.starts or OPENS, ZoneInfo(ZONE))
    return Attempt(
        campaign_id=attempt.campaign_id,
        customer_id=attempt.customer_id,
        step=f"{STEP}{callback.id}",
        channel=conversation.channel,
        script_version_id=attempt.script_version_id,
        variant=attempt.variant,
        offer=attempt.offer,
        state=AttemptState.PLANNED,
        due_at=max(named, now),
        wanted_at=named,
        created_at=now,
    )
