"""Find visits: by branch, over some days.

A branch sees the visits that are booked at it, which it keeps, and those of its own customers elsewhere, to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_
from sqlmodel import Session, col, select

from outreach.model import Branch, Conversation, Customer, ScriptVersion, Visit, VisitState
from outreach.times import Part

MOST = 500
"""More of them are not looked at on one page; a branch has some dozens a week."""
STANDING = (VisitState.BOOKED, VisitState.ARRIVED, VisitState.NO_SHOW)
"""What is listed; a moved one is listed where it was moved to."""
IN_ORDER = case({part: place for place, part in enumerate(Part)}, value=col(Visit.part))


@dataclass(frozen=True)
class VisitRow:
    """A visit with who comes and whereto."""

    visit: Visit
    customer: Customer
    branch: Branch

    def kept_by(self, branch: UUID | None) -> bool:
        """Whether staff of a branch receive the customer, and may say what came of it."""
        return branch in {None, self.visit.branch_id}

    def known_to(self, branch: UUID | None) -> bool:
        """Whether staff of a branch may see more of the customer than the visit."""
        return branch in {None, self.customer.branch_id}


@dataclass(frozen=True)
class About:
    """What whoever receives the customer has to know beside the visit."""

    script: str
    """What the customer comes for."""
    own_branch: str | None


def between(
    db: Session, first: date, days: int, branch: UUID | None, limit: int = MOST, *, at: UUID | None = None
) -> Sequence[VisitRow]:
    """The visits of some days that staff of a branch see, in the order in which people come; only those at `at`."""
    rows = _rows(branch).where(
        col(Visit.state).in_(STANDING), Visit.date >= first, Visit.date < first + timedelta(days=days)
    )
    if at:
        rows = rows.where(Visit.branch_id == at)
    rows = rows.order_by(col(Visit.date), IN_ORDER, col(Visit.hour).nulls_last(), col(Visit.id))
    return [VisitRow(*row) for row in db.exec(rows.limit(limit)).all()]


def booked(db: Session, at: UUID | None, limit: int) -> Sequence[VisitRow]:
    """Every visit that is still to come or to be settled, by day; at one branch where `at` says so."""
    rows = _rows(None).where(Visit.state == VisitState.BOOKED)
    if at:
        rows = rows.where(Visit.branch_id == at)
    rows = rows.order_by(col(Visit.date), IN_ORDER, col(Visit.hour).nulls_last(), col(Visit.id))
    return [VisitRow(*row) for row in db.exec(rows.limit(limit)).all()]


def one(db: Session, visit_id: UUID, branch: UUID | None) -> VisitRow | None:
    """One visit, or None where there is none that may be seen."""
    row = db.exec(_rows(branch).where(Visit.id == visit_id)).first()
    return VisitRow(*row) if row else None


def about(db: Session, row: VisitRow) -> About:
    """What the visit is about, and where the customer is at home."""
    script = (
        select(ScriptVersion.script)
        .join(Conversation, col(Conversation.script_version_id) == col(ScriptVersion.id))
        .where(Conversation.id == row.visit.conversation_id)
    )
    own = db.get(Branch, row.customer.branch_id) if row.customer.branch_id else None
    return About(db.exec(script).first() or "", own.name if own else None)


def _rows(branch: UUID | None) -> Any:
    rows = (
        select(Visit, Customer, Branch)
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .join(Branch, col(Branch.id) == col(Visit.branch_id))
    )
    return rows.where(or_(col(Visit.branch_id) == branch, col(Customer.branch_id) == branch)) if branch else rows
