"""What is queued and may be claimed now, permission aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select, text
from sqlmodel import Session, col

from outreach.model import Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState

DUE = func.coalesce(Message.not_before, text("'-infinity'::timestamptz"))
"""The index's own expression: a million rows that wait for later are never looked at."""


def channels(db: Session, now: datetime) -> frozenset[Channel]:
    """The channels on which something is queued that may be claimed now, permission aside."""
    queued = [
        exists().where(
            col(Message.state) == MessageState.QUEUED,
            col(Message.channel) == channel,
            col(Message.starts_contact).in_([True, False]),  # the index's first columns, so that its third narrows
            now >= DUE,
        )
        for channel in Channel
    ]
    found = db.execute(select(*queued)).one()
    return frozenset(channel for channel, waits in zip(Channel, found, strict=True) if waits)


def locked(db: Session, channel: Channel, now: datetime, limit: int, *, starts_contact: bool) -> list[Message]:
    """The texts or calls that waited longest, skipping those somebody else looks at; locked until the transaction ends."""
    if limit <= 0:
        return []
    return list(
        db.execute(
            select(Message)
            .where(
                col(Message.state) == MessageState.QUEUED,
                col(Message.side) == Side.BANK,
                col(Message.channel) == channel,
                col(Message.starts_contact).is_(starts_contact),
                now >= DUE,
            )
            .order_by(DUE, col(Message.position))
            .limit(limit)
            .with_for_update(skip_locked=True),
        ).scalars()
    )
