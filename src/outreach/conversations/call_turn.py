"""One request for what to say next on a call: taken once, answered once, and the very same said to whoever repeats it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.carrier import twiml
from outreach.carrier.speech import Speech, Transfer, Voice
from outreach.carrier.twiml import Addresses
from outreach.clock import machine_now
from outreach.model import Call, CallTurn, Message


@dataclass(frozen=True)
class Turn:
    """A turn that was taken."""

    call_id: UUID
    conversation_id: UUID
    number: int
    asked_at: datetime

    def waited(self) -> float:
        """How long the customer has waited, in seconds of machine time."""
        return (machine_now() - self.asked_at).total_seconds()


def call_of(db: Session, call_id: UUID, ref: str) -> Call:
    """The call, if it is one of ours and the carrier means the same; raises LookupError.

    It may ring before the carrier has answered our request for it: then no reference is known yet.
    """
    call, opening = db.get(Call, call_id), db.get(Message, call_id)
    if call is None or opening is None or opening.carrier_ref not in {None, ref}:
        raise LookupError(f"no call {call_id} with this reference")
    return call


def begin(db: Session, call: Call, number: int) -> Turn | None:
    """Take a turn; None when it was taken before: the database decides who answers it."""
    asked_at = machine_now()
    taken = insert(CallTurn).values(call_id=call.id, number=number, asked_at=asked_at, characters=0)
    if db.execute(taken.on_conflict_do_nothing().returning(col(CallTurn.number))).first() is None:
        return None
    return Turn(call.id, call.conversation_id, number, asked_at)


def keep(db: Session, begun: Turn, said: Speech, voice: Voice, addresses: Addresses, now: datetime) -> str:
    """Keep what is said as the turn's document, or as what follows its filler."""
    document = twiml.spoken(said, voice, addresses)
    row = locked(db, begun)
    if row.document is None:
        row.document = document
    else:
        row.later_document = document
    row.said_at, row.characters = now, said.characters
    db.add(row)
    if isinstance(said.then, Transfer):
        call = db.get_one(Call, begun.call_id)
        call.transferred_to = said.then.to
        db.add(call)
    return document


def repeated(db: Session, call_id: UUID, number: int) -> str:
    """What was said on a turn; raises LookupError while nothing was."""
    row = db.get_one(CallTurn, (call_id, number))
    if row.document is None:
        raise LookupError(f"turn {number} of call {call_id} has no answer")
    return row.document


def locked(db: Session, begun: Turn) -> CallTurn:
    """The turn's row; whoever else would answer it waits."""
    found = select(CallTurn).where(CallTurn.call_id == begun.call_id, CallTurn.number == begun.number)
    return db.exec(found.with_for_update()).one()
