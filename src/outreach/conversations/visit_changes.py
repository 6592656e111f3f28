"""What staff know of a visit: the customer came, did not come, or comes at another time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from outreach.clock import local
from outreach.conversations.house import House
from outreach.conversations.turn import locked
from outreach.conversations.visits import Obstacle, obstacle
from outreach.model import AuditEntry, Branch, Visit, VisitState
from outreach.times import Part, Slot

SHOWN = (VisitState.ARRIVED, VisitState.NO_SHOW)
"""What a visit has come to; either may be put right by the other."""
SETTLED_FROM = frozenset({VisitState.BOOKED, *SHOWN})
MOVED_FROM = frozenset({VisitState.BOOKED, VisitState.NO_SHOW})
"""States of a visit that can be moved."""


class NotYet(ValueError):
    """The day of the visit has not come."""


class Changed(Exception):
    """Somebody changed the visit after this person had seen it; its state is what it is now."""

    def __init__(self, by: str, state: VisitState) -> None:
        super().__init__(by)
        self.by = by
        self.state = state


def say(db: Session, visit_id: UUID, state: VisitState, *, seen: VisitState, by: str, now: datetime) -> Visit:
    """Say that the customer came, or did not. `seen` is the state the person saw; raises Changed, NotYet."""
    visit = _held(db, visit_id, seen)
    if state not in SHOWN or seen not in SETTLED_FROM:
        raise Changed(visit.changed_by or "", visit.state)
    if visit.date > local(now).date():
        raise NotYet
    return _mark(db, visit, state, by, now, f"visit_{state}")


def move(
    db: Session, house: House, visit_id: UUID, slot: Slot, *, seen: VisitState, by: str, why: str, now: datetime
) -> Obstacle | Visit:
    """Agree on another time; the visit that takes its place, or why the branch cannot. Raises Changed."""
    # A turn holds the conversation first, then its visit; so does this.
    conversation = locked(db, db.get_one(Visit, visit_id).conversation_id)
    visit = _held(db, visit_id, seen)
    if seen not in MOVED_FROM:
        raise Changed(visit.changed_by or "", visit.state)
    if _standing(db, conversation.id) not in {None, visit_id}:
        return Obstacle("arranged")
    at = db.get_one(Branch, visit.branch_id)
    if stands_in_the_way := obstacle(db, house, now, at, slot, conversation_id=conversation.id):
        return stands_in_the_way
    told = {"before": f"{visit.date} {visit.part}", "after": f"{slot.date} {slot.part}"}
    _mark(db, visit, VisitState.MOVED, by, now, "visit_moved", why, told)
    assert slot.date is not None
    later = Visit(
        customer_id=visit.customer_id, conversation_id=conversation.id, branch_id=at.id, date=slot.date,
        part=slot.part or Part.MORNING, hour=slot.hour, party_size=visit.party_size, booked_at=now, changed_by=by,
        changed_at=now,
    )  # fmt: skip
    kept = conversation.flow_state.get("kept", {}) | {"booked": slot.to_json()}  # what the customer changes next
    conversation.flow_state = conversation.flow_state | {"kept": kept}
    db.add_all([later, conversation])
    db.flush()
    return later


def _standing(db: Session, conversation_id: UUID) -> UUID | None:
    """The visit of a conversation that is still to come."""
    booked = select(Visit.id).where(Visit.conversation_id == conversation_id, Visit.state == VisitState.BOOKED)
    return db.exec(booked).first()


def _held(db: Session, visit_id: UUID, seen: VisitState) -> Visit:
    held = select(Visit).where(Visit.id == visit_id).with_for_update().execution_options(populate_existing=True)
    visit = db.exec(held).one()
    if visit.state is not seen:
        raise Changed(visit.changed_by or "", visit.state)
    return visit


def _mark(
    db: Session, visit: Visit, state: VisitState, by: str, now: datetime, verb: str, why: str = "",
    details: dict[str, str] | None = None,
) -> Visit:  # fmt: skip
    visit.state, visit.changed_by, visit.changed_at = state, by, now
    db.add_all([visit, AuditEntry(at=now, who=by, verb=verb, what=visit.id, why=why, details=details or {})])
    db.flush()
    return visit
