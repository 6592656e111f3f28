"""Keep the list of conversations in step with what was said, what came of it, and what staff wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.conversations import words
from outreach.model import (
    Attempt,
    Conversation,
    Correction,
    Customer,
    Flag,
    Listing,
    ListingDue,
    Message,
    Review,
    ScriptVersion,
    Sessions,
    Side,
    Tag,
)
from outreach.scripts.names import outcomes

BATCH = 300
LOW_CONFIDENCE = 0.6
"""Below it a reading is worth a second look; the model's own fallback lies lower."""
FALLBACK = "nlu_fallback"
REPHRASE = "rephrase"
"""The line with which the bot asks again."""
REFUSING = frozenset({"deny", "opt_out"})


def refresh_due(sessions: Sessions) -> int:
    """List anew what changed, a batch in a transaction; how many. Several workers share the work."""
    with sessions.begin() as db:
        batch = select(ListingDue.id).order_by(col(ListingDue.id)).limit(BATCH).with_for_update(skip_locked=True)
        taken = delete(ListingDue).where(col(ListingDue.id).in_(batch)).returning(col(ListingDue.conversation_id))
        due = set(db.execute(taken).scalars())
        refresh(db, due)
        return len(due)


def refresh(db: Session, conversations: Collection[UUID]) -> None:
    """Make the rows of some conversations anew."""
    if not conversations:
        return
    db.flush()
    read = _readings(db, conversations)
    rows = (
        select(Conversation, Attempt.campaign_id, Customer, ScriptVersion)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .join(ScriptVersion, col(ScriptVersion.id) == col(Conversation.script_version_id))
        .where(col(Conversation.id).in_(conversations))
        .order_by(col(Conversation.id))  # always in one order: two that refresh the same rows wait, and do not lock up
    )
    for conversation, campaign_id, customer, version in db.exec(rows).all():
        outcome = conversation.outcome
        row = read[conversation.id] | {
            "conversation_id": conversation.id,
            "opened_at": conversation.opened_at,
            "customer_id": customer.id,
            "campaign_id": campaign_id,
            "script": version.script,
            "version": version.number,
            "variant": conversation.variant,
            "channel": conversation.channel,
            "state": str(conversation.state),
            "outcome": outcome,
            "grade": outcomes()[outcome].grade if outcome else None,
            "branch_id": customer.branch_id,
            "manager": customer.manager,
            "rating": conversation.rating,
        }
        written = insert(Listing).values(row)
        db.execute(written.on_conflict_do_update(index_elements=["conversation_id"], set_=row))


def _readings(db: Session, conversations: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is listed of the messages and of what staff wrote."""
    said: dict[UUID, list[Message]] = defaultdict(list)
    spoken = select(Message).where(col(Message.conversation_id).in_(conversations)).order_by(col(Message.position))
    for message in db.exec(spoken).all():
        assert message.conversation_id is not None  # chosen by it
        said[message.conversation_id].append(message)
    corrected = _corrected(db, conversations)
    flagged = _those(db, select(Flag.conversation_id).where(col(Flag.lifted_at).is_(None)), Flag, conversations)
    reviewed = _those(db, select(Review.conversation_id), Review, conversations)
    tags: dict[UUID, list[str]] = defaultdict(list)
    for tag in db.exec(select(Tag).where(col(Tag.conversation_id).in_(conversations)).order_by(col(Tag.tag))).all():
        tags[tag.conversation_id].append(tag.tag)
    return {
        one: _of_messages(said[one], corrected)
        | {"flagged": one in flagged, "reviewed": one in reviewed, "tags": tags[one]}
        for one in conversations
    }


def _of_messages(said: list[Message], corrected: dict[UUID, str]) -> dict[str, Any]:
    heard = [message for message in said if message.side is Side.CUSTOMER and message.heard]
    intents = {corrected.get(message.id) or reading(message.heard) for message in heard} - {None}
    return {
        "messages": len(said),
        "intents": sorted(intents),
        "low_confidence": any(_doubtful(message.heard.get("confidence")) for message in heard),
        "not_understood": FALLBACK in intents or any(REPHRASE in message.lines for message in said),
        "refusing": bool(intents & REFUSING),
        "words": words.of_texts(message.text for message in said),
    }


def reading(heard: dict[str, Any]) -> str | None:
    """What the words were taken for: what the step made of them, else what the model heard."""
    return heard.get("reading") or heard.get("intent")


def _doubtful(confidence: object) -> bool:
    return isinstance(confidence, float | int) and confidence < LOW_CONFIDENCE


def _corrected(db: Session, conversations: Collection[UUID]) -> dict[UUID, str]:
    """The right intents of messages, the latest correction holding."""
    rows = (
        select(Correction)
        .join(Message, col(Message.id) == col(Correction.message_id))
        .where(col(Message.conversation_id).in_(conversations))
        .order_by(col(Correction.at), col(Correction.id))
    )
    return {row.message_id: row.right_intent for row in db.exec(rows).all()}


def _those(db: Session, chosen: Any, table: type[Flag | Review], conversations: Iterable[UUID]) -> set[UUID]:
    return set(db.exec(chosen.where(col(table.conversation_id).in_(conversations))).all())
