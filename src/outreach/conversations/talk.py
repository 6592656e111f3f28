"""One conversation as a person reads it: who said what and how it was read, what came of it, and what was before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.conversations import listing, transcript
from outreach.model import (
    Attempt,
    Branch,
    Call,
    Callback,
    Campaign,
    Conversation,
    ConversationState,
    Correction,
    Customer,
    Message,
    OutcomeCorrection,
    Recording,
    ScriptVersion,
    Side,
    StaffTask,
    Visit,
    VisitState,
)
from outreach.rules.delivery import outward
from outreach.rules.redaction import mask_numbers

WORTH_SHOWING = 0.01
"""Certainty below which a runner-up says nothing."""
EARLIER = 50
"""Conversations of one customer that a page lists."""


@dataclass(frozen=True)
class Said:
    """A message, and what was made of it."""

    message: Message
    words: str
    """What was said as most may see it: numbers masked, but for those of the bank in lines of its scripts."""
    reading: str | None
    """What it was taken for: as put right by staff, else as read at the time."""
    corrected_by: str | None
    confidence: float | None
    runners_up: Sequence[tuple[str, float]]
    doubtful: bool
    step: str | None
    delivery: str | None


@dataclass(frozen=True)
class Earlier:
    """Another conversation of the same customer."""

    conversation: Conversation
    campaign: str | None
    script: str


@dataclass(frozen=True)
class Talk:
    """Everything about one conversation."""

    conversation: Conversation
    customer: Customer
    attempt: Attempt
    campaign: Campaign | None
    version: ScriptVersion | None
    branch: Branch | None
    visit: Visit | None
    callback: Callback | None
    tasks: Sequence[StaffTask]
    corrections: Sequence[OutcomeCorrection]
    recordings: Sequence[Recording]
    history: Sequence[Earlier]


def of(db: Session, conversation_id: UUID, branch: UUID | None) -> Talk | None:
    """One conversation, or None where there is none, or none of the branch's customers."""
    found = visible(db, conversation_id, branch)
    if found is None:
        return None
    conversation, customer = found
    attempt = db.get_one(Attempt, conversation.attempt_id)
    booked = select(Visit).where(Visit.conversation_id == conversation.id, Visit.state == VisitState.BOOKED)
    standing = select(Callback).where(Callback.conversation_id == conversation.id, col(Callback.cancelled_at).is_(None))
    tasks = select(StaffTask).where(StaffTask.conversation_id == conversation.id).order_by(col(StaffTask.created_at))
    corrections = select(OutcomeCorrection).where(OutcomeCorrection.conversation_id == conversation.id)
    recorded = (
        select(Recording)
        .join(Call, col(Call.id) == col(Recording.id))
        .where(Call.conversation_id == conversation.id, col(Recording.sound).is_not(None))
    )
    return Talk(
        conversation=conversation,
        customer=customer,
        attempt=attempt,
        campaign=db.get(Campaign, attempt.campaign_id) if attempt.campaign_id else None,
        version=db.get(ScriptVersion, conversation.script_version_id),
        branch=db.get(Branch, customer.branch_id) if customer.branch_id else None,
        visit=db.exec(booked).first(),
        callback=db.exec(standing).first(),
        tasks=db.exec(tasks).all(),
        corrections=db.exec(corrections.order_by(col(OutcomeCorrection.at))).all(),
        recordings=db.exec(recorded.order_by(col(Recording.announced_at))).all(),
        history=_history(db, conversation),
    )


def visible(db: Session, conversation_id: UUID, branch: UUID | None) -> tuple[Conversation, Customer] | None:
    """A conversation with its customer, where it is one of the branch's, or of any where none is named."""
    conversation = db.get(Conversation, conversation_id)
    customer = db.get(Customer, conversation.customer_id) if conversation else None
    if conversation is None or customer is None or (branch is not None and customer.branch_id != branch):
        return None
    return conversation, customer


def said(db: Session, conversation_id: UUID) -> list[Said]:
    """Both sides in the order in which the store learned of them."""
    texts = transcript.messages(db, conversation_id)
    rows = select(Correction).where(col(Correction.message_id).in_([text.id for text in texts]))
    latest = {row.message_id: row for row in db.exec(rows.order_by(col(Correction.at), col(Correction.id))).all()}
    return [_said(text, latest.get(text.id)) for text in texts]


def mark(conversation: Conversation, lines: Sequence[Said]) -> str:
    """Changes whenever a page that shows the conversation is out of date."""
    shown = [(one.message.id, one.delivery, one.reading, one.message.answered_at) for one in lines]
    return hashlib.blake2s(repr((conversation.state, conversation.outcome, shown)).encode(), digest_size=8).hexdigest()


def ended(conversation: Conversation) -> bool:
    """Whether nothing more is expected; a late reply may still come."""
    return conversation.state is ConversationState.CLOSED


def _said(text: Message, correction: Correction | None) -> Said:
    heard = text.heard
    confidence = heard.get("confidence")
    by_script = text.side == Side.BANK and not text.by
    return Said(
        message=text,
        words=text.text if by_script else mask_numbers(text.text),
        reading=correction.right_intent if correction else listing.reading(heard),
        corrected_by=correction.by if correction else None,
        confidence=confidence,
        runners_up=[
            (name, certainty) for name, certainty in heard.get("runners_up") or [] if certainty >= WORTH_SHOWING
        ],
        doubtful=isinstance(confidence, float | int) and confidence < listing.LOW_CONFIDENCE,
        step=heard.get("step"),
        delivery=outward(text.state) if text.state else None,
    )


def _history(db: Session, conversation: Conversation) -> list[Earlier]:
    rows = (
        select(Conversation, Campaign.name, ScriptVersion.script)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(ScriptVersion, col(ScriptVersion.id) == col(Conversation.script_version_id))
        .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id), isouter=True)
        .where(Conversation.customer_id == conversation.customer_id, Conversation.id != conversation.id)
        .order_by(col(Conversation.opened_at).desc())
    )
    return [Earlier(one, campaign, script) for one, campaign, script in db.exec(rows.limit(EARLIER)).all()]
