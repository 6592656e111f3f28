"""Everything kept about one customer as a workbook for the customer: a sheet for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from outreach import spreadsheet
from outreach.spreadsheet import Column, TableOf


def of(record: Mapping[str, Any]) -> bytes:
    """The file's content; `record` is as `customer_record.of` makes it."""
    return spreadsheet.workbook(_tables(record))


def _tables(record: Mapping[str, Any]) -> Iterator[TableOf]:
    plain = [(key, value) for key, value in record.items() if not isinstance(value, list)]
    yield _table("customer", ("field", "value"), plain)
    for kind, rows in record.items():
        if isinstance(rows, list) and rows and kind != "conversations":
            yield _table(kind, tuple(rows[0]), [tuple(row.values()) for row in rows])
    texts = [
        (talk["id"], talk["outcome"], text["at"], text["from"], text["text"])
        for talk in record["conversations"]
        for text in talk.get("messages", ())
    ]
    yield _table("conversations", ("conversation", "outcome", "at", "from", "text"), texts)
    recorded = [  # no cell holds a sound; the JSON file does
        (talk["id"], recording["announced_at"], recording["seconds"])
        for talk in record["conversations"]
        for recording in talk.get("recordings", ())
    ]
    yield _table("recordings", ("conversation", "announced_at", "seconds"), recorded)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> TableOf:
    return TableOf(title, [Column(name) for name in columns], rows)
