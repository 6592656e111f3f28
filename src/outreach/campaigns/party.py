"""Whom a text or a call is to, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import load_only
from sqlmodel import Session, col

from outreach.model import Attempt, Campaign, Conversation, Customer, Message, ScriptVersion


@dataclass(frozen=True)
class Party:
    """The rows a text belongs to; of the script's version whether it is approved, not its files, which are long."""

    conversation: Conversation
    attempt: Attempt
    customer: Customer
    campaign: Campaign | None
    version: ScriptVersion


def parties_of(db: Session, texts: Sequence[Message]) -> list[Party]:
    """The party of each text, in their order: two questions, however many they are."""
    asked = (
        select(Conversation, Attempt, Customer, ScriptVersion)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .join(ScriptVersion, col(ScriptVersion.id) == col(Conversation.script_version_id))
        .where(col(Conversation.id).in_({one.conversation_id for one in texts}))
        .options(load_only(col(ScriptVersion.id), col(ScriptVersion.approved_at)))  # type: ignore[arg-type]
    )
    rows = db.execute(asked).all()
    # Not joined: what a campaign says is long, and the same for all its texts.
    named = {attempt.campaign_id for _, attempt, _, _ in rows} - {None}
    campaigns = (
        {one.id: one for one in db.scalars(select(Campaign).where(col(Campaign.id).in_(named)))} if named else {}
    )
    parties = {
        conversation.id: Party(conversation, attempt, customer, campaigns.get(attempt.campaign_id), version)
        for conversation, attempt, customer, version in rows
    }
    return [parties[one.conversation_id] for one in texts if one.conversation_id]
