"""A search that somebody wants to make again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, new_id


class SavedView(SQLModel, table=True):
    """The filters of a list, under a name of its owner's."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff_id", "name", name="view_named_once"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff_member.id")
    name: str
    query: dict[str, str] = Field(sa_type=Json)
    at: datetime = Field(sa_type=UtcTime)
