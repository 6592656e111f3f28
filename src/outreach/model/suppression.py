"""Standing instructions not to be reached. Only an explicit START or a named member of staff lifts one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, new_id, one_of
from outreach.rules.channel import Channel


class Source(StrEnum):
    """Who said so."""

    SAID = "said"  #: the customer, in words or by keyword
    CARRIER = "carrier"  #: the carrier knows of an opt-out
    STAFF = "staff"  #: a member of staff
    LIST = "list"  #: an imported list


class Suppression(SQLModel, table=True):
    """One number that must not be reached, on one channel or on all. Covers every record with that number."""

    __table_args__ = (
        one_of("channel", Channel),
        one_of("source", Source),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
        # NULL channel means all; NULLS NOT DISTINCT makes that one standing row, too.
        Index(
            "suppression_standing", "phone_hash", "channel", unique=True, postgresql_where="lifted_at IS NULL",
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    phone_hash: bytes = Field(sa_type=LargeBinary)
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    channel: Channel | None = Field(default=None, sa_type=Word(Channel))
    source: Source = Field(sa_type=Word(Source))
    words: str = ""
    """What was said, verbatim."""
    at: datetime = Field(sa_type=UtcTime)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    lifted_by: str | None = None
    lifted_why: str | None = None


class Scope(StrEnum):
    """What a stop stops."""

    ALL = "all"  #: everything the bank starts
    CAMPAIGN = "campaign"  #: one campaign
    CARRIER = "carrier"  #: one provider


class Stop(SQLModel, table=True):
    """A kill switch that is on. Read in the transaction of every claim."""

    __table_args__ = (
        one_of("scope", Scope),
        CheckConstraint("(scope = 'campaign') = (campaign_id IS NOT NULL)", name="campaign_named"),
        CheckConstraint("(scope = 'carrier') = (carrier IS NOT NULL)", name="carrier_named"),
        Index(
            "stop_standing", "scope", "campaign_id", "carrier", unique=True, postgresql_where="lifted_at IS NULL",
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    scope: Scope = Field(sa_type=Word(Scope))
    campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id")
    carrier: str | None = None
    by: str
    why: str = ""
    at: datetime = Field(sa_type=UtcTime)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    lifted_by: str | None = None
    lifted_why: str | None = None
