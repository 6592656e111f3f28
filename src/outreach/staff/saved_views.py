"""Searches that somebody keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.model import SavedView
from outreach.model.columns import new_id

LONGEST_NAME = 40
MOST_VIEWS = 50
"""Of one person; more would not be found again."""


def of(db: Session, staff_id: UUID) -> list[SavedView]:
    """Somebody's views, by name."""
    theirs = select(SavedView).where(SavedView.staff_id == staff_id).order_by(col(SavedView.name))
    return list(db.exec(theirs).all())


def save(db: Session, staff_id: UUID, name: str, query: Mapping[str, str], now: datetime) -> bool:
    """Keep a search under a name, in place of what had it before; False where there are too many, or no name."""
    name = name.strip()[:LONGEST_NAME]
    if not name or len(of(db, staff_id)) >= MOST_VIEWS:
        return False
    row = {"id": new_id(), "staff_id": staff_id, "name": name, "query": dict(query), "at": now}
    kept = insert(SavedView).values(row)
    db.execute(kept.on_conflict_do_update(constraint="view_named_once", set_={"query": row["query"], "at": now}))
    return True


def remove(db: Session, staff_id: UUID, view_id: UUID) -> None:
    """Forget one of somebody's own views."""
    view = db.get(SavedView, view_id)
    if view is not None and view.staff_id == staff_id:
        db.delete(view)
