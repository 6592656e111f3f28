"""Who did what, and why. Rows are added, never changed: the database refuses it, and each row seals the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, LargeBinary
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime


class AuditEntry(SQLModel, table=True):
    """One act of a person that somebody may ask about later. `position`, `previous` and `hash` are set by the
    database when the transaction commits (migration "audit chain"); `staff.audit_chain` checks them.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("audit_of_what", "what", "id"),
        Index("audit_of_who", "who", "id"),
        Index("audit_of_verb", "verb", "id"),
    )
    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    at: datetime = Field(sa_type=UtcTime)
    who: str
    verb: str
    """Past tense: suppression_lifted, script_approved, customer_erased."""
    what: UUID | None = None
    why: str = ""
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What changed, as {"before": …, "after": …}, or what was asked for; never a customer's words or number."""
    position: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    """Place in the chain, from 1, without gaps."""
    previous: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The hash at the position before; empty at the first."""
    hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    """SHA-256 over `previous` and everything above."""
