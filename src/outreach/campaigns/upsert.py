"""Write many rows of one table in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, select


def upsert(db: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *key: str) -> None:
    """Insert rows that all have the same columns; where the key exists, the other columns given are replaced."""
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[attr-defined]
    names = list(rows[0])
    # A column of the batch is one array: a thousand rows of parameters would cost more to send than to store.
    arrays = (func.unnest(bindparam(f"{name}s", type_=ARRAY(table.c[name].type, dimensions=1))) for name in names)
    statement = insert(table).from_select(names, select(*arrays))
    changed = {name: statement.excluded[name] for name in names if name not in key}
    written = statement.on_conflict_do_update(index_elements=key, set_=changed)
    db.connection().execute(written, {f"{name}s": [row[name] for row in rows] for name in names})
