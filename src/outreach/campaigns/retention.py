"""Keep each kind of record as long as policy.yml says, and then forget it. What was refused is never forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, exists, func, text, update
from sqlmodel import Session, SQLModel, col, select

from outreach.clock import Clock, machine_now
from outreach.model import (
    Attempt,
    Consent,
    Conversation,
    ConversationState,
    Message,
    Recording,
    Sessions,
    StaffSession,
    StaffTask,
    TaskState,
)
from outreach.model.forgetting import forget, key_of
from outreach.rules.delivery import AttemptState
from outreach.rules.policy import Policy
from outreach.rules.retention import FOREVER

BATCH = 500
"""Rows in one transaction: a table is never locked for long, and a run that is broken off has lost nothing."""


@dataclass(frozen=True)
class Kind:
    """How one kind of record is found and forgotten."""

    due: Callable[[datetime], ColumnElement[bool]]
    table: type[SQLModel]
    clear: Mapping[str, Any] | None = None
    """The columns that are emptied while the row stays; none where the row goes."""
    machine_time: bool = False


@dataclass(frozen=True)
class Due:
    """What of one kind has been kept long enough."""

    kind: str
    days: int | str
    before: datetime | None
    rows: int
    note: str = ""


KINDS: Mapping[str, Kind] = {
    "call_recordings": Kind(
        lambda before: col(Recording.sound).is_not(None) & (col(Recording.announced_at) < before),
        Recording, {"sound": None},
    ),
    "conversations": Kind(
        lambda before: (col(Conversation.state) == ConversationState.CLOSED) & (col(Conversation.closed_at) < before),
        Conversation,
    ),
    "attempts": Kind(
        lambda before: (col(Attempt.state) == AttemptState.CLOSED)
        & (col(Attempt.closed_at) < before)
        & ~exists().where(col(Conversation.attempt_id) == col(Attempt.id)),
        Attempt,
    ),
    "verdicts": Kind(
        lambda before: (col(Attempt.verdict) != {}) & (col(Attempt.closed_at) < before), Attempt, {"verdict": {}}
    ),
    "consents": Kind(
        lambda before: func.least(col(Consent.withdrawn_at), col(Consent.expires_at)) < before, Consent
    ),
    "staff_tasks": Kind(lambda before: (col(StaffTask.state) == TaskState.DONE) & (col(StaffTask.done_at) < before), StaffTask),
    "staff_sessions": Kind(lambda before: col(StaffSession.seen_at) < before, StaffSession, machine_time=True),
}  # fmt: skip
"""In this order: what hangs on something goes before it."""

ELSEWHERE: Mapping[str, str] = {
    "suppressions": "kept as a keyed hash, whoever is deleted",
    "audit": "chained: the database refuses to delete an entry; archive whole years with a backup",
    "carrier_copies": "deleted at the carrier by the workers as soon as they are fetched",
    "carrier_events": "webhooks are not kept beside the rows they change",
    "import_files": "lists are read where they lie; no copy is kept",
    "exports": "written where the command says; no copy is kept",
    "bot_tracker": "forgotten after each turn",
}
"""Kinds that a run has nothing to do for, and why."""

UNASKED = "conversations"
"""Texts of people whom no conversation belongs to are kept as long as conversations."""


def due(db: Session, policy: Policy, clock: Clock) -> list[Due]:
    """What has been kept long enough, by kind."""
    found = []
    for kind, keep in policy.retention.items():
        if kind in ELSEWHERE or keep.days == FOREVER:
            found.append(Due(kind, keep.days, None, 0, ELSEWHERE.get(kind, "kept")))
            continue
        before = _before(kind, int(keep.days), clock)
        found.append(Due(kind, keep.days, before, _count(db, kind, before)))
    return found


def run(sessions: Sessions, policy: Policy, clock: Clock) -> Iterator[Due]:
    """Forget what has been kept long enough, some rows a transaction; gives each kind when it is done."""
    days = {kind: int(keep.days) for kind, keep in policy.retention.items() if keep.days != FOREVER}
    for kind in [*KINDS, "finished_jobs"]:
        if kind not in days:
            continue
        before = _before(kind, days[kind], clock)
        yield Due(kind, days[kind], before, sum(_forgotten(sessions, kind, before)))


def _before(kind: str, days: int, clock: Clock) -> datetime:
    machine = kind == "finished_jobs" or KINDS[kind].machine_time
    return (machine_now() if machine else clock.now()) - timedelta(days=days)


def _count(db: Session, kind: str, before: datetime) -> int:
    if kind == "finished_jobs":
        return int(db.execute(text(f"SELECT count(*) {JOBS}"), {"before": before}).scalar_one())
    one = KINDS[kind]
    rows = db.exec(select(func.count()).select_from(one.table).where(one.due(before))).one()
    return rows + (
        db.exec(select(func.count()).select_from(Message).where(_unasked(before))).one() if kind == UNASKED else 0
    )


def _forgotten(sessions: Sessions, kind: str, before: datetime) -> Iterator[int]:
    """Forget batch by batch; gives how many each had."""
    while True:
        with sessions.begin() as db:
            rows = _forget_some(db, kind, before)
        if not rows:
            return
        yield rows


def _forget_some(db: Session, kind: str, before: datetime) -> int:
    if kind == "finished_jobs":
        gone = text(f"DELETE FROM procrastinate_jobs WHERE id IN (SELECT id {JOBS} LIMIT {BATCH})")  # noqa: S608 - ours
        return int(db.execute(gone, {"before": before}).rowcount)  # type: ignore[attr-defined]
    one = KINDS[kind]
    table: Table = one.table.__table__  # type: ignore[attr-defined]
    ids = _ids(db, table, one.due(before))
    if one.clear is not None:
        if ids:
            db.execute(update(table).where(key_of(table).in_(ids)).values(**one.clear))
        return len(ids)
    gone_rows = forget(db, table, ids)
    if kind == UNASKED and not gone_rows:
        messages: Table = Message.__table__  # type: ignore[attr-defined]
        return forget(db, messages, _ids(db, messages, _unasked(before)))
    return gone_rows


def _ids(db: Session, table: Table, due_now: ColumnElement[bool]) -> Sequence[Any]:
    return db.execute(select(key_of(table)).where(due_now).limit(BATCH)).scalars().all()


def _unasked(before: datetime) -> ColumnElement[bool]:
    return col(Message.conversation_id).is_(None) & (col(Message.at) < before)


JOBS = (
    "FROM procrastinate_jobs AS job WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS "
    "(SELECT 1 FROM procrastinate_events AS event WHERE event.job_id = job.id AND event.at >= :before)"
)
