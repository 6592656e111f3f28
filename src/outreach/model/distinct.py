"""The different values of an indexed column, found by skipping through its index: as fast with a million rows as with few."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

MOST = 500
"""More than anybody would choose from a list."""


def distinct(db: Session, column: Any) -> list[Any]:
    """Every value but the empty one, in order."""
    known: list[Any] = []
    while len(known) < MOST:
        following = select(column).where(col(column).is_not(None)).order_by(col(column)).limit(1)
        if known:
            following = following.where(column > known[-1])
        value = db.exec(following).first()
        if value is None:
            break
        known.append(value)
    return known
