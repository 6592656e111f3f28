"""What each manager is to reach on each day of a campaign."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, one_of


class Aim(StrEnum):
    """What is counted."""

    CONTACTS = "contacts"  #: process: customers first contacted that day
    REPLIES = "replies"  #: process: customers who answered for the first time that day
    VISITS = "visits"  #: result: visits agreed that day that still stand
    CONVERSIONS = "conversions"  #: result: customers with the fact that the campaign is for


class Target(SQLModel, table=True):
    """So much of one thing, by one manager, on one day of one campaign."""

    __table_args__ = (one_of("aim", Aim), CheckConstraint("amount > 0", name="target_of_something"))
    campaign_id: UUID = Field(primary_key=True, foreign_key="campaign.id")
    aim: Aim = Field(primary_key=True, sa_type=Word(Aim))
    manager: str = Field(primary_key=True)
    day: date = Field(primary_key=True, sa_type=Date)
    amount: int
    set_at: datetime = Field(sa_type=UtcTime)
