"""One turn as an effect sees it, and the few things that every effect does: tasks, ends, the branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from outreach import times
from outreach.clock import local
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    Branch,
    Conversation,
    ConversationState,
    Customer,
    Message,
    StaffTask,
    TaskKind,
    TaskState,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.times import Hours, Open, Slot

TASK_DUE: Mapping[TaskKind, timedelta] = {
    TaskKind.COMPLAINT: timedelta(0),  # at once
    TaskKind.HANDOVER: timedelta(hours=2),
    TaskKind.UNSENT: timedelta(hours=2),  # the customer waits for an answer
    TaskKind.LATE_REPLY: timedelta(hours=24),
}
DUE_OTHERWISE = timedelta(hours=48)


@dataclass
class Scene:
    """Everything an effect may look at and change, inside one transaction."""

    db: Session
    house: House
    now: datetime
    conversation: Conversation
    customer: Customer
    attempt: Attempt
    words: str
    channel: Channel
    """The channel the customer uses now, which need not be the one the conversation began on."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What the conversation has collected; an effect may correct it."""
    confirmation: bool = False
    """Set when the text of this turn confirms what it just closed."""
    transfer_to: str | None = None
    """The number that takes over the call, when a person does so at once."""
    reply: Message | None = None
    """What was answered; none where nothing was."""


def raise_task(scene: Scene, kind: TaskKind, note: str = "", due: datetime | None = None) -> None:
    """Add a task about what the customer just said, unless the conversation already has an open one of the kind."""
    leave_to_person(scene.db, scene.conversation, kind, note, scene.now, due=due, otherwise=scene.words)


def leave_to_person(
    db: Session,
    conversation: Conversation,
    kind: TaskKind,
    note: str,
    now: datetime,
    *,
    due: datetime | None = None,
    otherwise: str = "",
    message_id: UUID | None = None,
) -> None:
    """Add a task, or bring the conversation's open one of the kind up to date; `otherwise` is the note where there is none."""
    open_one = select(StaffTask).where(
        StaffTask.conversation_id == conversation.id, StaffTask.kind == kind, StaffTask.state == TaskState.OPEN
    )
    task = db.exec(open_one).first() or StaffTask(
        kind=kind, customer_id=conversation.customer_id, conversation_id=conversation.id, created_at=now
    )
    task.note = note or task.note or otherwise
    task.message_id = message_id or task.message_id
    task.due_at = due or now + TASK_DUE.get(kind, DUE_OTHERWISE)
    db.add(task)
    db.flush()


def finish_task(db: Session, conversation_id: UUID, kind: TaskKind, by: str, now: datetime, note: str = "") -> None:
    """Tick off what was done by itself, such as a call that somebody took at once; a note is added to the task's own."""
    open_one = select(StaffTask).where(
        StaffTask.conversation_id == conversation_id, StaffTask.kind == kind, StaffTask.state == TaskState.OPEN
    )
    for task in db.exec(open_one).all():
        task.state, task.done_at, task.done_by = TaskState.DONE, now, by
        task.note = "；".join(part for part in (task.note, note) if part)
        db.add(task)


def close(
    db: Session, conversation: Conversation, attempt: Attempt, outcome: str, reason: str | None, now: datetime
) -> None:
    """End a conversation and its attempt with one outcome."""
    conversation.state, conversation.outcome, conversation.reason = ConversationState.CLOSED, outcome, reason
    conversation.closed_at = now
    attempt.state, attempt.outcome, attempt.reason, attempt.closed_at = AttemptState.CLOSED, outcome, reason, now
    attempt.expires_at = attempt.followed_at = None
    db.add_all([conversation, attempt])


def branch(scene: Scene) -> Branch | None:
    """The branch the customer chose, or their own."""
    chosen = scene.kept.get("branch") or scene.customer.branch_id
    return scene.db.get(Branch, chosen) if chosen else None


def transfer_line(scene: Scene) -> str | None:
    """The number of whoever takes calls now: the branch in its hours, else the bank's own line in its hours."""
    here = local(scene.now)
    now = Slot(here.date(), None, here.time().replace(second=0, microsecond=0))
    at = branch(scene)
    if at and at.phone and isinstance(times.fits(now, Hours.from_json(at.hours), scene.house.calendar), Open):
        return at.phone
    line = scene.house.bank.calling.transfer
    return line.to if line and isinstance(times.fits(now, line.hours, scene.house.calendar), Open) else None
