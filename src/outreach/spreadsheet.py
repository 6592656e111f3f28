"""Tables on their way to a spreadsheet, as a workbook or as CSV; no cell is a formula. Every export takes this way."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\0", "\r")
"""A cell that begins with one of these would be run by a spreadsheet."""
WIDEST = 40


@dataclass(frozen=True)
class Column:
    """A column: its title, and how its numbers are written."""

    title: str
    form: str = ""


@dataclass(frozen=True)
class TableOf:
    """One table: a sheet of a workbook, or a file of CSV."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def workbook(tables: Iterable[TableOf]) -> bytes:
    """A workbook with a sheet for each table."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        _sheet(book, table)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def csv_of(table: TableOf) -> bytes:
    """A table as CSV; in UTF-8 with the mark that Excel needs."""
    content = StringIO()
    writer = csv.writer(content)
    writer.writerow([inert(column.title) for column in table.columns])
    writer.writerows([[inert(value) if isinstance(value, str) else value for value in row] for row in table.rows])
    return content.getvalue().encode("utf-8-sig")


def _sheet(book: Any, table: TableOf) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(table.title)
    rows = [list(row) for row in table.rows]
    for index, column in enumerate(table.columns):
        widths = [_width(column.title), *(_width(row[index]) for row in rows)]
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(max(widths) + 2, WIDEST)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column.title, bold=True) for column in table.columns])
    for row in rows:
        sheet.append([_cell(sheet, value, form=column.form) for value, column in zip(row, table.columns, strict=True)])


def _cell(sheet: Any, value: Any, *, bold: bool = False, form: str = "") -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, _written(value))
    if bold:
        cell.font = Font(bold=True)
    if form:
        cell.number_format = form
    return cell


def _written(value: Any) -> Any:
    """Numbers as they are, all else as text without the signs that no workbook may hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or isinstance(value, int | float):
        return value
    return inert(ILLEGAL_CHARACTERS_RE.sub("", str(value)))


def _width(value: Any) -> int:
    """Columns that a value takes; a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in str(value or ""))
