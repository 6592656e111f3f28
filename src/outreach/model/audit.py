"""Who did what, and why. Rows are added, never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime


class AuditEntry(SQLModel, table=True):
    """One act of a person that somebody may ask about later."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    at: datetime = Field(sa_type=UtcTime)
    who: str
    verb: str
    """Past tense: suppression_lifted, script_approved, customer_erased."""
    what: UUID | None = None
    why: str = ""
