"""Once a second, look at the rows and wake what is due: a lost task loses nothing."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, or_, select

from outreach import queue
from outreach.campaigns import queued
from outreach.clock import Clock, machine_now
from outreach.model import (
    Attempt,
    Campaign,
    CampaignState,
    Conversation,
    ConversationState,
    Heartbeat,
    Message,
    Side,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.runtime import Runtime

log = structlog.get_logger()

EVERY_SECONDS = 1.0
SETTLE_EVERY = 5
"""Sweeps between two looks for unknown sends and expired attempts."""
FORGET_WORKERS_AFTER = timedelta(hours=1)
MOST_WOKEN = 200
IN_HAND_SECONDS = 1.0
"""Machine time in which whoever heard a text answers it, so that it is not asked of the bot twice."""


def run(runtime: Runtime, worker: UUID, stopped: Event) -> None:
    """Sweep until stopped; the store being away is waited out."""
    rounds = 0
    while not stopped.wait(EVERY_SECONDS):
        try:
            sweep(runtime, worker, settle=rounds % SETTLE_EVERY == 0)
        except SQLAlchemyError as error:
            log.warning("sweep_failed", error=type(error).__name__)
            time.sleep(EVERY_SECONDS)
        rounds += 1


def sweep(runtime: Runtime, worker: UUID, *, settle: bool) -> None:
    """Beat, then wake whatever the rows say is due."""
    with runtime.sessions.begin() as db:
        _beat(db, worker)
    with runtime.sessions.reading() as db:
        now = runtime.clock.now()
        for conversation in _unanswered(db, runtime.clock):
            runtime.queue.defer(queue.ANSWER, key=str(conversation), conversation=str(conversation))
        unplanned = select(Campaign.id).where(
            col(Campaign.planned_at).is_(None), col(Campaign.launched_at).is_not(None)
        )
        for campaign in db.exec(unplanned).all():
            runtime.queue.defer(queue.PLAN, key=str(campaign), campaign=str(campaign))
        if something_due(db, now):
            runtime.queue.defer(queue.OPEN)
        if queued.channels(db, now):
            runtime.queue.defer(queue.SEND)
    if settle:
        with runtime.sessions.begin() as db:
            # procrastinate takes the name of a worker that has died off its jobs; the rows wake what it was doing.
            db.execute(text("DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL"))
        runtime.queue.defer(queue.SETTLE)


def something_due(db: Session, now: datetime) -> bool:
    """Whether an attempt of a running campaign has fallen due."""
    due = (
        select(Attempt.id)
        .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
        .where(
            col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE]),
            col(Attempt.due_at) <= now,
            Campaign.state == CampaignState.ACTIVE,
        )
    )
    return db.exec(due.limit(1)).first() is not None


def _unanswered(db: Session, clock: Clock) -> list[UUID]:
    now = clock.now()
    just_now = now - timedelta(seconds=IN_HAND_SECONDS * clock.anchor().rate)
    waiting = (
        select(Conversation.id)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            Message.side == Side.CUSTOMER,
            Message.channel == Channel.SMS,  # on a call the request itself is answered
            col(Message.answered_at).is_(None),
            ~col(Message.at).between(just_now, now),
            Conversation.state != ConversationState.WITH_STAFF,
            or_(col(Conversation.answer_after).is_(None), col(Conversation.answer_after) <= machine_now()),
        )
        .distinct()
        .limit(MOST_WOKEN)
    )
    return list(db.exec(waiting).all())


def _beat(db: Session, worker: UUID) -> None:
    now = machine_now()
    beat = insert(Heartbeat).values(worker=worker, at=now)
    db.execute(beat.on_conflict_do_update(index_elements=["worker"], set_={"at": now}))
    db.execute(delete(Heartbeat).where(col(Heartbeat.at) < now - FORGET_WORKERS_AFTER))
