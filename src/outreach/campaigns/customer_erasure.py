"""Erase a customer on request (PIPL 47): what stays is what happened, without words, and that they may not be reached."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from outreach.carrier import twiml
from outreach.carrier.speech import Speech, Voice
from outreach.model import (
    Account,
    Attempt,
    AuditEntry,
    BankFact,
    Call,
    Callback,
    CallTurn,
    Card,
    Consent,
    Conversation,
    ConversationState,
    Correction,
    Customer,
    Flag,
    Message,
    OutcomeCorrection,
    Recording,
    Source,
    StaffNote,
    StaffTask,
    Suppression,
    Takeover,
    TaskResult,
    TaskState,
    Visit,
    VisitState,
    suppressions,
)
from outreach.rules.delivery import AttemptState

ERASED = "（已删除）"
"""Stands in for a name and for words. As the words of a suppression it marks the number of somebody who was erased."""
NOTHING_SAID = twiml.spoken(Speech(), Voice())
"""Stands in for what was said on a turn of a call; a call that goes on and repeats its request is hung up."""


def erase(db: Session, customer: Customer, by: str, why: str, now: datetime) -> None:
    """Remove the name, the number, every word and sound, the cards, the balances and the facts.

    Consents end, but stay as proof. Nobody waits for the customer any more: visits and callbacks are called off,
    open tasks are done.
    """
    suppressions.drop_pending(db, customer.id, "erased", now)
    _close(db, customer, now)
    _call_off(db, customer, by, now)
    _forget_words(db, customer)
    _forget_calls(db, customer, now)
    _mark_number(db, customer, now)
    for table in (Card, Account, BankFact):
        for row in db.exec(select(table).where(table.customer_id == customer.id)).all():
            db.delete(row)
    ended = update(Consent).where(col(Consent.customer_id) == customer.id, col(Consent.withdrawn_at).is_(None))
    db.execute(ended.values(withdrawn_at=now))
    customer.name = ERASED
    customer.gender = customer.manager = customer.branch_id = customer.last_contact_on = None
    customer.phone_sealed = customer.phone_hash = customer.phone_country = customer.phone_kind = None
    customer.birth_year = customer.risk_level = customer.risk_expires_on = customer.phone_bad_since = None
    customer.zones = []
    customer.erased_at = customer.erased_at or now
    db.add(customer)
    db.add(AuditEntry(at=now, who=by, verb="customer_erased", what=customer.id, why=why))


def _close(db: Session, customer: Customer, now: datetime) -> None:
    """Nobody answers them any more: what was going on has broken off."""
    over = {"outcome": "broke_off", "reason": "erased", "closed_at": now}
    talking = col(Conversation.state) != ConversationState.CLOSED
    trying = col(Attempt.state) != AttemptState.CLOSED
    db.execute(
        update(Conversation)
        .where(col(Conversation.customer_id) == customer.id, talking)
        .values(state=ConversationState.CLOSED, turn=Conversation.turn + 1, **over)  # an answer on its way is too late
    )
    db.execute(
        update(Attempt).where(col(Attempt.customer_id) == customer.id, trying).values(state=AttemptState.CLOSED, **over)
    )


def _call_off(db: Session, customer: Customer, by: str, now: datetime) -> None:
    talks = _talks(customer)
    booked = (col(Visit.customer_id) == customer.id) & (col(Visit.state) == VisitState.BOOKED)
    db.execute(update(Visit).where(booked).values(state=VisitState.CANCELLED, changed_by=by, changed_at=now))
    promised = col(Callback.conversation_id).in_(talks) & col(Callback.cancelled_at).is_(None)
    db.execute(update(Callback).where(promised).values(cancelled_at=now))
    to_do = or_(col(StaffTask.customer_id) == customer.id, col(StaffTask.conversation_id).in_(talks))
    done = {"state": TaskState.DONE, "result": TaskResult.NOT_NEEDED, "done_at": now, "done_by": by}
    db.execute(update(StaffTask).where(to_do, col(StaffTask.state) == TaskState.OPEN).values(**done))


def _forget_calls(db: Session, customer: Customer, now: datetime) -> None:
    calls = select(Call.id).where(col(Call.conversation_id).in_(_talks(customer)))
    # As fetched, a recording is only deleted at the carrier.
    forgotten = {"sound": None, "fetched_at": func.coalesce(Recording.fetched_at, now)}
    db.execute(update(Recording).where(col(Recording.id).in_(calls)).values(**forgotten))
    turns = update(CallTurn).where(col(CallTurn.call_id).in_(calls))
    for said in (CallTurn.document, CallTurn.later_document):
        db.execute(turns.where(col(said).is_not(None)).values({said: NOTHING_SAID}))


def _forget_words(db: Session, customer: Customer) -> None:
    talks = _talks(customer)
    theirs = or_(
        col(Message.customer_id) == customer.id,
        col(Message.conversation_id).in_(talks),
        col(Message.phone_hash) == customer.phone_hash,  # before the number was known as theirs
    )
    texts = select(Message.id).where(theirs)
    noted = or_(
        col(StaffTask.customer_id) == customer.id,
        col(StaffTask.conversation_id).in_(talks),
        col(StaffTask.message_id).in_(texts),
    )
    db.execute(update(StaffTask).where(noted).values(note=ERASED, result_note=""))
    db.execute(update(Takeover).where(col(Takeover.conversation_id).in_(talks)).values(note=""))
    db.execute(update(StaffNote).where(col(StaffNote.conversation_id).in_(talks)).values(words=ERASED))
    db.execute(update(Flag).where(col(Flag.conversation_id).in_(talks)).values(why=""))
    corrected = col(OutcomeCorrection.conversation_id).in_(talks)
    db.execute(update(OutcomeCorrection).where(corrected).values(why=ERASED))
    db.execute(update(Correction).where(col(Correction.message_id).in_(texts)).values(note=ERASED))
    db.execute(update(Message).where(theirs).values(text=ERASED, heard={}, phone_hash=None))


def _talks(customer: Customer) -> SelectOfScalar[UUID]:
    return select(Conversation.id).where(Conversation.customer_id == customer.id)


def _mark_number(db: Session, customer: Customer, now: datetime) -> None:
    """Keep by hash alone that the number is not to be reached, and whose it was not to be brought back."""
    theirs = or_(col(Suppression.customer_id) == customer.id, col(Suppression.phone_hash) == customer.phone_hash)
    db.execute(update(Suppression).where(theirs).values(words="", customer_id=None))
    if customer.phone_hash is None:
        return
    suppressions.add(db, customer.phone_hash, None, Source.STAFF, ERASED, now)
    standing = col(Suppression.channel).is_(None) & col(Suppression.lifted_at).is_(None)
    of_number = col(Suppression.phone_hash) == customer.phone_hash
    db.execute(update(Suppression).where(of_number, standing).values(words=ERASED))
