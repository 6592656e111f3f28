"""What is still to be done at this very moment, and when there is next something to do: for moving the clock over the time
in which nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from outreach.campaigns.closing import NOT_PERMITTED
from outreach.model import Attempt, Call, Campaign, CampaignState, Conversation, ConversationState, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState

WAITING = (AttemptState.PLANNED, AttemptState.DUE)
IN_FLIGHT = (MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)


def busy_with(db: Session, now: datetime) -> str | None:
    """What is not done yet, in a word; None when nothing is in flight and nothing is due."""
    return next((what for what, rows in _work(now) if db.execute(rows.limit(1)).first() is not None), None)


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


def _work(now: datetime) -> Iterator[tuple[str, Any]]:
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
    yield "sending", select(Message.id).where(Message.state == MessageState.QUEUED, due)
    yield "sending", select(Message.id).where(col(Message.state).in_(IN_FLIGHT))
    yield (
        "calls",
        select(Call.id)
        .join(Message, col(Message.id) == col(Call.id))
        .where(col(Call.ended_at).is_(None), Message.state != MessageState.QUEUED),
    )
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
