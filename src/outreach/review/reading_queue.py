"""What waits for one reviewer, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from outreach.model import Customer, Listing, ReviewAssignment

SHOWN = 50


def of(db: Session, reviewer: str) -> Sequence[tuple[ReviewAssignment, Listing, str]]:
    """The first of them, with what they are listed by and the customer's name."""
    rows = (
        select(ReviewAssignment, Listing, Customer.name)
        .join(Listing, col(Listing.conversation_id) == col(ReviewAssignment.conversation_id))
        .join(Customer, col(Customer.id) == col(Listing.customer_id))
        .where(ReviewAssignment.reviewer == reviewer, col(ReviewAssignment.done_at).is_(None))
        .order_by(col(ReviewAssignment.assigned_at), col(ReviewAssignment.conversation_id))
    )
    return db.exec(rows.limit(SHOWN)).all()


def waiting(db: Session) -> dict[str, int]:
    """How many wait for each reviewer."""
    counted = (
        select(ReviewAssignment.reviewer, func.count())
        .where(col(ReviewAssignment.done_at).is_(None))
        .group_by(col(ReviewAssignment.reviewer))
        .order_by(col(ReviewAssignment.reviewer))
    )
    return dict(db.exec(counted).all())


def following(db: Session, reviewer: str) -> UUID | None:
    """The one to be read next."""
    first = select(ReviewAssignment.conversation_id).where(
        ReviewAssignment.reviewer == reviewer, col(ReviewAssignment.done_at).is_(None)
    )
    return db.exec(
        first.order_by(col(ReviewAssignment.assigned_at), col(ReviewAssignment.conversation_id)).limit(1)
    ).first()
