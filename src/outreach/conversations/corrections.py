"""Readings that staff put right: recorded with who and when, and given back as examples for the model to learn from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.explained import Explained
from outreach.model import AuditEntry, Correction, Customer, Message, Side
from outreach.rules.keywords import plain
from outreach.rules.redaction import redact
from outreach.said import listed, named, said
from outreach.scripts.names import intents

NAMELESS = "某某"
"""Stands in for the customer's name."""

_NUMBER = re.compile(r"\+?\d[\d -]{5,}\d")
_ANNOTATION = re.compile(r"\](?=[({])")


class CannotCorrect(Explained):
    """The correction makes no sense; says why and what would be right."""


@dataclass(frozen=True)
class Lesson:
    """One corrected message, without what names a person."""

    text: str
    intent: str
    heard: str | None
    by: str
    at: datetime
    message: UUID


def correct(db: Session, message_id: UUID, intent: str, *, by: str, now: datetime, note: str = "") -> Correction:
    """Record what a customer's message means; raises CannotCorrect."""
    if intent not in intents():
        known = listed([named(one) for one in intents()])
        raise CannotCorrect(said("no intent %(intent)s (one of: %(known)s)", intent=repr(intent), known=known))
    if not by.strip():
        raise CannotCorrect(said("nobody's name is given (the name of whoever corrects)"))
    message = db.get(Message, message_id)
    if message is None or message.side is not Side.CUSTOMER:
        absent = said(
            "no customer's message %(message)s (its id is in: outreach conversations show ID --json)",
            message=message_id,
        )
        raise CannotCorrect(absent)
    if not plain(message.text):
        raise CannotCorrect(said("the message has no words (only words can be read otherwise)"))
    correction = Correction(
        message_id=message_id, heard_intent=message.heard.get("intent"), right_intent=intent, by=by, at=now, note=note
    )
    db.add(correction)
    db.add(AuditEntry(at=now, who=by, verb="reading_corrected", what=message_id, why=note))
    db.flush()
    return correction


def standing(db: Session) -> Sequence[tuple[Correction, Message]]:
    """The latest correction of each message, in the order in which they were made; none of somebody who was erased."""
    rows = (
        select(Correction, Message)
        .join(Message, col(Message.id) == col(Correction.message_id))
        .join(Customer, col(Customer.id) == col(Message.customer_id), isouter=True)
        .where(col(Customer.erased_at).is_(None))
        .order_by(col(Correction.at), col(Correction.id))
    )
    latest = {message.id: (correction, message) for correction, message in db.exec(rows).all()}
    return sorted(latest.values(), key=lambda pair: (pair[0].at, pair[0].id))


def lessons(db: Session) -> Sequence[Lesson]:
    """What the model can learn: each text once, as it was corrected last; without numbers and names."""
    found: dict[str, Lesson] = {}
    for correction, message in standing(db):
        customer = db.get(Customer, message.customer_id) if message.customer_id else None
        text = nameless(message.text, customer.name if customer else "")
        if text:
            found.pop(text, None)
            found[text] = Lesson(
                text, correction.right_intent, correction.heard_intent, correction.by, correction.at, message.id
            )
    return list(found.values())


def nameless(words: str, name: str) -> str:
    """The words as an example: one line, and no number, card or name in it that leads to a person."""
    said = redact(plain(words))
    said = _NUMBER.sub("", re.sub(r"\*{2,}", "", said))
    if name:
        said = said.replace(name, NAMELESS)
    # Rasa would take [自动回复](…) for a marked entity.
    return re.sub(r"\s+", " ", _ANNOTATION.sub("] ", said)).strip()
