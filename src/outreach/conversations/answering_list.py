"""Find the conversations that staff answer: those with somebody, and those whose customer asked for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, null
from sqlmodel import Session, col, select

from outreach.model import (
    Branch,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Side,
    StaffTask,
    Takeover,
    TaskKind,
    TaskState,
)
from outreach.rules.channel import Channel

MOST = 200
"""People answer some dozens at once; what is beyond is found when these are done."""


@dataclass(frozen=True)
class Answered:
    """A conversation with who answers it, or since when its customer waits for a person."""

    conversation: Conversation
    customer: Customer
    branch: Branch | None
    by: str | None
    since: datetime
    unanswered: int


def of(db: Session, branch: UUID | None) -> Sequence[Answered]:
    """With somebody first, then those that wait, the longest waiting first."""
    return [*_taken(db, branch), *_waiting(db, branch)]


def _taken(db: Session, branch: UUID | None) -> list[Answered]:
    rows = (
        _rows(branch, Takeover.by, Takeover.started_at)
        .join(Takeover, col(Takeover.conversation_id) == col(Conversation.id))
        .where(Conversation.state == ConversationState.WITH_STAFF, col(Takeover.ended_at).is_(None))
    )
    return [Answered(*row) for row in db.exec(rows.order_by(col(Takeover.started_at))).all()]


def _waiting(db: Session, branch: UUID | None) -> list[Answered]:
    rows = (
        _rows(branch, null(), StaffTask.created_at)
        .join(StaffTask, col(StaffTask.conversation_id) == col(Conversation.id))
        .where(
            StaffTask.kind == TaskKind.HANDOVER,
            StaffTask.state == TaskState.OPEN,
            Conversation.channel == Channel.SMS,
            Conversation.state != ConversationState.WITH_STAFF,
        )
    )
    return [Answered(*row) for row in db.exec(rows.order_by(col(StaffTask.created_at)).limit(MOST)).all()]


def _rows(branch: UUID | None, *more: Any) -> Any:
    """Conversations with their customers and branches, what else is asked for, and how many texts wait in each."""
    rows = (
        select(Conversation, Customer, Branch)
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .join(Branch, col(Branch.id) == col(Customer.branch_id), isouter=True)
        .add_columns(*more, _count())
    )
    return rows.where(col(Customer.branch_id) == branch) if branch else rows


def _count() -> Any:
    return (
        select(func.count())
        .select_from(Message)
        .where(
            col(Message.conversation_id) == col(Conversation.id),
            Message.side == Side.CUSTOMER,
            col(Message.answered_at).is_(None),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )
