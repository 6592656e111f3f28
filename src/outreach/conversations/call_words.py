"""What is heard on a call: kept as a message, and read at once where no model is needed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from outreach.carrier.call_port import HeardCall
from outreach.conversations import instruction
from outreach.conversations.call_turn import Turn
from outreach.model import CallTurn, Conversation, Message, Side
from outreach.rules import backchannel
from outreach.rules.channel import Channel
from outreach.rules.redaction import redact

LONGEST_WORDS = 12_000


def store(
    db: Session, begun: Turn, conversation: Conversation, heard: HeardCall, carrier: str, now: datetime
) -> Message:
    """Keep words or digits, redacted."""
    message = Message(
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        phone_hash=db.get_one(Message, begun.call_id).phone_hash,
        side=Side.CUSTOMER,
        channel=Channel.VOICE,
        text=redact((heard.digits or heard.words)[:LONGEST_WORDS].replace("\x00", "")),
        recognised=None if heard.digits else heard.confidence,
        at=now,
        carrier=carrier,
        carrier_ref=f"{heard.ref}/{begun.number}",
    )
    db.add(message)
    db.flush()
    return message


def reading(db: Session, begun: Turn, words: str, now: datetime) -> str | None:
    """What needs no model: what `instruction` knows, and a word with which one listens while the line is still being said."""
    if decided := instruction.without_model(words, Channel.VOICE):
        return decided
    before = db.get(CallTurn, (begun.call_id, begun.number - 1))
    if before and before.said_at and words and backchannel.is_backchannel(words):
        seconds = (now - before.said_at).total_seconds()
        if backchannel.talks_into(before.characters, seconds):
            return "can_you_hear"
    return None
