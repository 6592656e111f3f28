"""A member of staff answers a conversation instead of the bot, from taking it over to handing it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, new_id


class Takeover(SQLModel, table=True):
    """One spell of a person's; at most one stands per conversation, so that two never answer at once."""

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="takeover_ended_by_somebody"),
        Index("takeover_standing", "conversation_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("takeover_of_conversation", "conversation_id", "started_at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    by: str
    """Login of whoever answers."""
    started_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_by: str | None = None
    outcome_before: str | None = None
    """What the conversation had come to when it was taken up again; none where it was going on."""
    reason_before: str | None = None
    note: str = ""
    """What whoever reads the conversation later should know."""
