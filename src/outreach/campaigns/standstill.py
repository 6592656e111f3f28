"""What is still to be done at this very moment, and when there is next something to do: for moving the clock over the time
in which nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from outreach.campaigns import call_pace, callbacks
from outreach.campaigns.closing import NOT_PERMITTED
from outreach.model import (
    Attempt,
    Call,
    Callback,
    Campaign,
    CampaignState,
    Conversation,
    ConversationState,
    Message,
    Side,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState

CALLS = "calls"
"""The last that is looked for: who hears it knows that nothing else is left."""
WAITING = (AttemptState.PLANNED, AttemptState.DUE)
IN_FLIGHT = (MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)


def busy_with(db: Session, now: datetime) -> str | None:
    """What is not done yet, in a word; None when nothing is in flight and nothing is due."""
    found = left(db, now, most=1)
    return found[0] if found else None


def left(db: Session, now: datetime, most: int, *, lines_taken: bool = False) -> tuple[str, int] | None:
    """What is not done yet, in a word, and how much of it, counted up to `most`.

    Where all lines are taken, calls that wait for one are not to be done now.
    """
    for what, rows in _work(now, lines_taken=lines_taken):
        if count := db.execute(select(func.count()).select_from(rows.limit(most).subquery())).scalar_one():
            return what, count
    return None


def next_due(db: Session, now: datetime) -> datetime | None:
    """The next instant at which something falls due."""
    mine = select(func.min(Attempt.due_at)).join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
    attempts = mine.where(
        col(Attempt.state).in_(WAITING), Campaign.state == CampaignState.ACTIVE, col(Attempt.due_at) > now
    )
    texts = select(func.min(Message.not_before)).where(
        Message.state == MessageState.QUEUED, col(Message.not_before) > now
    )
    silence = select(func.min(Attempt.expires_at)).where(
        Attempt.state == AttemptState.OPEN, col(Attempt.expires_at) > now
    )
    found = [db.exec(rows).one() for rows in (attempts, texts, silence)]
    return min((at for at in found if at is not None), default=None)


def _work(now: datetime, *, lines_taken: bool) -> Iterator[tuple[str, Any]]:
    yield (
        "planning",
        select(Campaign.id).where(Campaign.state == CampaignState.ACTIVE, col(Campaign.planned_at).is_(None)),
    )
    yield (
        "opening",
        select(Attempt.id)
        .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
        .where(col(Attempt.state).in_(WAITING), col(Attempt.due_at) <= now, Campaign.state == CampaignState.ACTIVE),
    )
    due = or_(col(Message.not_before).is_(None), col(Message.not_before) <= now)
    queued = select(Message.id).where(Message.state == MessageState.QUEUED, due)
    yield "sending", queued.where(Message.channel != Channel.VOICE) if lines_taken else queued
    yield "sending", select(Message.id).where(col(Message.state).in_(IN_FLIGHT))
    yield (
        "answers",
        select(Message.id)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            Message.side == Side.CUSTOMER,
            Message.channel == Channel.SMS,
            col(Message.answered_at).is_(None),
            Conversation.state != ConversationState.WITH_STAFF,
        ),
    )
    yield (
        "silences",
        select(Attempt.id)
        .join(Conversation, col(Conversation.attempt_id) == col(Attempt.id))
        .where(
            Attempt.state == AttemptState.OPEN,
            col(Attempt.expires_at) <= now,
            Conversation.state == ConversationState.OPEN,
        ),
    )
    yield (
        "what follows",
        select(Attempt.id).where(
            Attempt.state == AttemptState.CLOSED,
            col(Attempt.followed_at).is_(None),
            col(Attempt.outcome) != NOT_PERMITTED,
        ),
    )
    yield "callbacks", callbacks.unplanned(select(Callback.id))
    yield CALLS, call_pace.going_on(select(Call.id))
