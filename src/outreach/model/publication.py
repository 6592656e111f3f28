"""Published scripts: immutable snapshots, proposed by one person and approved by another."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, Word, new_id, one_of


class ScriptVersion(SQLModel, table=True):
    """A script's files as proposed, named by the hash of their content."""

    __tablename__ = "script_version"
    __table_args__ = (
        UniqueConstraint("script", "version", name="version_once"),
        UniqueConstraint("script", "number", name="version_numbered_once"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"),
        CheckConstraint("approved_by IS DISTINCT FROM proposed_by OR approved_by = 'shipped'", name="four_eyes"),
        Index("script_published", "script", "approved_at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    script: str
    version: str
    number: int
    source: dict[str, str] = Field(sa_type=Json)
    """Path inside `scripts_templates` to text."""
    proposed_by: str
    proposed_at: datetime = Field(sa_type=UtcTime)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Decision(StrEnum):
    """What can be decided about a version beside approving it."""

    REJECTED = "rejected"  #: sent back; the same content cannot be proposed again
    RESTORED = "restored"  #: approved before, and in use again from then on


class ScriptDecision(SQLModel, table=True):
    """Somebody of compliance sent a proposed version back, or put an earlier one into use again."""

    __tablename__ = "script_decision"
    __table_args__ = (one_of("decision", Decision),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    version_id: UUID = Field(foreign_key="script_version.id", index=True)
    decision: Decision = Field(sa_type=Word(Decision))
    by: str
    at: datetime = Field(sa_type=UtcTime)
    why: str
