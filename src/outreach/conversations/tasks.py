"""What staff do with a task: take it, give it back, put it off, finish it. Whoever comes second is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from outreach.conversations import outcomes
from outreach.explained import Explained
from outreach.model import AuditEntry, StaffTask, TaskKind, TaskResult, TaskState
from outreach.said import said

Change = Callable[[Session, StaffTask], None]
LONGEST_PUT_OFF = timedelta(days=365)


class CannotPutOff(Explained):
    """The task cannot be due then; says what would be right."""


class Overtaken(Exception):
    """Somebody changed the task after this person had seen it; its revision is what it is now, none where it is done."""

    def __init__(self, by: str, revision: int | None) -> None:
        super().__init__(by)
        self.by = by
        self.revision = revision


def take(db: Session, task_id: UUID, *, by: str, now: datetime, revision: int) -> StaffTask:
    """Make it one's own."""
    return _change(db, task_id, revision, by, now, "task_taken", owner=by)


def give_back(db: Session, task_id: UUID, *, by: str, why: str, now: datetime, revision: int) -> StaffTask:
    """Leave it to whoever takes it next."""
    return _change(db, task_id, revision, by, now, "task_given_back", why, owner=None)


def put_off(db: Session, task_id: UUID, due: datetime, *, by: str, why: str, now: datetime, revision: int) -> StaffTask:
    """Give it another due time, such as the one the customer named on the telephone; raises CannotPutOff."""
    if not now < due <= now + LONGEST_PUT_OFF:
        raise CannotPutOff(said("has to be after now and within a year"))
    return _change(db, task_id, revision, by, now, "task_put_off", why, due_at=due, owner=by)


def finish(
    db: Session, task_id: UUID, result: TaskResult, *, note: str, outcome: str | None, by: str, now: datetime,
    revision: int,
) -> StaffTask:  # fmt: skip
    """Say what came of it; an outcome goes back to the conversation. Raises CannotSetOutcome, and nothing is written."""
    done = {"state": TaskState.DONE, "done_at": now, "done_by": by, "result": result, "result_note": note}
    # The note stays beside the task, where it can be erased; the audit cannot forget.
    task = _change(db, task_id, revision, by, now, "task_finished", "", owner=by, **done)
    if outcome and task.conversation_id is not None:
        outcomes.settle(db, task.conversation_id, outcome, by=by, why=note, now=now)
    return task


def settle_for_customer(db: Session, customer_id: UUID, kind: TaskKind, *, by: str, now: datetime) -> None:
    """Tick off what somebody has just done elsewhere, such as correcting a number."""
    theirs = select(StaffTask).where(
        StaffTask.customer_id == customer_id, StaffTask.kind == kind, StaffTask.state == TaskState.OPEN
    )
    for task in db.exec(theirs.with_for_update()).all():
        task.state, task.done_at, task.done_by, task.result = TaskState.DONE, now, by, TaskResult.SETTLED
        task.revision, task.changed_by = task.revision + 1, by
        db.add(task)


def _change(
    db: Session, task_id: UUID, revision: int, by: str, now: datetime, verb: str, why: str = "", **changed: object
) -> StaffTask:
    task = db.exec(select(StaffTask).where(StaffTask.id == task_id).with_for_update()).one()
    if task.revision != revision or task.state is not TaskState.OPEN:
        raise Overtaken(task.changed_by or task.done_by or "", task.revision if task.state is TaskState.OPEN else None)
    for name, value in changed.items():
        setattr(task, name, value)
    task.revision, task.changed_by = task.revision + 1, by
    told = {"kind": str(task.kind)} | ({"result": str(task.result)} if task.result else {})
    db.add_all([task, AuditEntry(at=now, who=by, verb=verb, what=task.id, why=why, details=told)])
    db.flush()
    return task
