"""Find tasks: open ones with the most overdue first, done ones with the latest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import Session, col, select, tuple_

from outreach.model import Branch, Customer, StaffTask, TaskKind, TaskState

PAGE = 50
NOBODY = "-"
"""Filters for tasks that nobody has taken."""
NEVER = text("'infinity'::timestamptz")


@dataclass(frozen=True)
class TaskFilters:
    """What is looked for; empty fields do not matter."""

    state: Literal["open", "done"] = "open"
    kind: TaskKind | None = None
    branch: UUID | None = None
    owner: str = ""
    """A login, or NOBODY."""
    after: UUID | None = None
    """Only tasks after this one: the last of the page above."""


@dataclass(frozen=True)
class TaskRow:
    """A task with whom it is about."""

    task: StaffTask
    customer: Customer | None
    branch: Branch | None

    def overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.task.state is TaskState.OPEN and self.task.due_at is not None and self.task.due_at <= now


@dataclass(frozen=True)
class TaskPage:
    """A page of tasks, and where the next one begins."""

    rows: Sequence[TaskRow]
    next_after: UUID | None


def find(db: Session, filters: TaskFilters, branch: UUID | None, limit: int = PAGE) -> TaskPage:
    """One page of what matches, of one branch's customers only where `branch` says so."""
    rows = _rows(branch).where(StaffTask.state == filters.state)
    if filters.kind:
        rows = rows.where(StaffTask.kind == filters.kind)
    if filters.branch:
        rows = rows.where(Customer.branch_id == filters.branch)
    if filters.owner == NOBODY:
        rows = rows.where(col(StaffTask.owner).is_(None))
    elif filters.owner:
        rows = rows.where(StaffTask.owner == filters.owner)
    last = db.get(StaffTask, filters.after) if filters.after else None
    due = func.coalesce(StaffTask.due_at, NEVER)
    if filters.state == "open":
        if last:
            here = func.coalesce(last.due_at, NEVER)
            rows = rows.where(tuple_(due, col(StaffTask.id)) > tuple_(here, last.id))
        rows = rows.order_by(due, col(StaffTask.id))
    else:
        if last:
            rows = rows.where(tuple_(col(StaffTask.done_at), col(StaffTask.id)) < tuple_(last.done_at, last.id))
        rows = rows.order_by(col(StaffTask.done_at).desc(), col(StaffTask.id).desc())
    found = [TaskRow(*row) for row in db.exec(rows.limit(limit + 1)).all()]
    shown = found[:limit]
    return TaskPage(shown, shown[-1].task.id if len(found) > limit else None)


def one(db: Session, task_id: UUID, branch: UUID | None) -> TaskRow | None:
    """One task, or None where there is none that may be seen."""
    row = db.exec(_rows(branch).where(StaffTask.id == task_id)).first()
    return TaskRow(*row) if row else None


def counted(db: Session, branch: UUID | None, now: datetime) -> Mapping[str, int]:
    """How many are open, and how many of these are overdue."""
    rows = select(func.count(), func.count().filter(col(StaffTask.due_at) <= now)).select_from(StaffTask)
    if branch:
        rows = rows.join(Customer, col(Customer.id) == col(StaffTask.customer_id)).where(Customer.branch_id == branch)
    waiting, late = db.exec(rows.where(StaffTask.state == TaskState.OPEN)).one()
    return {"open": waiting, "overdue": late}


def _rows(branch: UUID | None) -> Any:
    rows = (
        select(StaffTask, Customer, Branch)
        .join(Customer, col(Customer.id) == col(StaffTask.customer_id), isouter=True)
        .join(Branch, col(Branch.id) == col(Customer.branch_id), isouter=True)
    )
    return rows.where(Customer.branch_id == branch) if branch else rows
