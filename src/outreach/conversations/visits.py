"""Book, move and call off visits: the branch must be open and have room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func
from sqlmodel import select

from outreach import times
from outreach.clock import local
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
    scene.kept.pop("visit_time", None)
    if _is_past(slot, local(scene.now)):
        return "past"
    hours = Hours.from_json(at.hours)
    fit = times.fits(slot, hours, scene.house.calendar)
    if isinstance(fit, Closed):
        scene.kept["proposed"] = _proposal(fit.next_opening, slot)
        return "closed"
    part = slot.part or Part.MORNING
    if not _has_room(scene, at, slot.date, part):
        after = datetime.combine(slot.date, NOON if part is Part.MORNING else SIX)
        scene.kept["proposed"] = _proposal(times.next_opening(after, hours, scene.house.calendar), slot)
        return "full"
    _end_visit(scene, VisitState.MOVED)
    scene.db.add(
        Visit(
            customer_id=scene.customer.id,
            conversation_id=scene.conversation.id,
            branch_id=at.id,
            date=slot.date,
            part=part,
            hour=slot.hour,
            booked_at=scene.now,
        ),
    )
    scene.db.flush()
    return "booked"


def cancel_visit(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Call off the standing visit."""
    return "cancelled" if _end_visit(scene, VisitState.CANCELLED) else "none"


def _is_past(slot: Slot, here: datetime) -> bool:
    if slot.date is None or slot.date > here.date():
        return False
    ends = slot.hour or {Part.MORNING: NOON, Part.AFTERNOON: SIX}.get(slot.part or Part.EVENING, time(23, 59))
    return slot.date < here.date() or ends <= here.time()


def _has_room(scene: Scene, at: Branch, day: date, part: Part) -> bool:
    if at.visits_per_half_day is None:
        return True
    # The branch row is the lock: two customers cannot take the last place at once.
    scene.db.exec(select(Branch.id).where(Branch.id == at.id).with_for_update()).one()
    others = (
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.branch_id == at.id,
            Visit.date == day,
            Visit.part == part,
            Visit.state == VisitState.BOOKED,
            Visit.conversation_id != scene.conversation.id,
        )
    )
    return scene.db.exec(others).one() < at.visits_per_half_day


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
