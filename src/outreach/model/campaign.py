"""A campaign: whom to reach, with which script, when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, Word, new_id, one_of


class CampaignState(StrEnum):
    """Where a campaign stands."""

    ACTIVE = "active"  #: attempts are opened when they fall due
    PAUSED = "paused"  #: nothing new is opened; conversations go on
    FINISHED = "finished"  #: every attempt is closed


class Campaign(SQLModel, table=True):
    """A campaign as launched, with the file it was launched from."""

    __table_args__ = (
        one_of("state", CampaignState),
        CheckConstraint("ends_on >= starts_on", name="campaign_in_order"),
        CheckConstraint("pace > 0", name="pace_positive"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    script: str
    script_version_id: UUID = Field(foreign_key="script_version.id")
    channels: list[str] = Field(sa_type=Json)
    starts_on: date
    ends_on: date
    pace: float
    """Openings per second of machine time."""
    offer: dict[str, str] = Field(sa_type=Json)
    definition: dict[str, Any] = Field(sa_type=Json)
    """The campaign file, as read."""
    state: CampaignState = Field(default=CampaignState.ACTIVE, sa_type=Word(CampaignState))
    launched_at: datetime = Field(sa_type=UtcTime)
    paced_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Machine time before which no further opening is claimed."""
    planned_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Set when every customer of the audience has an attempt."""
