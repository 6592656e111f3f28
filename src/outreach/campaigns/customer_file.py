"""Read the rows of a customer list: CSV or XLSX, in the encodings banks send, a row at a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from outreach import documents
from outreach.campaigns.customer_columns import COLUMNS, HEADERS, REQUIRED, plain
from outreach.documents import Problem, Refused

MOST_COLUMNS = 200
LONGEST_CELL = 2_000
LONGEST_LINE = 64 * 1024
LARGEST_FILE = 512 * 1024 * 1024
LARGEST_SHEET = 1024 * 1024 * 1024
"""Bytes a workbook may unpack to: a million rows need about 300 MB; what is larger is a bomb."""
SAMPLE = 64 * 1024

Row = tuple[int, Mapping[str, str]]
"""A line number as the editor or the spreadsheet shows it, and cells by field."""


@contextmanager
def rows(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[Iterator[Row]]:
    """The rows of a list by field; raises Refused when the file or its headers cannot be read."""
    try:
        size = path.stat().st_size
    except OSError:
        raise _refused(path, "file", "does not exist", "the path of a CSV or XLSX file") from None
    if size > LARGEST_FILE:
        raise _refused(path, "file", f"has {size} bytes", f"at most {LARGEST_FILE}; split it")
    with path.open("rb") as file:
        lines = _workbook(path, file) if file.read(4) == b"PK\x03\x04" else _text(path, file)
        # Closed before the file is, whichever way the reader left.
        with closing(lines):
            yield _by_field(path, lines, mapping or {})


def read_mapping(path: Path | None) -> Mapping[str, str]:
    """Own headers to fields, from a YAML file such as `客户姓名: name`."""
    if path is None:
        return {}
    document = documents.read_file(path)
    problems = [
        document.problem([str(header)], f"maps to {field!r}", f"one of {', '.join(COLUMNS)}")
        for header, field in document.root.items()
        if field not in COLUMNS and field not in HEADERS
    ]
    if problems:
        raise Refused(problems)
    return {str(header).strip(): HEADERS.get(str(field), str(field)) for header, field in document.root.items()}


def _by_field(path: Path, lines: Iterator[tuple[int, list[str]]], mapping: Mapping[str, str]) -> Iterator[Row]:
    first = next(lines, None)
    if first is None:
        raise _refused(path, "file", "is empty", "a first line with headers")
    fields = _fields(path, first[0], first[1], mapping)
    for number, cells in lines:
        if any(cells):
            yield number, {field: cells[index] for index, field in fields.items() if index < len(cells)}


def _fields(path: Path, line: int, headers: list[str], mapping: Mapping[str, str]) -> Mapping[int, str]:
    fields: dict[int, str] = {}
    problems = []
    for index, header in enumerate(headers):
        field = mapping.get(header) or HEADERS.get(header) or (header.lower() if header.lower() in COLUMNS else None)
        if field is None:
            continue
        if field in fields.values():
            problems.append(Problem(path.name, line, header, "stands in two columns", "each column once"))
        fields[index] = field
    problems += [
        Problem(path.name, line, field, "has no column", f"a header {name} or {field}, or --mapping")
        for field in REQUIRED
        if field not in fields.values()
        for name in [next(chinese for chinese, english in HEADERS.items() if english == field)]
    ]
    if problems:
        raise Refused(problems)
    return fields


def _text(path: Path, file: BinaryIO) -> Generator[tuple[int, list[str]]]:
    file.seek(0)
    sample = file.read(SAMPLE)
    encoding = _encoding(path, sample)
    file.seek(0)
    words = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    try:
        head = sample.decode(encoding, "ignore").splitlines()
        delimiter = max(",\t;", key=head[0].count) if head else ","
        reader = csv.reader(_bounded(path, words), delimiter=delimiter)
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise _refused(path, "columns", f"line {reader.line_num} has {len(cells)}", f"at most {MOST_COLUMNS}")
            yield reader.line_num, [plain(cell[:LONGEST_CELL]) for cell in cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(
            path, "file", f"cannot be read as {encoding} ({type(error).__name__})", "CSV in UTF-8, GB18030 or UTF-16"
        ) from None
    finally:
        words.detach()


def _bounded(path: Path, words: io.TextIOWrapper) -> Iterator[str]:
    """Lines of bounded length, so that a file without line ends does not fill the memory."""
    while line := words.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise _refused(path, "file", f"has a line of more than {LONGEST_LINE} characters", "one customer a line")
        yield line


def _encoding(path: Path, sample: bytes) -> str:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if sample.count(b"\x00") > len(sample) // 4:
        return "utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            # The sample may end inside a character.
            sample[: max(0, len(sample) - 4)].decode(encoding) if len(sample) == SAMPLE else sample.decode(encoding)
        except UnicodeDecodeError as error:
            if len(sample) == SAMPLE and error.start > SAMPLE - 16:
                return encoding
            continue
        return encoding
    raise _refused(path, "file", "is in no encoding we read", "CSV in UTF-8, GB18030 or UTF-16, or XLSX")


def _workbook(path: Path, file: BinaryIO) -> Generator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_SHEET:
                raise _refused(path, "file", "unpacks to more than 1 GB", "a workbook of ordinary size; split it")
        file.seek(0)
        book: Any = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
            if len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS] is not None:
                raise _refused(
                    path, "columns", f"line {number} has more than {MOST_COLUMNS}", f"at most {MOST_COLUMNS}"
                )
            yield number, [plain(cell)[:LONGEST_CELL] for cell in cells]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        if isinstance(error, Refused):
            raise
        raise _refused(
            path, "file", f"is not a readable workbook ({type(error).__name__})", "an XLSX file saved by Excel or WPS"
        ) from None


def _refused(path: Path, field: str, problem: str, fix: str) -> Refused:
    return Refused([Problem(path.name, 1, field, problem, fix)])
