"""What a campaign has cost so far: segments of texts and minutes of calls, at the prices of config/reckoning.yml."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from outreach.campaigns import reckoning
from outreach.model import Attempt, Call, Conversation, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import TAKEN


def spent(db: Session, campaign: UUID) -> float:
    """What a campaign has cost so far; carriers count every begun minute of a call."""
    return float(reckoning.shipped().cost(_segments(db, campaign), _minutes(db, campaign)))


def _segments(db: Session, campaign: UUID) -> int:
    rows = (
        select(func.coalesce(func.sum(Message.segments), 0))
        .select_from(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(
            Attempt.campaign_id == campaign,
            Message.side == Side.BANK,
            Message.channel == Channel.SMS,
            col(Message.state).in_(TAKEN),
        )
    )
    return int(db.exec(rows).one())


def _minutes(db: Session, campaign: UUID) -> int:
    begun = func.ceil(func.coalesce(col(Call.duration_seconds), 0) / 60.0)
    rows = (
        select(func.coalesce(func.sum(begun), 0))
        .select_from(Call)
        .join(Conversation, col(Conversation.id) == col(Call.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(Attempt.campaign_id == campaign)
    )
    return int(db.exec(rows).one())
