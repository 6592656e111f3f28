"""Claim queued texts and calls: permission is asked again, then the claim is held under a lease. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from outreach.campaigns import after_call, call_pace, callbacks, standing
from outreach.campaigns.open import close_unpermitted
from outreach.campaigns.standing import Intended
from outreach.clock import Clock, machine_now
from outreach.conversations import speech
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    Campaign,
    Conversation,
    ConversationState,
    Customer,
    Message,
    ScriptVersion,
    Sessions,
    Side,
)
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.verdict import Refused, Verdict

LEASE_SECONDS = 60
"""Machine time a claim holds: longer than any request (carrier/connections.py) takes to fail."""


@dataclass(frozen=True)
class Claimed:
    """A text that may be sent, or a call that may be placed now, by whoever holds the claim."""

    id: UUID
    channel: Channel
    to: str = field(repr=False)
    body: str = field(repr=False)
    record: bool = False
    to_the_beep: bool = False


def claim(
    sessions: Sessions, clock: Clock, house: House, sealer: Sealer, channel: Channel, limit: int
) -> list[Claimed]:
    """Claim up to `limit` queued texts or calls that are permitted now, oldest first."""
    with sessions.begin() as db:
        now = clock.now()
        if channel is Channel.VOICE:
            limit = min(limit, call_pace.free_lines(db, house.bank.calling))
        texts = db.exec(
            select(Message)
            .where(
                Message.state == MessageState.QUEUED,
                Message.side == Side.BANK,
                Message.channel == channel,
                or_(col(Message.not_before).is_(None), col(Message.not_before) <= now),
            )
            .order_by(col(Message.not_before).nulls_first(), col(Message.position))
            .limit(limit)
            .with_for_update(skip_locked=True),
        ).all()
        if not texts:
            return []
        parties = [_party(db, text) for text in texts]
        claimed = []
        for text, party, verdict in zip(texts, parties, _verdicts(db, house, texts, parties, now), strict=True):
            text.verdict = standing.stored(verdict, house)
            number = party.customer.phone_sealed
            if isinstance(verdict, Refused) or number is None:
                _withhold(db, text, party, verdict, now)
            else:
                text.state = MessageState.CLAIMED
                text.lease_until = machine_now() + timedelta(seconds=LEASE_SECONDS)
                claimed.append(_claimed(db, house, text, party, sealer.open(number)))
            db.add(text)
        return claimed


def mark_sending(sessions: Sessions, claimed: Sequence[Claimed]) -> list[Claimed]:
    """Commit that these are about to be requested; what was withdrawn since the claim drops out."""
    with sessions.begin() as db:
        marked = db.execute(
            update(Message)
            .where(col(Message.id).in_([text.id for text in claimed]), col(Message.state) == MessageState.CLAIMED)
            .values(state=MessageState.SENDING, sent_at=machine_now())
            .returning(col(Message.id)),
        ).scalars()
        held = set(marked)
    return [text for text in claimed if text.id in held]


def _claimed(db: Session, house: House, text: Message, party: _Party, number: str) -> Claimed:
    if text.channel is Channel.SMS:
        return Claimed(text.id, text.channel, number, text.text)
    record = house.bank.calling.recording
    call_pace.take_line(db, text.id, party.conversation.id, record)
    beep = speech.on_machine(db, party.conversation) == speech.LEAVE_MESSAGE
    return Claimed(text.id, text.channel, number, text.text, record, beep)


@dataclass(frozen=True)
class _Party:
    conversation: Conversation
    attempt: Attempt
    customer: Customer
    campaign: Campaign | None
    version: ScriptVersion


def _party(db: Session, text: Message) -> _Party:
    conversation = db.get_one(Conversation, text.conversation_id)
    attempt = db.get_one(Attempt, conversation.attempt_id)
    return _Party(
        conversation,
        attempt,
        db.get_one(Customer, conversation.customer_id),
        db.get(Campaign, attempt.campaign_id) if attempt.campaign_id else None,
        db.get_one(ScriptVersion, conversation.script_version_id),
    )


def _verdicts(
    db: Session, house: House, texts: Sequence[Message], parties: Sequence[_Party], now: datetime
) -> list[Verdict]:
    intended = [_intended(text, party) for text, party in zip(texts, parties, strict=True)]
    return standing.ask(db, house, intended, now)


def _intended(text: Message, party: _Party) -> Intended:
    # What follows a call by text is begun by the bank, though the customer asked for it: hours and consent hold.
    follows_call = after_call.follows(text, party.conversation)
    return Intended(
        customer=party.customer,
        channel=text.channel,
        version=party.version,
        campaign=party.campaign if text.starts_contact else None,
        conversation=party.conversation,
        confirmation=text.confirmation,
        is_answer=not text.starts_contact and not follows_call,
        invited=follows_call or callbacks.is_callback(party.attempt),
        purpose="service" if follows_call else "marketing",
    )


def _withhold(db: Session, text: Message, party: _Party, verdict: Verdict, now: datetime) -> None:
    """Put a text off until it may be permitted, or drop it; an opening that is dropped ends its attempt."""
    if isinstance(verdict, Refused) and verdict.until is not None:
        text.not_before = verdict.until
        return
    reason = str(verdict.reason) if isinstance(verdict, Refused) else "bad_number"
    text.state, text.error_code = MessageState.REJECTED, reason
    if text.starts_contact and party.attempt.state is not AttemptState.CLOSED:
        close_unpermitted(party.attempt, reason, now)
        party.conversation.state, party.conversation.outcome = ConversationState.CLOSED, "not_permitted"
        party.conversation.reason, party.conversation.closed_at = reason, now
        db.add_all([party.attempt, party.conversation])
