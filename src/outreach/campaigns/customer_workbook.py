"""Everything kept about one customer as a workbook for the customer: a sheet for each kind, no cell a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from outreach.campaigns.spreadsheet import inert


def of(record: Mapping[str, Any]) -> bytes:
    """The file's content; `record` is as `customer_record.of` makes it."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    plain = {key: value for key, value in record.items() if not isinstance(value, list)}
    _sheet(book, "customer", [("field", "value"), *plain.items()])
    for kind, rows in record.items():
        if isinstance(rows, list) and rows and kind != "conversations":
            _sheet(book, kind, [tuple(rows[0]), *(tuple(row.values()) for row in rows)])
    texts = [
        (talk["id"], talk["outcome"], text["at"], text["from"], text["text"])
        for talk in record["conversations"]
        for text in talk.get("messages", ())
    ]
    _sheet(book, "conversations", [("conversation", "outcome", "at", "from", "text"), *texts])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(book: Any, title: str, rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_cell(value) for value in row])


def _cell(value: object) -> object:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or isinstance(value, int | float):
        return value
    return inert(ILLEGAL_CHARACTERS_RE.sub("", str(value)))
