"""What staff know of a visit: the customer came, did not come, or comes at another time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from outreach.clock import local
from outreach.conversations.house import House
from outreach.conversations.visits import Obstacle, obstacle
from outreach.model import AuditEntry, Branch, Visit, VisitState
from outreach.times import Part, Slot

SHOWN = (VisitState.ARRIVED, VisitState.NO_SHOW)
"""What a visit has come to; either may be put right by the other."""


class NotYet(ValueError):
    """The day of the visit has not come."""


class Changed(Exception):
    """Somebody changed the visit after this person had seen it; its state is what it is now."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def say(db: Session, visit_id: UUID, state: VisitState, *, seen: VisitState, by: str, now: datetime) -> Visit:
    """Say that the customer came, or did not. `seen` is the state the person saw; raises Changed, NotYet."""
    visit = _held(db, visit_id, seen)
    if state not in SHOWN or seen not in {VisitState.BOOKED, *SHOWN}:
        raise Changed(visit.changed_by or "")
    if visit.date > local(now).date():
        raise NotYet
    return _mark(db, visit, state, by, now, f"visit_{state}")


def move(
    db: Session, house: House, visit_id: UUID, slot: Slot, *, seen: VisitState, by: str, why: str, now: datetime
) -> Obstacle | Visit:
    """Agree on another time; the visit that takes its place, or why the branch cannot. Raises Changed."""
    visit = _held(db, visit_id, seen)
    if seen not in {VisitState.BOOKED, VisitState.NO_SHOW}:
        raise Changed(visit.changed_by or "")
    if stands_in_the_way := obstacle(
        db, house, now, db.get_one(Branch, visit.branch_id), slot, conversation_id=visit.conversation_id
    ):
        return stands_in_the_way
    before = f"{visit.date} {visit.part}"
    _mark(
        db,
        visit,
        VisitState.MOVED,
        by,
        now,
        "visit_moved",
        why,
        {"before": before, "after": f"{slot.date} {slot.part}"},
    )
    assert slot.date is not None
    later = Visit(
        customer_id=visit.customer_id, conversation_id=visit.conversation_id, branch_id=visit.branch_id, date=slot.date,
        part=slot.part or Part.MORNING, hour=slot.hour, booked_at=now, changed_by=by, changed_at=now,
    )  # fmt: skip
    db.add(later)
    db.flush()
    return later


def _held(db: Session, visit_id: UUID, seen: VisitState) -> Visit:
    visit = db.exec(select(Visit).where(Visit.id == visit_id).with_for_update()).one()
    if visit.state is not seen:
        raise Changed(visit.changed_by or "")
    return visit


def _mark(
    db: Session, visit: Visit, state: VisitState, by: str, now: datetime, verb: str, why: str = "",
    details: dict[str, str] | None = None,
) -> Visit:  # fmt: skip
    visit.state, visit.changed_by, visit.changed_at = state, by, now
    db.add_all([visit, AuditEntry(at=now, who=by, verb=verb, what=visit.id, why=why, details=details or {})])
    db.flush()
    return visit
