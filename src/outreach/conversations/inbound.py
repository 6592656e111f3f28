"""Take in a text the moment it arrives: stored once, keywords decided, the rest left to the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Integer, LargeBinary, String, Uuid, bindparam, text
from sqlmodel import Session

from outreach.conversations import instruction, turn
from outreach.conversations.house import House
from outreach.model import Message, StaffTask, TaskKind, suppressions
from outreach.model.columns import UtcTime, new_id
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
    stored = _store(db, arrived)
    if stored is None:
        log.info("text_repeated", ref=arrived.ref)
        return None
    keyword = keywords.decide(arrived.text)
    if stored.conversation_id is None:
        _without_conversation(db, arrived, db.get_one(Message, stored.id), keyword)
        return None
    if keyword:
        message = db.get_one(Message, stored.id)
        intent = instruction.reading(keyword, arrived.text, Channel.SMS)
        turn.settle_without_bot(db, house, arrived.at, stored.conversation_id, message, intent)
        return None
    waiting: UUID = stored.conversation_id
    return waiting


# One journey, since the carrier waits meanwhile: who wrote, the conversation it belongs to (the open one, else the latest), and
# the text itself unless its id is known, which the database decides and not a look beforehand. A text that was fetched late
# came before others that were heard in time.
STORE = text("""
    WITH party AS (
        SELECT customer.id AS customer_id, conversation.id AS conversation_id
        FROM customer LEFT JOIN conversation ON conversation.customer_id = customer.id
        WHERE customer.phone_hash = :phone_hash
        ORDER BY conversation.state = 'closed', conversation.opened_at DESC
        LIMIT 1
    ), stored AS (
        INSERT INTO message (
            id, conversation_id, customer_id, phone_hash, side, channel, text, media, at, carrier, carrier_ref, starts_contact,
            after_call, confirmation, lines, claims, tries, repeats, segments, verdict, heard
        )
        SELECT :id, party.conversation_id, party.customer_id, :phone_hash, 'customer', 'sms', :text, :media, :at, :carrier, :ref,
            false, false, false, '[]', 0, 0, 0, 0, '{}', '{}'
        FROM (SELECT) AS one LEFT JOIN party ON true
        ON CONFLICT DO NOTHING
        RETURNING id, conversation_id
    ), heard AS (
        UPDATE conversation SET last_heard_at = greatest(last_heard_at, :at)
        FROM stored WHERE conversation.id = stored.conversation_id
    )
    SELECT id, conversation_id FROM stored
""").bindparams(
    bindparam("id", type_=Uuid()), bindparam("phone_hash", type_=LargeBinary()), bindparam("text", type_=String()),
    bindparam("media", type_=Integer()), bindparam("at", type_=UtcTime()), bindparam("carrier", type_=String()),
    bindparam("ref", type_=String()),
)  # fmt: skip


def _store(db: Session, arrived: Arrived) -> Any:
    """The new message's id and its conversation's; None for a text that is known."""
    row = {
        "id": new_id(),
        "phone_hash": arrived.phone_hash,
        "text": redact(arrived.text[:NO_MORE_CHARACTERS].replace("\x00", "")),
        "media": arrived.media,
        "at": arrived.at,
        "carrier": arrived.carrier,
        "ref": arrived.ref,
    }
    return db.execute(STORE, row).one_or_none()


def _without_conversation(db: Session, arrived: Arrived, message: Message, keyword: Keyword | None) -> None:
    """Honour a stop from anybody; leave other words to a person."""
    message.answered_at = arrived.at
    db.add(message)
    customer_id = message.customer_id
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
            kind=TaskKind.LATE_REPLY if customer_id else TaskKind.UNKNOWN_SENDER,
            customer_id=customer_id,
            message_id=message.id,
            note=message.text,
            created_at=arrived.at,
        ),
    )
