"""What staff say of a conversation: read and scored, flagged, tagged, noted; what is put before whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, new_id


class ReviewSheet(SQLModel, table=True):
    """All that staff wrote on one conversation, as one thing: who saves sees first what others saved before."""

    __tablename__ = "review_sheet"
    conversation_id: UUID = Field(primary_key=True, foreign_key="conversation.id")
    revision: int = 0
    """Counts savings; a form names the one it was drawn from."""
    by: str = ""
    at: datetime | None = Field(default=None, sa_type=UtcTime)


class Review(SQLModel, table=True):
    """One reviewer's judgement of one conversation."""

    __table_args__ = (
        UniqueConstraint("conversation_id", "by", name="review_once"),
        Index("review_of_reviewer", "by", "at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    by: str
    at: datetime = Field(sa_type=UtcTime)
    marks: dict[str, str] = Field(sa_type=Json)
    """Criterion of the checklist as it was then to its mark: good, poor, or not_asked."""


class Flag(SQLModel, table=True):
    """Somebody wants others to look at a conversation, until it is lifted."""

    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="flag_lifted_by_somebody"),
        Index("flag_standing", "conversation_id", unique=True, postgresql_where="lifted_at IS NULL"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    by: str
    at: datetime = Field(sa_type=UtcTime)
    why: str = ""
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Tag(SQLModel, table=True):
    """A word by which staff find a conversation again."""

    conversation_id: UUID = Field(primary_key=True, foreign_key="conversation.id")
    tag: str = Field(primary_key=True)
    by: str
    at: datetime = Field(sa_type=UtcTime)


class StaffNote(SQLModel, table=True):
    """What somebody wrote beside a conversation."""

    __tablename__ = "staff_note"
    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    by: str
    at: datetime = Field(sa_type=UtcTime)
    words: str


class SamplingPlan(SQLModel, table=True):
    """Which closed conversations are put before which reviewers."""

    __tablename__ = "sampling_plan"
    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 1", name="share_is_a_share"),
        CheckConstraint("twice >= 0 AND twice <= 1", name="twice_is_a_share"),
        Index("sampling_plan_standing", "ended_at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    script: str | None = None
    """Only conversations of this script; all where none is named."""
    outcome: str | None = None
    share: float
    """Of the conversations that match: 1 is all."""
    twice: float = 0.0
    """Of those taken: the share that two reviewers read, for their agreement."""
    reviewers: list[str] = Field(sa_type=Json)
    by: str
    at: datetime = Field(sa_type=UtcTime)
    drawn_until: datetime = Field(sa_type=UtcTime)
    """Conversations closed until then were drawn from."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_by: str | None = None


class ReviewAssignment(SQLModel, table=True):
    """One conversation in one reviewer's queue."""

    __tablename__ = "review_assignment"
    __table_args__ = (Index("review_queue", "reviewer", "assigned_at", postgresql_where="done_at IS NULL"),)
    conversation_id: UUID = Field(primary_key=True, foreign_key="conversation.id")
    reviewer: str = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="sampling_plan.id", index=True)
    assigned_at: datetime = Field(sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
