"""Who comes to a branch, by day or by week; what came of it; another time."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session, col, select

from outreach.clock import local
from outreach.conversations import visit_changes, visit_list
from outreach.conversations.visit_changes import Changed, NotYet
from outreach.conversations.visit_list import VisitRow
from outreach.conversations.visits import Obstacle
from outreach.model import Branch, VisitState
from outreach.said import said
from outreach.staff.permissions import Permission
from outreach.times import Part, Slot
from outreach.web.console import downloads, problems
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotRead, NotThere
from outreach.web.console.reading import Asked, Sent, Words, given
from outreach.web.console.tables import Tables

router = APIRouter()

WEEK = 7


@dataclass(frozen=True)
class Days:
    """Which days, and whose visits."""

    day: date | None = None
    span: Literal["day", "week"] = "day"
    branch: UUID | None = None


@dataclass(frozen=True)
class Came:
    """Whether the customer came."""

    seen: VisitState
    state: VisitState


@dataclass(frozen=True)
class Move:
    """Another time."""

    seen: VisitState
    date: date
    part: Part
    hour: time | None = None
    why: Words = ""


@router.get("/visits.{form}")
def export(
    desk: Annotated[Desk, For(Permission.KEEP_VISITS)], form: str, days: Annotated[Days, Asked(Days)]
) -> Response:
    """The same days as a file; that they were taken away is in the audit."""
    form = downloads.form_of(form)
    first, count = _span(desk, days)
    with desk.runtime.sessions.begin() as db:
        rows = visit_list.between(db, first, count, desk.person.branch_id, downloads.MOST_ROWS + 1, at=days.branch)
        downloads.whole(rows)
        desk.note(db, "visits_exported", asked=given(days), form=form, rows=len(rows))
    return downloads.table(Tables(desk.person, desk.language).visits(rows), f"visits-{first}", form)


@router.get("/visits")
def show(desk: Annotated[Desk, For(Permission.KEEP_VISITS)], days: Annotated[Days, Asked(Days)]) -> Response:
    """One day, or the week that a day lies in."""
    today = local(desk.runtime.clock.now()).date()
    first, count = _span(desk, days)
    own = desk.person.branch_id
    with desk.runtime.sessions.begin() as db:
        desk.note(db, "visits_listed", asked=given(days))
        found = visit_list.between(db, first, count, own, at=days.branch)
        branches = [] if own else db.exec(select(Branch).order_by(col(Branch.name))).all()
    by_day = [(day, [row for row in found if row.visit.date == day]) for day in _each(first, count)]
    return desk.page(
        "visits.html", by_day=by_day, days=days, first=first, before=first - timedelta(days=count), today=today,
        after=first + timedelta(days=count), branches=branches, cut=len(found) == visit_list.MOST,
    )  # fmt: skip


@router.post("/visits/{visit_id}/came")
def say(
    desk: Annotated[Desk, For(Permission.KEEP_VISITS)], visit_id: UUID, typed: Annotated[Came, Sent(Came)]
) -> Response:
    """Say that the customer came, or did not."""
    try:
        with desk.runtime.sessions.begin() as db:
            row = _kept(desk, db, visit_id)
            day = row.visit.date
            visit_changes.say(
                db, visit_id, typed.state, seen=typed.seen, by=desk.person.login, now=desk.runtime.clock.now()
            )
    except Changed as other:
        raise _overtaken(other, visit_id, visit_changes.SETTLED_FROM) from None
    except NotYet:
        raise NotRead([("state", said("the visit is on %(day)s; say it on that day or later", day=day))]) from None
    return desk.go(f"/visits?day={day}", done="saved")


@router.get("/visits/{visit_id}")
def ask(desk: Annotated[Desk, For(Permission.KEEP_VISITS)], visit_id: UUID) -> Response:
    """One visit, with the form that moves it."""
    with desk.runtime.sessions.begin() as db:
        row = _visit(desk, db, visit_id)
        desk.note(db, "visit_viewed", visit_id)
        return _page(desk, db, row)


@router.post("/visits/{visit_id}/move")
def move(
    desk: Annotated[Desk, For(Permission.KEEP_VISITS)], visit_id: UUID, asked: Annotated[Move, Sent(Move)]
) -> Response:
    """Agree on another time, if the branch is open then and has room."""
    slot = Slot(asked.date, asked.part, asked.hour)
    try:
        with desk.runtime.sessions.begin() as db:
            row = _kept(desk, db, visit_id)
            moved = visit_changes.move(
                db, desk.runtime.house, visit_id, slot, seen=asked.seen, by=desk.person.login, why=asked.why,
                now=desk.runtime.clock.now(),
            )  # fmt: skip
            if isinstance(moved, Obstacle):
                return _page(desk, db, row, moved, asked)
    except Changed as other:
        raise _overtaken(other, visit_id, visit_changes.MOVED_FROM) from None
    return desk.go(f"/visits?day={asked.date}", done="moved")


def _span(desk: Desk, days: Days) -> tuple[date, int]:
    """The first day that is asked for, and how many."""
    first = days.day or local(desk.runtime.clock.now()).date()
    return (first - timedelta(days=first.weekday()), WEEK) if days.span == "week" else (first, 1)


def _visit(desk: Desk, db: Session, visit_id: UUID) -> VisitRow:
    row = visit_list.one(db, visit_id, desk.person.branch_id)
    if row is None:
        raise NotThere
    return row


def _kept(desk: Desk, db: Session, visit_id: UUID) -> VisitRow:
    """A visit that this person may change: one that is booked where they are."""
    row = _visit(desk, db, visit_id)
    if not row.kept_by(desk.person.branch_id):
        raise NotThere
    return row


def _page(
    desk: Desk, db: Session, row: VisitRow, obstacle: Obstacle | None = None, asked: Move | None = None
) -> Response:
    return desk.page(
        "visit.html", 422 if obstacle else 200, row=row, about=visit_list.about(db, row), parts=list(Part),
        obstacle=obstacle, asked=asked,
    )  # fmt: skip


def _overtaken(other: Changed, visit_id: UUID, possible: Container[VisitState]) -> problems.Overtaken:
    again = {"seen": str(other.state)} if other.state in possible else None
    return problems.Overtaken(other.by, f"/visits/{visit_id}", again)


def _each(first: date, count: int) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range(count)]
