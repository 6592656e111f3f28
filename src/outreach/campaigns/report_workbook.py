"""A report as a workbook, one sheet for each of its tables, or as CSV."""

from __future__ import annotations

from outreach import spreadsheet
from outreach.campaigns import report_tables
from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report


def of(made: Report | Portfolio) -> bytes:
    """The workbook's content."""
    return spreadsheet.workbook(report_tables.tables(made))


def csv_of(made: Report | Portfolio) -> bytes:
    """The parts as CSV, or the figures of the whole where it has none."""
    return spreadsheet.csv_of(report_tables.parts(made.by, made.parts) if made.by else report_tables.summary(made))
