"""Read the rows of a list by field: CSV, XLSX or JSON, under Chinese, English or the bank's own headers."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from outreach import documents
from outreach.campaigns import list_json, list_text, list_workbook
from outreach.campaigns.list_cells import plain
from outreach.campaigns.list_columns import Columns
from outreach.campaigns.list_lines import Line, Lines, Unreadable, refused
from outreach.documents import Problem, Refused

HEAD = 1_024
"""Bytes that tell what kind of file it is."""
FEW = 12
SHOWN = 40

Row = tuple[int, Mapping[str, str] | Unreadable]
"""A line number as the editor or the spreadsheet shows it, and cells by field."""


@dataclass(frozen=True)
class RowsOfList:
    """The rows of a list, about how many lines it has, and the headers of columns that are not read."""

    rows: Iterator[Row]
    lines: int
    unread: tuple[str, ...]

    def __iter__(self) -> Iterator[Row]:
        return self.rows


@contextmanager
def rows(path: Path, columns: Columns, mapping: Mapping[str, str] | None = None) -> Iterator[RowsOfList]:
    """The rows of a list by field; raises Refused when the file or its headers cannot be read."""
    with _opened(path) as lines:
        line, headers = next((one for one in lines.each if isinstance(one[1], Unreadable) or any(one[1])), (1, []))
        if isinstance(headers, Unreadable):
            raise refused(path, "headers", headers.problem, headers.fix, line)
        if not headers:
            raise refused(path, "file", "is empty", "a first line with headers, and a row on each line below")
        fields = _fields(path, line, headers, columns, mapping or {})
        unread = tuple(header for index, header in enumerate(headers) if header and index not in fields)
        yield RowsOfList(_by_field(path, lines.each, fields, columns.most_rows), lines.count, unread)


@contextmanager
def _opened(path: Path) -> Iterator[Lines]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise refused(
            path, "file", f"cannot be opened ({error.strerror})", "the path of a CSV, XLSX or JSON file"
        ) from None
    with file:
        lines = _kind(file.read(HEAD)).read(path, file)
        # The lines have to end before the file they come from is closed.
        with closing(lines.each):
            yield lines


def _kind(head: bytes) -> ModuleType:
    if head.startswith(list_workbook.MAGIC):
        return list_workbook
    return list_json if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(list_json.BEGINS) else list_text


def read_mapping(path: Path | None, columns: Columns) -> Mapping[str, str]:
    """Own headers to fields, from a YAML file such as `客户姓名: name`."""
    if path is None:
        return {}
    document = documents.read_file(path)
    problems = [
        document.problem([header], f"maps to {field!r}", f"one of {', '.join(columns.readers)}")
        for header, field in document.root.items()
        if not isinstance(field, str) or (field not in columns.readers and field not in columns.headers)
    ]
    if problems:
        raise Refused(problems)
    return {plain(str(header)): columns.headers.get(field, field) for header, field in document.root.items()}


def _fields(
    path: Path, line: int, headers: Sequence[str], columns: Columns, mapping: Mapping[str, str]
) -> Mapping[int, str]:
    fields: dict[int, str] = {}
    problems = []
    for index, header in enumerate(headers):
        field = columns.field_of(header, mapping)
        if field is None:
            continue
        if field in fields.values():
            said = f"there are two columns for {columns.chinese[field]} ({field})"
            problems.append(Problem(path.name, line, header[:SHOWN], said, "each column once"))
        fields[index] = field
    found = "、".join(header[:SHOWN] for header in headers[:FEW] if header)
    problems += [
        Problem(
            path.name,
            line,
            field,
            "has no column",
            f"a header {columns.chinese[field]} or {field}, or --mapping; found {found}",
        )
        for field in columns.required
        if field not in fields.values()
    ]
    if problems:
        raise Refused(problems)
    return fields


def _by_field(path: Path, lines: Iterator[Line], fields: Mapping[int, str], most_rows: int) -> Iterator[Row]:
    count = 0
    for number, cells in lines:
        if isinstance(cells, Unreadable):
            yield number, cells
        elif any(cells):
            yield number, {field: cells[index] for index, field in fields.items() if index < len(cells)}
        else:
            continue
        count += 1
        if count == most_rows:
            raise refused(path, "rows", f"there are more than {most_rows:,}", "split the file", number)
