"""What a campaign has cost, and what is under way may still cost: segments of texts and minutes of calls, at the prices
of config/reckoning.yml.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from outreach.campaigns import reckoning
from outreach.model import Attempt, Call, Conversation, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import MAY_LEAVE, TAKEN, MessageState

USUAL_CALL_SECONDS = 90.0
"""How long a call lasts, as long as nothing better is known."""
USUAL_CALL_MINUTES = math.ceil(USUAL_CALL_SECONDS / 60)


def spent(db: Session, campaign: UUID) -> Decimal:
    """What a campaign has cost so far; carriers count every begun minute of a call."""
    return reckoning.shipped().cost(_segments(db, campaign, TAKEN), _minutes(db, campaign))


def in_flight(db: Session, campaign: UUID) -> Decimal:
    """What texts that have not left yet will cost, and calls that are not over at the length calls usually have."""
    minutes = _calls_not_over(db, campaign) * USUAL_CALL_MINUTES
    return reckoning.shipped().cost(_segments(db, campaign, MAY_LEAVE), minutes)


def _segments(db: Session, campaign: UUID, states: Collection[MessageState]) -> int:
    rows = (
        select(func.coalesce(func.sum(Message.segments), 0))
        .select_from(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(
            Attempt.campaign_id == campaign,
            Message.side == Side.BANK,
            Message.channel == Channel.SMS,
            col(Message.state).in_(states),
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


def _calls_not_over(db: Session, campaign: UUID) -> int:
    """Calls that are queued, ring or are talked on; the bank's first words of a call stand for it."""
    rows = (
        select(func.count())
        .select_from(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .outerjoin(Call, col(Call.id) == col(Message.id))
        .where(
            Attempt.campaign_id == campaign,
            Message.channel == Channel.VOICE,
            col(Message.starts_contact),
            col(Message.state).not_in([MessageState.REJECTED, MessageState.FAILED]),
            col(Call.ended_at).is_(None),
        )
    )
    return int(db.exec(rows).one())
