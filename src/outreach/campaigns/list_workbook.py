"""Lists as workbooks: measured before they are opened, since a small file can unpack to a very large one."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from outreach.campaigns.list_cells import plain
from outreach.campaigns.list_lines import LONGEST_CELL, MOST_COLUMNS, Line, Lines, refused
from outreach.documents import Refused

MAGIC = b"PK\x03\x04"
LARGEST = 64 * 1024 * 1024
"""Bytes of the file itself."""
LARGEST_SHEET = 256 * 1024 * 1024
"""Bytes a sheet may unpack to; it is read row by row. 100,000 customers take about 90 MB."""
LARGEST_TEXTS = 40 * 1024 * 1024
"""Bytes the table of texts may unpack to; it is held in memory."""
LARGEST_PART = 4 * 1024 * 1024
"""Bytes any other part that is read may unpack to: styles, the list of sheets."""
LONGEST_ROW = 512 * 1024
"""Bytes of one row; a row is held in memory."""
MOST_PARTS = 2_000
MOST_ROWS = 1_048_576
"""As many as a sheet can have; a row may still claim to be a later one."""
CHUNK = 1024 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
SMALLER = "a workbook of ordinary size; save it as CSV, or split it"


def read(path: Path, file: BinaryIO) -> Lines:
    """The rows of the first sheet; raises Refused for a workbook that is broken or would fill the memory."""
    import openpyxl

    try:
        count = _measure(path, file)
        file.seek(0)
        with warnings.catch_warnings():
            # It remarks on styles and extensions that it leaves out; only values matter here.
            warnings.simplefilter("ignore")
            book: Any = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - what a broken file makes of a parser is anybody's guess
        raise _broken(path, error) from None
    sheet.reset_dimensions()
    return Lines(_rows(path, book, sheet), count)


def _rows(path: Path, book: Any, sheet: Any) -> Generator[Line]:
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    try:
        for number in range(1, MOST_ROWS + 1):
            cells = _next(path, rows, number)
            if cells is None:
                return
            if len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS] is not None:
                raise refused(path, "columns", f"there are more than {MOST_COLUMNS}", f"at most {MOST_COLUMNS}", number)
            yield number, [plain(cell)[:LONGEST_CELL] for cell in cells]
    finally:
        book.close()


def _next(path: Path, rows: Iterator[Any], number: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return next(rows, None)
        except Exception as error:  # noqa: BLE001 - as above
            raise _broken(path, error, number) from None


def _measure(path: Path, file: BinaryIO) -> int:
    """Refuse what would unpack to too much; how many rows there are."""
    if path.stat().st_size > LARGEST:
        raise refused(path, "file", f"has more than {LARGEST:,} bytes", SMALLER)
    if _parts(file) > MOST_PARTS:
        raise refused(path, "file", f"has more than {MOST_PARTS:,} parts", SMALLER)
    rows = 0
    with zipfile.ZipFile(file) as packed:
        for part in packed.infolist():
            if part.file_size > _most(part.filename):
                raise refused(path, part.filename, f"unpacks to {part.file_size:,} bytes", SMALLER)
            if _is_sheet(part.filename):
                rows = max(rows, _count_rows(path, packed, part))
    return rows


def _parts(file: BinaryIO) -> int:
    """How many parts the archive's directory lists, counted before the directory is read into memory."""
    file.seek(0)
    count, end = 0, b""
    while chunk := file.read(CHUNK):
        count += (end + chunk).count(b"PK\x01\x02")
        end = chunk[-3:]
    return count


def _most(part: str) -> int:
    if _is_sheet(part):
        return LARGEST_SHEET
    return LARGEST_TEXTS if part.lower().endswith("sharedstrings.xml") else LARGEST_PART if _is_read(part) else LARGEST


def _is_sheet(part: str) -> bool:
    return "worksheets/" in part and part.endswith(".xml")


def _is_read(part: str) -> bool:
    return part.endswith((".xml", ".rels"))


def _count_rows(path: Path, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many rows a sheet has; none may be too long to be held in memory."""
    rows, since, end = 0, 0, b""
    with packed.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK // 4):
            found = len(_ROW.findall(end + chunk))
            rows += found
            since = 0 if found else since + len(chunk)
            if since > LONGEST_ROW:
                problem = f"has more than {LONGEST_ROW:,} bytes in one row"
                raise refused(path, part.filename, problem, SMALLER, rows)
            end = chunk[-5:]
    return rows


def _broken(path: Path, error: Exception, line: int = 1) -> Refused:
    problem = f"is not a readable workbook ({type(error).__name__})"
    return refused(path, "file", problem, "an XLSX file saved by Excel or WPS", line)
