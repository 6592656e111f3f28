"""One task: what it is about, whose it is, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach.campaigns import customer_record
from outreach.clock import at_the_bank
from outreach.conversations import task_list, tasks
from outreach.conversations.outcomes import CannotSetOutcome
from outreach.conversations.task_list import TaskRow
from outreach.conversations.tasks import CannotPutOff, Overtaken
from outreach.model import Conversation, TaskResult
from outreach.scripts.names import outcomes
from outreach.staff.permissions import Permission
from outreach.web.console import problems
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotRead, NotThere
from outreach.web.console.reading import Sent, Why, Words

router = APIRouter()


@dataclass(frozen=True)
class Seen:
    """The task as the form was drawn from it."""

    revision: int
    why: Words = ""


@dataclass(frozen=True)
class PutOff:
    """A later due time."""

    revision: int
    due: datetime
    why: Words


@dataclass(frozen=True)
class Finish:
    """What came of the task, and of the conversation."""

    revision: int
    result: TaskResult
    note: Words
    outcome: str | None = None


@router.get("/tasks/{task_id}")
def show(desk: Annotated[Desk, For(Permission.DO_TASKS)], task_id: UUID) -> Response:
    """The whole task; the number stays masked. That it was looked at is in the audit."""
    with desk.runtime.sessions.begin() as db:
        answer = _page(desk, db, task_id)
        desk.note(db, "task_viewed", task_id)
        return answer


@router.post("/tasks/{task_id}/number")
def show_number(
    desk: Annotated[Desk, For(Permission.UNMASK)], task_id: UUID, asked: Annotated[Why, Sent(Why)]
) -> Response:
    """The page with the customer's whole number and those in the note, for whoever says why."""
    with desk.runtime.sessions.begin() as db:
        customer = _task(desk, db, task_id).customer
        if customer is None:  # of an unknown sender there are words only
            desk.note(db, "words_shown", task_id, asked.why)
            return _page(desk, db, task_id, whole=True)
        number = customer_record.shown_number(
            db, customer, desk.runtime.sealer, desk.person.login, asked.why, desk.runtime.clock.now()
        )
        return _page(desk, db, task_id, number, whole=True)


@router.post("/tasks/{task_id}/take")
def take(desk: Annotated[Desk, For(Permission.DO_TASKS)], task_id: UUID, seen: Annotated[Seen, Sent(Seen)]) -> Response:
    """Make it one's own."""
    return _change(desk, task_id, "taken", lambda db, common: tasks.take(db, task_id, revision=seen.revision, **common))


@router.post("/tasks/{task_id}/give-back")
def give_back(
    desk: Annotated[Desk, For(Permission.DO_TASKS)], task_id: UUID, seen: Annotated[Seen, Sent(Seen)]
) -> Response:
    """Leave it to whoever takes it next."""
    return _change(
        desk, task_id, "given_back",
        lambda db, common: tasks.give_back(db, task_id, why=seen.why, revision=seen.revision, **common),
    )  # fmt: skip


@router.post("/tasks/{task_id}/put-off")
def put_off(
    desk: Annotated[Desk, For(Permission.DO_TASKS)], task_id: UUID, asked: Annotated[PutOff, Sent(PutOff)]
) -> Response:
    """Do it at another time."""
    due = at_the_bank(asked.due)
    return _change(
        desk, task_id, "saved",
        lambda db, common: tasks.put_off(db, task_id, due, why=asked.why, revision=asked.revision, **common),
    )  # fmt: skip


@router.post("/tasks/{task_id}/finish")
def finish(
    desk: Annotated[Desk, For(Permission.DO_TASKS)], task_id: UUID, said: Annotated[Finish, Sent(Finish)]
) -> Response:
    """Say what came of it."""

    def done(db: Session, common: dict[str, Any]) -> None:
        tasks.finish(db, task_id, said.result, note=said.note, outcome=said.outcome, revision=said.revision, **common)

    return _change(desk, task_id, "finished", done)


def _change(desk: Desk, task_id: UUID, done: str, change: Callable[[Session, dict[str, Any]], object]) -> Response:
    try:
        with desk.runtime.sessions.begin() as db:
            _task(desk, db, task_id)
            change(db, {"by": desk.person.login, "now": desk.runtime.clock.now()})
    except Overtaken as other:
        again = None if other.revision is None else {"revision": str(other.revision)}
        raise problems.Overtaken(other.by, f"/tasks/{task_id}", again) from None
    except CannotSetOutcome as wrong:
        raise NotRead([("outcome", wrong.told)]) from None
    except CannotPutOff as wrong:
        raise NotRead([("due", wrong.told)]) from None
    return desk.go(f"/tasks/{task_id}", done=done)


def _task(desk: Desk, db: Session, task_id: UUID) -> TaskRow:
    row = task_list.one(db, task_id, desk.person.branch_id)
    if row is None:
        raise NotThere
    return row


def _page(desk: Desk, db: Session, task_id: UUID, number: str | None = None, *, whole: bool = False) -> Response:
    row = _task(desk, db, task_id)
    conversation = db.get(Conversation, row.task.conversation_id) if row.task.conversation_id else None
    sealed = row.customer.phone_sealed if row.customer else None
    return desk.page(
        "task.html", row=row, conversation=conversation, number=number, whole=whole, now=desk.runtime.clock.now(),
        masked=desk.runtime.sealer.open(sealed) if sealed else None, results=list(TaskResult), outcomes=list(outcomes()),
    )  # fmt: skip
