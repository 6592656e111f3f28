"""Put the outcome of a conversation right, or end one by hand: the old outcome is kept, with who and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from outreach.conversations import scene
from outreach.conversations.turn import locked
from outreach.explained import Explained
from outreach.model import (
    Attempt,
    AuditEntry,
    Conversation,
    ConversationState,
    Customer,
    OutcomeCorrection,
    suppressions,
)
from outreach.model.suppression import Source
from outreach.said import listed, named, said
from outreach.scripts.names import outcomes

NUMBER_ENDS = frozenset({"wrong_person", "invalid_number"})
"""Outcomes after which the number is used no more."""


class CannotSetOutcome(Explained):
    """The outcome cannot be what was asked for; says why and what would be right."""


def correct_outcome(
    db: Session, conversation_id: UUID, outcome: str, *, by: str, why: str, now: datetime
) -> OutcomeCorrection:
    """Give a closed conversation and its attempt another outcome; raises CannotSetOutcome."""
    _check(outcome, by, why)
    conversation = locked(db, conversation_id)
    before = conversation.outcome
    if before is None:
        raise CannotSetOutcome(said("the conversation still goes on (its outcome can be put right when it has one)"))
    if before == outcome:
        raise CannotSetOutcome(said("the outcome is %(outcome)s already", outcome=named(outcome)))
    attempt = db.get_one(Attempt, conversation.attempt_id)
    conversation.outcome = attempt.outcome = outcome
    conversation.reason = attempt.reason = None
    correction = OutcomeCorrection(
        conversation_id=conversation_id, before=before, after=outcome, by=by, at=now, why=why
    )
    changed = {"before": before, "after": outcome}
    entry = AuditEntry(at=now, who=by, verb="outcome_corrected", what=conversation_id, why=why, details=changed)
    db.add_all([conversation, attempt, correction, entry])
    _honour(db, conversation, outcome, why, now)
    db.flush()
    return correction


def end(db: Session, conversation_id: UUID, outcome: str, *, by: str, why: str, now: datetime) -> None:
    """Close a conversation that still goes on, as staff found it; raises CannotSetOutcome."""
    _check(outcome, by, why)
    conversation = locked(db, conversation_id)
    if conversation.state is ConversationState.CLOSED:
        raise CannotSetOutcome(said("the conversation has ended already (its outcome can be put right)"))
    scene.close(db, conversation, db.get_one(Attempt, conversation.attempt_id), outcome, None, now)
    db.add(
        AuditEntry(at=now, who=by, verb="conversation_ended", what=conversation_id, why=why, details={"after": outcome})
    )
    _honour(db, conversation, outcome, why, now)


def settle(db: Session, conversation_id: UUID, outcome: str, *, by: str, why: str, now: datetime) -> None:
    """End the conversation with an outcome, or put the one it has right; nothing where it has that one already."""
    conversation = locked(db, conversation_id)
    if conversation.state is not ConversationState.CLOSED:
        end(db, conversation_id, outcome, by=by, why=why, now=now)
    elif conversation.outcome != outcome:
        correct_outcome(db, conversation_id, outcome, by=by, why=why, now=now)


def _check(outcome: str, by: str, why: str) -> None:
    if outcome not in outcomes():
        known = listed([named(one) for one in outcomes()])
        raise CannotSetOutcome(said("no outcome %(outcome)s (one of: %(known)s)", outcome=repr(outcome), known=known))
    if not by.strip():
        raise CannotSetOutcome(said("nobody's name is given (the name of whoever decides)"))
    if not why.strip():
        raise CannotSetOutcome(said("no reason is given (a sentence that explains it to whoever asks later)"))


def _honour(db: Session, conversation: Conversation, outcome: str, why: str, now: datetime) -> None:
    """What an outcome stops is stopped, whoever found it. Taking such an outcome back lifts nothing by itself."""
    customer = db.get_one(Customer, conversation.customer_id)
    if outcome == "opted_out" and customer.phone_hash is not None:
        suppressions.add(db, customer.phone_hash, None, Source.STAFF, why, now, customer.id)
    elif outcome in NUMBER_ENDS:
        customer.phone_bad_since = customer.phone_bad_since or now
        db.add(customer)
        suppressions.drop_pending(db, customer.id, "bad_number", now)
