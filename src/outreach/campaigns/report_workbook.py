"""A report as a workbook: one sheet for each of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report
from outreach.campaigns.report_tables import TableOf, tables
from outreach.campaigns.spreadsheet import inert

WIDEST = 40


def of(made: Report | Portfolio) -> bytes:
    """The file's content."""
    book = Workbook(write_only=True)
    for table in tables(made):
        _sheet(book, table)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(book: Any, table: TableOf) -> None:
    sheet = book.create_sheet(table.title)
    rows = [list(row) for row in table.rows]
    for index, column in enumerate(table.columns):
        widths = [_width(column.title), *(_width(row[index]) for row in rows)]
        sheet.column_dimensions[chr(ord("A") + index)].width = min(max(widths) + 2, WIDEST)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column.title, bold=True) for column in table.columns])
    for row in rows:
        sheet.append([_cell(sheet, value, form=column.form) for value, column in zip(row, table.columns, strict=True)])


def _cell(sheet: Any, value: Any, *, bold: bool = False, form: str = "") -> Any:
    cell = WriteOnlyCell(sheet, inert(value) if isinstance(value, str) else value)
    if bold:
        cell.font = Font(bold=True)
    if form:
        cell.number_format = form
    return cell


def _width(value: Any) -> int:
    """Columns that a value takes; a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in str(value or ""))


def csv_rows(table: TableOf) -> Iterable[Sequence[str]]:
    """One table as rows of inert text, for a CSV file."""
    yield [inert(column.title) for column in table.columns]
    for row in table.rows:
        yield [inert("" if value is None else str(value)) for value in row]
