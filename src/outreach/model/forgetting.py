"""Delete rows with everything that hangs on them: what only points at them is kept and points at nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, select, update
from sqlmodel import Session, SQLModel

BELONGS = {("message", "conversation_id")}
"""Columns that may be empty and yet mean that a row belongs to the other."""


def forget(db: Session, table: Table, ids: Sequence[Any]) -> int:
    """Delete rows by id; how many of this table. Tables to come are found by their foreign keys."""
    if not ids:
        return 0
    for child, column in _pointing_at(table):
        if column.nullable and (child.name, column.name) not in BELONGS:
            db.execute(update(child).where(column.in_(ids)).values({column.name: None}))
        elif len(child.primary_key.columns) == 1:
            forget(db, child, db.execute(select(key_of(child)).where(column.in_(ids))).scalars().all())
        else:
            db.execute(delete(child).where(column.in_(ids)))
    return int(db.execute(delete(table).where(key_of(table).in_(ids))).rowcount)  # type: ignore[attr-defined]


def key_of(table: Table) -> Column[Any]:
    """The one column that a table's rows are known by."""
    (key,) = table.primary_key.columns
    return key


def _pointing_at(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    for child in SQLModel.metadata.sorted_tables:
        for column in child.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                yield child, column
