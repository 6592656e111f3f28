"""What was said with one customer, and where it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, Word, new_id, one_of
from outreach.rules.channel import Channel


class ConversationState(StrEnum):
    """Who speaks."""

    OPEN = "open"  #: the bot answers
    WITH_STAFF = "with_staff"  #: a member of staff answers
    CLOSED = "closed"  #: ended with an outcome; late replies are still answered


class Conversation(SQLModel, table=True):
    """A conversation; it keeps the script version it began with."""

    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", ConversationState),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="conversation_closed_with_outcome"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="conversation_rating_of_five"),
        Index("conversation_open_once", "customer_id", unique=True, postgresql_where="state <> 'closed'"),
        Index("conversation_latest", "customer_id", "opened_at"),
        Index("conversation_ended", "closed_at", postgresql_where="closed_at IS NOT NULL"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    attempt_id: UUID = Field(foreign_key="attempt.id", unique=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    channel: Channel = Field(sa_type=Word(Channel))
    script_version_id: UUID = Field(foreign_key="script_version.id")
    variant: str = "a"
    state: ConversationState = Field(default=ConversationState.OPEN, sa_type=Word(ConversationState))
    outcome: str | None = None
    reason: str | None = None
    rating: int | None = Field(default=None, sa_type=SmallInteger)
    """How satisfied the customer said they are, 1 to 5; nobody asks them to say it."""
    flow_state: dict[str, Any] = Field(sa_type=Json)
    """As `outreach.scripts.state.State.to_json` writes it."""
    turn: int = 0
    """Turns settled; the next one is asked of the bot under this number."""
    answer_after: datetime | None = Field(default=None, sa_type=UtcTime)
    """Machine time before which the bot is not asked again, after it failed."""
    failures: int = 0
    """How often in a row the bot gave no answer."""
    opened_at: datetime = Field(sa_type=UtcTime)
    last_heard_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
