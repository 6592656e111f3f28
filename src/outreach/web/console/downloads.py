"""Files that staff take away: a table as CSV or as a workbook, or whatever else a page has made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from fastapi.responses import Response

from outreach import spreadsheet
from outreach.said import said
from outreach.spreadsheet import TableOf
from outreach.web.console.problems import NotRead, NotThere

MOST_ROWS = 20_000
"""Of a list that is taken away; more is no list that somebody reads."""
KINDS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
WRITTEN: Mapping[str, Callable[[TableOf], bytes]] = {
    "csv": spreadsheet.csv_of,
    "xlsx": lambda table: spreadsheet.workbook([table]),
}


def form_of(asked: str) -> str:
    """The form of a table that an address names."""
    if asked not in WRITTEN:
        raise NotThere
    return asked


def whole(rows: Any) -> None:
    """Refuse a list that is too long to be taken away, rather than cut it unseen; it was asked for one row more."""
    if len(rows) > MOST_ROWS:
        raise NotRead([("", said("more than %(most)s rows match; set more filters", most=MOST_ROWS))])


def table(made: TableOf, name: str, form: str) -> Response:
    """A table as a file."""
    return file(WRITTEN[form](made), name, form)


def file(content: bytes, name: str, form: str, plain_name: str = "") -> Response:
    """A file under a name, which may be Chinese; `plain_name` is for whoever does not know RFC 6266's other form."""
    disposition = f'attachment; filename="{plain_name or name}.{form}"'
    if not name.isascii():
        disposition += f"; filename*=UTF-8''{quote(name, safe='')}.{form}"
    return Response(content, media_type=KINDS[form], headers={"Content-Disposition": disposition})
