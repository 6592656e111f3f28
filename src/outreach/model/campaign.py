"""A campaign: whom to reach, with which script, when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, Telling, UtcTime, Word, new_id, one_of


class CampaignState(StrEnum):
    """Where a campaign stands."""

    PROPOSED = "proposed"  #: a second person has to approve it; nobody is planned
    REJECTED = "rejected"  #: the second person said no
    ACTIVE = "active"  #: attempts are opened when they fall due
    PAUSED = "paused"  #: nothing new is opened; conversations go on
    FINISHED = "finished"  #: every attempt is closed, or it ended before its time: nothing new is begun


class Campaign(SQLModel, table=True):
    """A campaign as proposed or launched, with the file it was made from."""

    __table_args__ = (
        one_of("state", CampaignState),
        CheckConstraint("approved_by <> proposed_by", name="campaign_approved_by_another"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="campaign_approved_at_a_time"),
        CheckConstraint("(launched_at IS NULL) = (state IN ('proposed', 'rejected'))", name="campaign_launched_or_not"),
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
    proposed_by: str | None = None
    """Who wants it; none where it was launched without a second person, which only a carrier on this machine permits."""
    proposed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    launched_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Empty while it waits for approval."""
    held_why: str | None = Field(default=None, sa_type=Telling)
    """Why it is paused or ended before its time: what a member of staff said, or the stop condition with its figures."""
    watched_from: datetime | None = Field(default=None, sa_type=UtcTime)
    """From when on failures and opt-outs are counted against its limits: a person who resumes it starts the count anew."""
    winner: str | None = None
    """The variant that staff promoted: whoever has not been contacted yet gets it."""
    paced_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Machine time before which no further opening is claimed."""
    planned_through: UUID | None = None
    """The last customer of the audience, in order of id, that has an attempt: planning goes on from here."""
    planned_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Set when every customer of the audience has an attempt."""
