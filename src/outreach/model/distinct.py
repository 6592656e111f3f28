"""The different values of an indexed column, found by skipping through its index: as fast with a million rows as with few."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

MOST = 500
"""More than anybody would choose from a list."""


def distinct(db: Session, column: Any) -> list[Any]:
    """Every value but the empty one, in order: the least, then each time the least above the one before."""
    known = select(func.min(column).label("value")).cte("known", recursive=True)
    above = select(func.min(column)).where(column > known.c.value).scalar_subquery()
    known = known.union_all(select(above).where(known.c.value.is_not(None)))
    return list(db.execute(select(known.c.value).where(known.c.value.is_not(None)).limit(MOST)).scalars())
