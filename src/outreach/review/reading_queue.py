"""What waits for one reviewer, the oldest first; of a branch's staff, only what concerns its customers still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from outreach.model import Conversation, Customer, Listing, ReviewAssignment

SHOWN = 50


def of(db: Session, reviewer: str, branch: UUID | None) -> Sequence[tuple[ReviewAssignment, Listing, str]]:
    """The first of them, with what they are listed by and the customer's name."""
    rows = select(ReviewAssignment, Listing, Customer.name).join(
        Listing, col(Listing.conversation_id) == col(ReviewAssignment.conversation_id)
    )
    return list(db.exec(_queued(rows, reviewer, branch).limit(SHOWN)).all())


def waiting(db: Session) -> dict[str, int]:
    """How many wait for each reviewer."""
    counted = (
        select(ReviewAssignment.reviewer, func.count())
        .where(col(ReviewAssignment.done_at).is_(None))
        .group_by(col(ReviewAssignment.reviewer))
        .order_by(col(ReviewAssignment.reviewer))
    )
    return dict(db.exec(counted).all())


def following(db: Session, reviewer: str, branch: UUID | None) -> UUID | None:
    """The one to be read next."""
    found: UUID | None = db.exec(_queued(select(ReviewAssignment.conversation_id), reviewer, branch).limit(1)).first()
    return found


def _queued(rows: Any, reviewer: str, branch: UUID | None) -> Any:
    """What waits, in its order; a customer may have gone to another branch since it was drawn."""
    rows = (
        rows.join(Conversation, col(Conversation.id) == col(ReviewAssignment.conversation_id))
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .where(ReviewAssignment.reviewer == reviewer, col(ReviewAssignment.done_at).is_(None))
        .order_by(col(ReviewAssignment.assigned_at), col(ReviewAssignment.conversation_id))
    )
    return rows.where(Customer.branch_id == branch) if branch else rows
