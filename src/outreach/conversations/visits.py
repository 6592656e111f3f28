"""Book, move and call off visits: the branch must be open and have room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, select

from outreach import times
from outreach.clock import local
from outreach.conversations.house import House
from outreach.conversations.scene import Scene, branch
from outreach.model import Branch, Visit, VisitState
from outreach.times import Closed, Hours, Part, Slot

NOON = time(12)
SIX = time(18)


def book_visit(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Book the visit if the branch is open and has room; a standing one is moved."""
    slot = Slot.from_json(scene.kept.get("visit_time") or {"date": None, "part": None, "hour": None})
    at = branch(scene)
    if not slot.complete or slot.date is None or at is None:
        return "unclear"
    if "branch_choices" in scene.kept:
        return "which_branch"
    if scene.kept.pop("branch_unknown", None):
        return "branch_unknown"  # said before it is booked at another
    scene.kept.pop("visit_time", None)
    if wrong := obstacle(scene.db, scene.house, scene.now, at, slot, conversation_id=scene.conversation.id):
        if wrong.next_opening:
            scene.kept["proposed"] = _proposal(wrong.next_opening, slot)
        return wrong.why
    _end_visit(scene, VisitState.MOVED)
    scene.db.add(
        Visit(
            customer_id=scene.customer.id,
            conversation_id=scene.conversation.id,
            branch_id=at.id,
            date=slot.date,
            part=slot.part or Part.MORNING,
            hour=slot.hour,
            party_size=scene.kept.get("party_size"),
            booked_at=scene.now,
        ),
    )
    scene.db.flush()
    scene.kept["booked"] = slot.to_json()  # what "改到上午" leaves as it was
    return "booked"


def cancel_visit(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Call off the standing visit."""
    return "cancelled" if _end_visit(scene, VisitState.CANCELLED) else "none"


@dataclass(frozen=True)
class Obstacle:
    """Why nobody can come then: past, closed or full; and when the branch opens next."""

    why: str
    next_opening: Slot | None = None


def obstacle(
    db: Session, house: House, now: datetime, at: Branch, slot: Slot, *, conversation_id: UUID
) -> Obstacle | None:
    """What stands in the way of a visit at a time; None when nothing does. The branch is held where places are counted."""
    if slot.date is None or is_past(slot, local(now)):
        return Obstacle("past")
    hours = Hours.from_json(at.hours)
    fit = times.fits(slot, hours, house.calendar)
    if isinstance(fit, Closed):
        return Obstacle("closed", fit.next_opening)
    part = slot.part or Part.MORNING
    if not _has_room(db, at, slot.date, part, conversation_id):
        after = datetime.combine(slot.date, NOON if part is Part.MORNING else SIX)
        return Obstacle("full", times.next_opening(after, hours, house.calendar))
    return None


def is_past(slot: Slot, here: datetime) -> bool:
    """Whether a time is over; one without a day never is."""
    if slot.date is None or slot.date > here.date():
        return False
    ends = slot.hour or {Part.MORNING: NOON, Part.AFTERNOON: SIX}.get(slot.part or Part.EVENING, time(23, 59))
    return slot.date < here.date() or ends <= here.time()


def _has_room(db: Session, at: Branch, day: date, part: Part, conversation_id: UUID) -> bool:
    if at.visits_per_half_day is None:
        return True
    # The branch row is the lock: two customers cannot take the last place at once.
    db.exec(select(Branch.id).where(Branch.id == at.id).with_for_update()).one()
    others = (
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.branch_id == at.id,
            Visit.date == day,
            Visit.part == part,
            Visit.state == VisitState.BOOKED,
            Visit.conversation_id != conversation_id,
        )
    )
    return db.exec(others).one() < at.visits_per_half_day


def _proposal(opening: Slot, wanted: Slot) -> dict[str, Any]:
    """The next opening, as a half day: the exact minute of opening is nobody's wish."""
    part = opening.part or wanted.part or Part.MORNING
    return Slot(opening.date, part, None).to_json()


def _end_visit(scene: Scene, state: VisitState) -> bool:
    visit = scene.db.exec(
        select(Visit).where(Visit.conversation_id == scene.conversation.id, Visit.state == VisitState.BOOKED),
    ).first()
    if visit is None:
        return False
    visit.state = state
    scene.db.add(visit)
    scene.db.flush()
    return True
