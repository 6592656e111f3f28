"""Silence that becomes an outcome."""

from __future__ import annotations

from sqlalchemy import exists
from sqlmodel import col, select

from outreach.clock import Clock
from outreach.conversations import scene
from outreach.model import (
    Attempt,
    Conversation,
    ConversationState,
    Message,
    Sessions,
    Side,
)
from outreach.rules.delivery import AttemptState

BATCH = 100


def expire(sessions: Sessions, clock: Clock) -> int:
    """Close what the customer left: no reply, or broken off after one; how many were closed."""
    closed = 0
    while more := _expire_some(sessions, clock):
        closed += more
    return closed


def _expire_some(sessions: Sessions, clock: Clock) -> int:
    with sessions.begin() as db:
        now = clock.now()
        waiting = exists().where(
            col(Message.conversation_id) == Conversation.id,
            col(Message.side) == Side.CUSTOMER,
            col(Message.answered_at).is_(None),
        )
        silent = db.exec(
            select(Attempt, Conversation)
            .join(Conversation, col(Conversation.attempt_id) == col(Attempt.id))
            .where(
                Attempt.state == AttemptState.OPEN,
                col(Attempt.expires_at) <= now,
                Conversation.state == ConversationState.OPEN,
                ~waiting,
            )
            .limit(BATCH)
            .with_for_update(skip_locked=True),
        ).all()
        for attempt, conversation in silent:
            outcome = "broke_off" if conversation.last_heard_at else "no_reply"
            scene.close(db, conversation, attempt, outcome, None, now)
        return len(silent)
