"""Erase a customer on request (PIPL 47): what stays is what happened, without words, and that they may not be reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from outreach.model import (
    Account,
    Attempt,
    AuditEntry,
    BankFact,
    Card,
    Consent,
    Conversation,
    ConversationState,
    Correction,
    Customer,
    Flag,
    Message,
    OutcomeCorrection,
    Source,
    StaffNote,
    StaffTask,
    Suppression,
    Takeover,
    suppressions,
)
from outreach.rules.delivery import AttemptState

ERASED = "（已删除）"
"""Stands in for a name and for words. As the words of a suppression it marks the number of somebody who was erased."""


def erase(db: Session, customer: Customer, by: str, why: str, now: datetime) -> None:
    """Remove the name, the number, every word, the cards, the balances and the facts; consents end, but stay as proof."""
    suppressions.drop_pending(db, customer.id, "erased", now)
    _close(db, customer, now)
    _forget_words(db, customer)
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
        .values(state=ConversationState.CLOSED, **over)
    )
    db.execute(
        update(Attempt).where(col(Attempt.customer_id) == customer.id, trying).values(state=AttemptState.CLOSED, **over)
    )


def _forget_words(db: Session, customer: Customer) -> None:
    talks = select(Conversation.id).where(Conversation.customer_id == customer.id)
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
    db.execute(update(StaffNote).where(col(StaffNote.conversation_id).in_(talks)).values(words=ERASED))
    db.execute(update(Flag).where(col(Flag.conversation_id).in_(talks)).values(why=""))
    db.execute(update(Correction).where(col(Correction.message_id).in_(texts)).values(note=ERASED))
    db.execute(update(Message).where(theirs).values(text=ERASED, heard={}, phone_hash=None))


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
