"""What a customer agreed to: a ledger that is added to, never rewritten."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, new_id, one_of
from outreach.rules.channel import Channel


class Purpose(StrEnum):
    """What a contact is for."""

    MARKETING = "marketing"  #: an offer
    SERVICE = "service"  #: the customer's own business


class Consent(SQLModel, table=True):
    """A customer's agreement to be reached on one channel for one purpose, with its proof."""

    __table_args__ = (
        one_of("channel", Channel),
        one_of("purpose", Purpose),
        CheckConstraint("expires_at IS NULL OR expires_at > given_at", name="consent_in_order"),
        Index(
            "consent_in_force", "customer_id", "channel", "purpose", unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    channel: Channel = Field(sa_type=Word(Channel))
    purpose: Purpose = Field(default=Purpose.MARKETING, sa_type=Word(Purpose))
    given_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)
    source: str
    """Where the agreement is on record: a form, a call, the operator."""
