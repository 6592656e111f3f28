"""What the running processes share: the clock's anchor and signs of life."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
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
