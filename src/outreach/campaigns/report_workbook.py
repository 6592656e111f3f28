"""A report as a workbook, one sheet for each of its tables, or as CSV."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

from outreach.campaigns import report_tables
from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report
from outreach.campaigns.report_tables import TableOf, tables
from outreach.campaigns.spreadsheet import inert

WIDEST = 40


def of(made: Report | Portfolio) -> bytes:
    """The file's content."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables(made):
        _sheet(book, table)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


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

    cell = WriteOnlyCell(sheet, inert(value) if isinstance(value, str) else value)
    if bold:
        cell.font = Font(bold=True)
    if form:
        cell.number_format = form
    return cell


def _width(value: Any) -> int:
    """Columns that a value takes; a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in str(value or ""))


def csv_of(made: Report | Portfolio) -> bytes:
    """The parts as CSV, or the figures of the whole where it has none; in UTF-8 with the mark that Excel needs."""
    table = report_tables.parts(made.by, made.parts) if made.by else report_tables.summary(made)
    content = StringIO()
    writer = csv.writer(content)
    writer.writerow([inert(column.title) for column in table.columns])
    writer.writerows([[inert(value) if isinstance(value, str) else value for value in row] for row in table.rows])
    return content.getvalue().encode("utf-8-sig")
