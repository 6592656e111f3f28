"""The account's lines: so many calls a second and so many at once, over all workers."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.clock import machine_now
from outreach.conversations.bank import Calling
from outreach.model import Call, Message
from outreach.rules.delivery import MessageState

LOCK = 0x63616C6C
"""Advisory lock of the one claim that counts lines; released when its transaction ends."""


def free_lines(db: Session, calling: Calling) -> int:
    """How many calls may be placed now. Whoever asks holds the count until the transaction ends."""
    db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    # 0.5 a second is one every two seconds.
    span = timedelta(seconds=max(1.0, 1 / calling.calls_per_second))
    share = max(1, math.floor(calling.calls_per_second))
    placed = select(func.count()).select_from(Call).where(Call.claimed_at > machine_now() - span)
    return max(0, min(share - db.exec(placed).one(), calling.calls_at_once - _lines_taken(db)))


def all_taken(db: Session, calling: Calling) -> bool:
    """Whether no call can begin before another ends, whatever the pace."""
    return _lines_taken(db) >= calling.calls_at_once


def going_on(calls: Any) -> Any:
    """Of some calls those that take a line."""
    return calls.join(Message, col(Message.id) == col(Call.id)).where(
        col(Call.ended_at).is_(None), Message.state != MessageState.QUEUED
    )


def _lines_taken(db: Session) -> int:
    return int(db.exec(going_on(select(func.count()).select_from(Call))).one())


def take_line(db: Session, call_id: UUID, conversation_id: UUID, recorded: bool) -> None:
    """Note that a call is about to be placed; one that provably was not placed before takes its line anew."""
    now = machine_now()
    row = insert(Call).values(id=call_id, conversation_id=conversation_id, claimed_at=now, recorded=recorded)
    db.execute(row.on_conflict_do_update(index_elements=["id"], set_={"claimed_at": now}))
