"""What the running processes share: the clock's anchor, signs of life, paces and marks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime


class ClockAnchor(SQLModel, table=True):
    """The one row that says how product time follows from machine time."""

    __tablename__ = "clock_anchor"
    __table_args__ = (CheckConstraint("id = 1", name="one_anchor"), CheckConstraint("rate > 0", name="rate_positive"))
    id: int = Field(default=1, primary_key=True)
    machine_at: datetime = Field(sa_type=UtcTime)
    product_at: datetime = Field(sa_type=UtcTime)
    rate: float = 1.0


class Heartbeat(SQLModel, table=True):
    """A worker's sign of life, in machine time."""

    worker: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)


class SenderPace(SQLModel, table=True):
    """When one of our numbers may send its next text, by the database's clock: one pace over all workers."""

    __tablename__ = "sender_pace"
    sender: str = Field(primary_key=True)
    paced_until: datetime = Field(sa_type=UtcTime)


class InboundMark(SQLModel, table=True):
    """Up to which of the carrier's own moments its list of customers' texts was read."""

    __tablename__ = "inbound_mark"
    carrier: str = Field(primary_key=True)
    listed_until: datetime = Field(sa_type=UtcTime)
    """The carrier's time."""
    asked_at: datetime = Field(sa_type=UtcTime)
    """By the database's clock."""


class DataKey(SQLModel, table=True):
    """A key that rows are sealed with: known by its fingerprint, so that a wrong one is noticed before it writes."""

    __tablename__ = "data_key"
    __table_args__ = (CheckConstraint("id BETWEEN 1 AND 255", name="id_is_one_byte"),)
    id: int = Field(primary_key=True)
    """The first byte of what it sealed."""
    fingerprint: bytes = Field(sa_type=LargeBinary)
    finders: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The keys of the hash that numbers are found by, sealed with this key; none where it is derived from this key."""
    since: datetime = Field(sa_type=UtcTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When nothing was left that it sealed: from then on nobody needs to know it."""


class SchemaFloor(SQLModel, table=True):
    """The oldest schema whose version of the product this store still serves (docs/upgrading.md)."""

    __tablename__ = "schema_floor"
    __table_args__ = (CheckConstraint("id = 1", name="one_floor"),)
    id: int = Field(default=1, primary_key=True)
    revision: str
