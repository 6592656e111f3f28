"""Published scripts: immutable snapshots, proposed by one person and approved by another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, new_id


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
