"""Keep and lift standing instructions; effective for everything pending at the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, or_, select

from outreach.model.attempt import Attempt
from outreach.model.audit import AuditEntry
from outreach.model.columns import new_id
from outreach.model.conversation import Conversation, ConversationState
from outreach.model.customer import Customer
from outreach.model.message import Message, Side
from outreach.model.suppression import Source, Suppression
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState

OPTED_OUT = "opted_out"


def add(
    db: Session,
    phone_hash: bytes,
    channel: Channel | None,
    source: Source,
    words: str,
    now: datetime,
    customer_id: UUID | None = None,
) -> bool:
    """Suppress a number on a channel, or on all; False when that stood already. Cancels what was pending."""
    row = {"id": new_id(), "phone_hash": phone_hash, "customer_id": customer_id, "channel": channel}
    added = db.execute(
        insert(Suppression)
        .values(**row, source=source, words=words, at=now)
        .on_conflict_do_nothing()
        .returning(col(Suppression.id)),
    ).first()
    held = select(Customer.id).where(Customer.phone_hash == phone_hash)
    for customer in db.exec(held).all():
        drop_pending(db, customer, OPTED_OUT, now, channel)
    return added is not None


def drop_pending(db: Session, customer_id: UUID, reason: str, now: datetime, channel: Channel | None = None) -> None:
    """Cancel every attempt not yet begun and every text not yet requested; an opening that is dropped ends its attempt."""
    attempts = update(Attempt).where(
        col(Attempt.customer_id) == customer_id, col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE])
    )
    texts = update(Message).where(
        col(Message.customer_id) == customer_id,
        col(Message.side) == Side.BANK,
        # A claimed one, too: whoever holds it finds that out before the request.
        col(Message.state).in_([MessageState.QUEUED, MessageState.CLAIMED]),
        col(Message.confirmation).is_(False),
    )
    if channel is not None:
        attempts = attempts.where(col(Attempt.channel) == channel)
        texts = texts.where(col(Message.channel) == channel)
    closed = {"outcome": "not_permitted", "reason": reason, "closed_at": now}
    db.execute(attempts.values(state=AttemptState.CLOSED, **closed))
    dropped = db.execute(
        texts.values(state=MessageState.REJECTED, error_code=reason, lease_until=None).returning(
            col(Message.conversation_id), col(Message.starts_contact)
        )
    ).all()
    # Nobody was contacted, so nobody will answer: what they would have begun is over.
    if unbegun := [conversation for conversation, starts_contact in dropped if starts_contact]:
        ended = update(Conversation).where(
            col(Conversation.id).in_(unbegun), col(Conversation.state) != ConversationState.CLOSED
        )
        db.execute(ended.values(state=ConversationState.CLOSED, **closed))
        begun = select(Conversation.attempt_id).where(col(Conversation.id).in_(unbegun))
        attempts = update(Attempt).where(col(Attempt.id).in_(begun), col(Attempt.state) != AttemptState.CLOSED)
        db.execute(attempts.values(state=AttemptState.CLOSED, expires_at=None, **closed))


CUSTOMERS_OWN = (Source.SAID, Source.CARRIER)
"""What a customer's START may lift: what they asked for themselves, not what staff or a list decided."""


def lift(
    db: Session, phone_hash: bytes, *, by: str, why: str, now: datetime, sources: Sequence[Source] = tuple(Source)
) -> int:
    """Lift what stands for a number; how many were lifted. Only an explicit START or a named person may."""
    standing = db.exec(
        select(Suppression).where(
            Suppression.phone_hash == phone_hash,
            col(Suppression.lifted_at).is_(None),
            col(Suppression.source).in_(sources),
        ),
    ).all()
    for suppression in standing:
        suppression.lifted_at, suppression.lifted_by, suppression.lifted_why = now, by, why
        db.add(suppression)
        db.add(AuditEntry(at=now, who=by, verb="suppression_lifted", what=suppression.id, why=why))
    return len(standing)


def carry(db: Session, customer_id: UUID, before: bytes | None, after: bytes) -> None:
    """What a customer has refused, they have refused under their new number, too."""
    theirs = or_(col(Suppression.customer_id) == customer_id, col(Suppression.phone_hash) == before)
    standing = select(Suppression).where(theirs, col(Suppression.lifted_at).is_(None), Suppression.phone_hash != after)
    for one in db.exec(standing).all():
        carried = one.model_dump() | {"id": new_id(), "phone_hash": after, "customer_id": customer_id}
        db.execute(insert(Suppression).values(carried).on_conflict_do_nothing())


def standing(phone_hash: Any, channel: Channel) -> ColumnElement[bool]:
    """That a number, or a column of numbers, is suppressed on a channel."""
    return exists().where(
        col(Suppression.phone_hash) == phone_hash,
        col(Suppression.lifted_at).is_(None),
        or_(col(Suppression.channel).is_(None), col(Suppression.channel) == channel),
    )


def stands(db: Session, phone_hash: bytes, channel: Channel) -> bool:
    """Whether a number is suppressed on a channel."""
    return bool(db.scalar(sql_select(standing(phone_hash, channel))))
