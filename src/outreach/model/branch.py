"""Where customers come to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, new_id


class Branch(SQLModel, table=True):
    """A branch with its opening hours."""

    __table_args__ = (CheckConstraint("visits_per_half_day > 0", name="visits_positive"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    aliases: list[str] = Field(default_factory=list, sa_type=Json)
    """What customers call it beside its name: 老支行, 书店对面."""
    area: str | None = None
    """The part of town, as customers name it: 高新区."""
    address: str | None = None
    phone: str | None = None
    hours: dict[str, Any] = Field(sa_type=Json)
    """As `outreach.times.Hours.to_json` writes it."""
    visits_per_half_day: int | None = None
    """How many visits a morning or an afternoon holds; unlimited where none is set."""
