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
    """The party of each text, in their order: one question, however many they are."""
    asked = (
        select(Conversation, Attempt, Customer, Campaign, ScriptVersion)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .join(ScriptVersion, col(ScriptVersion.id) == col(Conversation.script_version_id))
        .outerjoin(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
        .where(col(Conversation.id).in_({one.conversation_id for one in texts}))
        .options(load_only(col(ScriptVersion.id), col(ScriptVersion.approved_at)))  # type: ignore[arg-type]
    )
    parties = {row[0].id: Party(*row) for row in db.execute(asked).all()}
    return [parties[one.conversation_id] for one in texts if one.conversation_id]
