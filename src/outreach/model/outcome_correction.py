"""An outcome that a person put right."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, new_id


class OutcomeCorrection(SQLModel, table=True):
    """The old outcome stays here, with who changed it, and why."""

    __tablename__ = "outcome_correction"
    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    before: str
    after: str
    by: str
    at: datetime = Field(sa_type=UtcTime)
    why: str
