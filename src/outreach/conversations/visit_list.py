"""Find visits: by branch, over some days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case
from sqlmodel import Session, col, select

from outreach.model import Branch, Customer, Visit, VisitState
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


def between(db: Session, first: date, days: int, branch: UUID | None, limit: int = MOST) -> Sequence[VisitRow]:
    """The visits of some days, in the order in which people come; of one branch where `branch` says so."""
    rows = _rows(branch).where(
        col(Visit.state).in_(STANDING), Visit.date >= first, Visit.date < first + timedelta(days=days)
    )
    rows = rows.order_by(col(Visit.date), IN_ORDER, col(Visit.hour).nulls_last(), col(Visit.id))
    return [VisitRow(*row) for row in db.exec(rows.limit(limit)).all()]


def booked(db: Session, branch: UUID | None, limit: int) -> Sequence[VisitRow]:
    """Every visit that is still to come or to be settled, by day."""
    rows = _rows(branch).where(Visit.state == VisitState.BOOKED)
    rows = rows.order_by(col(Visit.date), IN_ORDER, col(Visit.hour).nulls_last(), col(Visit.id))
    return [VisitRow(*row) for row in db.exec(rows.limit(limit)).all()]


def one(db: Session, visit_id: UUID, branch: UUID | None) -> VisitRow | None:
    """One visit, or None where there is none that may be seen."""
    row = db.exec(_rows(branch).where(Visit.id == visit_id)).first()
    return VisitRow(*row) if row else None


def _rows(branch: UUID | None) -> Any:
    rows = (
        select(Visit, Customer, Branch)
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .join(Branch, col(Branch.id) == col(Visit.branch_id))
    )
    return rows.where(Visit.branch_id == branch) if branch else rows
