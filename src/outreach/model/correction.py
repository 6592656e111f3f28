"""A reading that a member of staff put right. Rows are added, never changed: the latest for a message holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, new_id


class Correction(SQLModel, table=True):
    """What a customer's message was heard as, and what it means. The words stay with the message alone."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    message_id: UUID = Field(foreign_key="message.id", index=True)
    heard_intent: str | None = None
    """What the model heard; none where it had not read the words."""
    right_intent: str
    by: str
    at: datetime = Field(sa_type=UtcTime)
    note: str = ""
