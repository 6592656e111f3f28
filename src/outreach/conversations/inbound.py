"""Take in a text the moment it arrives: stored once, keywords decided, the rest left to the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.conversations import instruction, turn
from outreach.conversations.house import House
from outreach.model import (
    Conversation,
    ConversationState,
    Customer,
    Message,
    Side,
    StaffTask,
    TaskKind,
    suppressions,
)
from outreach.model.columns import new_id
from outreach.model.suppression import Source
from outreach.rules import keywords
from outreach.rules.channel import Channel
from outreach.rules.keywords import Keyword
from outreach.rules.redaction import redact

log = structlog.get_logger()

NO_MORE_CHARACTERS = 12_000
"""A text of the carrier has at most 1,600; what is longer is not a text, and the store keeps its beginning."""


@dataclass(frozen=True)
class Arrived:
    """A text as it came in."""

    carrier: str
    ref: str
    phone_hash: bytes
    text: str
    media: int
    at: datetime


def accept(db: Session, house: House, arrived: Arrived) -> UUID | None:
    """Store a text once; the conversation that now waits for an answer, or None when nothing does."""
    customer, conversation = _parties(db, arrived.phone_hash)
    message = _store(db, arrived, customer, conversation)
    if message is None:
        return None
    keyword = keywords.decide(arrived.text)
    if conversation is None:
        _without_conversation(db, arrived, customer, message, keyword)
        return None
    # A text that was fetched late came before others that were heard in time.
    conversation.last_heard_at = max(arrived.at, conversation.last_heard_at or arrived.at)
    db.add(conversation)
    if keyword:
        turn.settle_without_bot(
            db, house, arrived.at, conversation.id, message, instruction.reading(keyword, arrived.text, Channel.SMS)
        )
        return None
    return conversation.id


def _store(
    db: Session, arrived: Arrived, customer: Customer | None, conversation: Conversation | None
) -> Message | None:
    """Insert the text unless the carrier's id is known: the database decides, not a look beforehand."""
    row: dict[str, Any] = {
        "id": new_id(),
        "conversation_id": conversation.id if conversation else None,
        "customer_id": customer.id if customer else None,
        "phone_hash": arrived.phone_hash,
        "side": Side.CUSTOMER,
        "channel": Channel.SMS,
        "text": redact(arrived.text[:NO_MORE_CHARACTERS].replace("\x00", "")),
        "media": arrived.media,
        "at": arrived.at,
        "carrier": arrived.carrier,
        "carrier_ref": arrived.ref,
        "starts_contact": False,
        "confirmation": False,
        "lines": [],
        "tries": 0,
        "segments": 0,
        "verdict": {},
        "heard": {},
    }
    stored = db.execute(insert(Message).values(**row).on_conflict_do_nothing().returning(Message)).scalar_one_or_none()
    if stored is None:
        log.info("text_repeated", ref=arrived.ref)
    return stored


def _parties(db: Session, phone_hash: bytes) -> tuple[Customer | None, Conversation | None]:
    """Who wrote, and the conversation it belongs to: the open one, else the latest."""
    ordered = (
        select(Customer, Conversation)
        .select_from(Customer)
        .outerjoin(Conversation, col(Conversation.customer_id) == col(Customer.id))
        .where(Customer.phone_hash == phone_hash)
        .order_by(col(Conversation.state) == ConversationState.CLOSED, col(Conversation.opened_at).desc())
    )
    found = db.exec(ordered.limit(1)).first()
    return found or (None, None)


def _without_conversation(
    db: Session, arrived: Arrived, customer: Customer | None, message: Message, keyword: Keyword | None
) -> None:
    """Honour a stop from anybody; leave other words to a person."""
    message.answered_at = arrived.at
    db.add(message)
    customer_id = customer.id if customer else None
    if keyword and keyword.kind == "opt_out":
        suppressions.add(db, arrived.phone_hash, keyword.channel, Source.SAID, arrived.text, arrived.at, customer_id)
        return
    if keyword and keyword.kind == "opt_in":
        suppressions.lift(
            db, arrived.phone_hash, by="customer", why=arrived.text, now=arrived.at, sources=suppressions.CUSTOMERS_OWN
        )
        return
    db.add(
        StaffTask(
            kind=TaskKind.LATE_REPLY if customer else TaskKind.UNKNOWN_SENDER,
            customer_id=customer_id,
            message_id=message.id,
            note=message.text,
            created_at=arrived.at,
        ),
    )
