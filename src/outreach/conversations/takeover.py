"""Staff answer a text conversation in the bot's stead: one at a time, the bot is silent meanwhile and goes on after them.

take_over   the conversation is with staff; one that had ended is taken up again
write       their words, checked, signed and queued like every text; what came before counts as answered
hand_back   the bot goes on from its pending question and answers the last of what came, or the conversation ends
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from outreach.conversations import outcomes, scene, turn
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    AuditEntry,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Side,
    StaffTask,
    Takeover,
    TaskKind,
    TaskState,
)
from outreach.rules import content
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.redaction import redact
from outreach.rules.sms_length import segments

MOST_CHARACTERS = 500
"""Eight segments; whoever has more to say calls."""


class HeldBy(Exception):
    """Somebody else answers this conversation."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class CannotAnswer(ValueError):
    """The conversation cannot be taken over, or these words cannot be sent; a word of REASONS, and what was found."""

    def __init__(self, reason: str, found: str = "") -> None:
        super().__init__(f"{reason}: {found}" if found else reason)
        self.reason = reason
        self.found = found


REASONS = (
    "not_by_text",
    "talks_elsewhere",
    "not_taken_over",
    "stopped",
    "complaint_open",
    "empty",
    "too_long",
    "secret",
    "content",
)


def standing(db: Session, conversation_id: UUID) -> Takeover | None:
    """The spell that stands."""
    return db.exec(
        select(Takeover).where(Takeover.conversation_id == conversation_id, col(Takeover.ended_at).is_(None))
    ).first()


def take_over(db: Session, conversation_id: UUID, *, by: str, now: datetime, instead_of: str | None = None) -> Takeover:
    """Answer from now on. Raises HeldBy unless the one who holds it is the one to be replaced; raises CannotAnswer."""
    conversation = turn.locked(db, conversation_id)
    if conversation.channel is not Channel.SMS:
        raise CannotAnswer("not_by_text")
    held = standing(db, conversation_id)
    if held and conversation.state is ConversationState.WITH_STAFF:
        if held.by == by:
            return held
        if held.by != instead_of:
            raise HeldBy(held.by)
    before = (conversation.outcome, conversation.reason)
    if held:
        held.ended_at, held.ended_by = now, by
        db.add(held)
        db.flush()
        before = (held.outcome_before, held.reason_before) if conversation.outcome is None else before
    _open(db, conversation)
    mine = Takeover(
        conversation_id=conversation_id, by=by, started_at=now, outcome_before=before[0], reason_before=before[1]
    )
    db.add_all([mine, AuditEntry(at=now, who=by, verb="conversation_taken_over", what=conversation_id)])
    db.flush()
    return mine


def write(db: Session, house: House, conversation_id: UUID, words: str, *, by: str, now: datetime) -> Message:
    """Queue a text of one's own; raises HeldBy, CannotAnswer."""
    conversation = _held_by(db, conversation_id, by)
    customer = db.get_one(Customer, conversation.customer_id)
    if found := unsendable(words):
        raise found
    if turn.stopped(db, customer, Channel.SMS):
        raise CannotAnswer("stopped")
    if _complains(db, customer.id):
        raise CannotAnswer("complaint_open")
    body = signed(house, words)
    message = Message(
        conversation_id=conversation_id, customer_id=customer.id, phone_hash=customer.phone_hash, side=Side.BANK,
        channel=Channel.SMS, text=body, at=now, state=MessageState.QUEUED, by=by, segments=segments(body),
    )  # fmt: skip
    for earlier in db.exec(turn.unanswered(conversation_id, Channel.SMS)).all():
        earlier.answered_at = now
        db.add(earlier)
    details = {"message": str(message.id), "segments": message.segments}
    db.add_all([message, AuditEntry(at=now, who=by, verb="text_written", what=conversation_id, details=details)])
    db.flush()
    return message


def hand_back(
    db: Session, house: House, conversation_id: UUID, *, note: str, outcome: str | None, by: str, now: datetime
) -> bool:
    """Leave it to the bot, or end it with an outcome; whether something waits for the bot. Raises HeldBy, CannotSetOutcome.

    One that had ended before it was taken up ends again as it had, where no other outcome is given.
    """
    conversation = _held_by(db, conversation_id, by)
    mine = standing(db, conversation_id)
    assert mine is not None
    mine.ended_at, mine.ended_by, mine.note = now, by, note
    db.add_all([mine, AuditEntry(at=now, who=by, verb="conversation_handed_back", what=conversation_id)])
    scene.finish_task(db, conversation_id, TaskKind.HANDOVER, by, now)
    attempt = db.get_one(Attempt, conversation.attempt_id)
    waiting = list(db.exec(turn.unanswered(conversation_id, Channel.SMS)).all())
    if outcome:
        outcomes.end(db, conversation_id, outcome, by=by, why=note, now=now)
    elif mine.outcome_before:
        scene.close(db, conversation, attempt, mine.outcome_before, mine.reason_before, now)
    else:
        conversation.state = ConversationState.OPEN
        attempt.expires_at = now + timedelta(hours=house.policy.follow_up.no_reply_hours)
        db.add_all([conversation, attempt])
    for earlier in waiting if outcome else waiting[:-1]:
        earlier.answered_at = now
        db.add(earlier)
    db.flush()
    return bool(waiting) and not outcome


def unsendable(words: str) -> CannotAnswer | None:
    """What is wrong with words that somebody means to send."""
    if not words.strip():
        return CannotAnswer("empty")
    if len(words) > MOST_CHARACTERS:
        return CannotAnswer("too_long", str(MOST_CHARACTERS))
    if redact(words) != words:
        return CannotAnswer("secret")
    wrong = content.problem(words)
    return CannotAnswer("content", wrong) if wrong else None


def signed(house: House, words: str) -> str:
    """The words as they leave: our signature first."""
    return house.bank.signature + words.strip().removeprefix(house.bank.signature)


def _open(db: Session, conversation: Conversation) -> None:
    attempt = db.get_one(Attempt, conversation.attempt_id)
    conversation.state, conversation.outcome, conversation.reason = ConversationState.WITH_STAFF, None, None
    conversation.closed_at = None
    attempt.state, attempt.outcome, attempt.reason, attempt.closed_at = AttemptState.OPEN, None, None, None
    attempt.expires_at = None
    try:
        with db.begin_nested():
            db.add_all([conversation, attempt])
            db.flush()
    except IntegrityError:
        # One conversation at a time per customer: the database refuses a second.
        raise CannotAnswer("talks_elsewhere") from None


def _held_by(db: Session, conversation_id: UUID, by: str) -> Conversation:
    conversation = turn.locked(db, conversation_id)
    held = standing(db, conversation_id)
    if held is None or conversation.state is not ConversationState.WITH_STAFF:
        raise CannotAnswer("not_taken_over")
    if held.by != by:
        raise HeldBy(held.by)
    return conversation


def _complains(db: Session, customer_id: UUID) -> bool:
    """Whether a complaint is open: whoever deals with it speaks to the customer first, and not by text."""
    row = select(StaffTask.id).where(
        StaffTask.customer_id == customer_id, StaffTask.kind == TaskKind.COMPLAINT, StaffTask.state == TaskState.OPEN
    )
    return db.exec(row.limit(1)).first() is not None
