"""The report of a campaign that is too large to be counted whenever somebody looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime


class KeptReport(SQLModel, table=True):
    """One report as it was counted last; of all campaigns where none is named."""

    __tablename__ = "kept_report"
    campaign_id: UUID = Field(primary_key=True)
    """Nil for all campaigns together."""
    by: str = Field(primary_key=True)
    """Its parts: one of `report_scope.DIMENSIONS`, or empty."""
    content: dict[str, Any] = Field(sa_type=Json)
    counted_at: datetime = Field(sa_type=UtcTime)
    """Product time, which people read."""
    made_at: datetime = Field(sa_type=UtcTime)
    """Machine time, by which it grows old."""
    seconds: float
    """How long the counting took."""
