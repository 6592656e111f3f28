"""Lists as text: which encoding and delimiter, and records of bounded size."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from outreach.campaigns.list_cells import plain
from outreach.campaigns.list_lines import LONGEST_CELL, MOST_COLUMNS, Line, Lines, Unreadable, refused

LARGEST = 256 * 1024 * 1024
"""Bytes; a million customers take about 150 MB."""
LONGEST_LINE = 64 * 1024
"""Characters, so that a file without line ends does not fill the memory."""
MOST_LINES = 20
"""Lines that one record may span; more is a quotation mark that nobody closed."""
CHUNK = 1024 * 1024
BY_CHANCE = 20
"""Characters that GB18030 may share with UTF-8 by chance; a text with more is UTF-8."""
ENCODINGS = "CSV in UTF-8, GB18030 or UTF-16, or XLSX"


def read(path: Path, file: BinaryIO) -> Lines:
    """The lines of a text; raises Refused when no encoding reads the whole of it, before any line is given."""
    if (size := path.stat().st_size) > LARGEST:
        raise refused(path, "file", f"has {size:,} bytes", f"at most {LARGEST:,}; split it")
    encoding, count = _encoding(path, file)
    file.seek(0)
    words = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    return Lines(_lines(path, words), count)


def encoding(path: Path, file: BinaryIO) -> str:
    """The encoding of a text; raises Refused when none reads the whole of it."""
    return _encoding(path, file)[0]


def _encoding(path: Path, file: BinaryIO) -> tuple[str, int]:
    """The first encoding that reads every byte, and how many lines that makes."""
    file.seek(0)
    head = file.read(CHUNK)
    for encoding in _candidates(head):
        whole, lines, beyond_ascii = _scan(file, encoding)
        if whole:
            return encoding, lines
        if encoding == "utf-8-sig" and beyond_ascii > BY_CHANCE:
            # As GB18030 it would read well, and every name would be another.
            raise refused(path, "file", "is UTF-8, but not on this line", ENCODINGS, lines + 1)
    raise refused(path, "file", "is in no encoding we read", ENCODINGS)


def _candidates(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if head.count(b"\0") > len(head) // 4:
        return ("utf-16-le",) if head[1:2] == b"\0" else ("utf-16-be",)
    return "utf-8-sig", "gb18030"


def _scan(file: BinaryIO, encoding: str) -> tuple[bool, int, int]:
    """Whether an encoding reads every byte; the lines and the characters beyond ASCII up to where it does not."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = beyond_ascii = 0
    while True:
        chunk = file.read(CHUNK)
        whole = True
        try:
            words = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            whole, words = False, error.object[: error.start].decode(encoding, "ignore")
        except UnicodeError:
            return False, lines, beyond_ascii  # UTF-16 that does not begin as it should
        lines += words.count("\n")
        if not words.isascii():
            beyond_ascii += len(words) - len(words.encode("ascii", "ignore"))
        if not (whole and chunk):
            return whole, lines, beyond_ascii


def _lines(path: Path, words: io.TextIOWrapper) -> Generator[Line]:
    """The cells of each record; a record with more cells than the headers has a delimiter too many inside a cell."""
    width = 0
    for number, cells in _records(path, words):
        if isinstance(cells, Unreadable) or not any(cells):
            yield number, cells
            continue
        width = width or len(cells)
        if len(cells) > width and any(cells[width:]):
            problem = f"有{len(cells)}格，标题行只有{width}格"
            yield number, Unreadable(problem, "格里有逗号的内容（如金额12,345.67）要加引号")
            continue
        yield number, [plain(cell[:LONGEST_CELL]) for cell in cells]


def _records(path: Path, words: io.TextIOWrapper) -> Iterator[Line]:
    try:
        yield from _separated(path, words)
    finally:
        words.detach()  # the file is the caller's to close


def _separated(path: Path, words: io.TextIOWrapper) -> Iterator[Line]:
    lines = _Lines(path, words)
    reader = csv.reader(lines, delimiter=lines.delimiter(), strict=True, skipinitialspace=True)
    while True:
        number = reader.line_num + 1
        lines.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # The reader begins anew with the line after.
            problem = "引号不配对"
            if reader.line_num > number:
                problem += f"，到第{reader.line_num}行都没有读"
            yield number, Unreadable(problem, '引号要成对；内容里的引号写成两个，如"南城""支行"""')
            continue
        if len(cells) > MOST_COLUMNS:
            raise refused(path, "columns", f"there are {len(cells)}", f"at most {MOST_COLUMNS}", number)
        yield number, cells


class _Lines:
    """Hands lines of bounded length to a CSV reader, and a bounded number of them to one record."""

    def __init__(self, path: Path, words: io.TextIOWrapper) -> None:
        self._path, self._words = path, words
        self._line, self._of_record = 0, 0
        self._ahead: str | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._of_record == MOST_LINES:
            raise csv.Error("a record of too many lines")
        self._of_record += 1
        if self._ahead is not None:
            line, self._ahead = self._ahead, None
        else:
            line = self._read()
        if not line:
            raise StopIteration
        return line

    def begin_record(self) -> None:
        """Count the lines of another record."""
        self._of_record = 0

    def delimiter(self) -> str:
        """What separates the headers: a comma, a tab or a semicolon."""
        self._ahead = self._read()
        return max(",\t;", key=self._ahead.count)

    def _read(self) -> str:
        line = self._words.readline(LONGEST_LINE)
        self._line += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            problem = f"is longer than {LONGEST_LINE:,} characters"
            raise refused(self._path, "line", problem, "one row a line", self._line)
        return line
