"""What was arranged: visits to a branch and calls back."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, new_id, one_of
from outreach.times import Part


class VisitState(StrEnum):
    """Where an arrangement stands."""

    BOOKED = "booked"  #: agreed
    MOVED = "moved"  #: replaced by a later one
    CANCELLED = "cancelled"  #: called off
    ARRIVED = "arrived"  #: the customer came
    NO_SHOW = "no_show"  #: the customer did not come


class Visit(SQLModel, table=True):
    """A customer's visit to a branch."""

    __table_args__ = (
        one_of("part", Part),
        one_of("state", VisitState),
        CheckConstraint("part IS NOT NULL OR hour IS NOT NULL", name="visit_has_a_time"),
        Index("visit_standing", "conversation_id", unique=True, postgresql_where="state = 'booked'"),
        Index("visit_by_half_day", "branch_id", "date", "part", postgresql_where="state = 'booked'"),
        Index("visit_by_day", "date", "branch_id"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    conversation_id: UUID = Field(foreign_key="conversation.id")
    branch_id: UUID = Field(foreign_key="branch.id")
    date: date
    part: Part = Field(sa_type=Word(Part))
    hour: time | None = None
    """Local time at the branch."""
    party_size: int | None = None
    """How many people come, the customer among them; null where they did not say."""
    state: VisitState = Field(default=VisitState.BOOKED, sa_type=Word(VisitState))
    booked_at: datetime = Field(sa_type=UtcTime)
    changed_by: str | None = None
    """Who of the staff said so; nobody where the customer arranged it."""
    changed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Callback(SQLModel, table=True):
    """A time at which a customer asked to be contacted again."""

    __table_args__ = (
        Index("callback_standing", "conversation_id", unique=True, postgresql_where="cancelled_at IS NULL"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    date: date
    starts: time | None = None
    """Local time from which; null where only the day was named."""
    named: bool
    """Whether the customer named the time, or it is the next permitted slot."""
    at: datetime = Field(sa_type=UtcTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcTime)
