"""Lists as JSON: an array of objects, or an object a line. The keys are the headers, and may differ from row to row.

Where objects share a line, as when a program wrote the array, their lines would tell nothing: they are counted instead.
"""

from __future__ import annotations

import io
import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from outreach.campaigns.list_cells import plain
from outreach.campaigns.list_lines import LONGEST_CELL, MOST_COLUMNS, Line, Lines, Unreadable, refused
from outreach.campaigns.list_text import LARGEST

BEGINS = (b"[", b"{")
CHUNK = 64 * 1024
LONGEST_OBJECT = 64 * 1024
"""Characters, so that a brace that nobody closed does not fill the memory."""
BETWEEN = " \t\r\n,[]"
FIX = '一个对象一行，如{"id": "C1", "fact": "login", "date": "2026-12-01"}'
# Numbers stay as they were written, so that an amount keeps its last digit and a number its leading ones.
DECODER = json.JSONDecoder(parse_float=str, parse_int=str, strict=True)

Object = tuple[int, dict[str, Any] | Unreadable]


def read(path: Path, file: BinaryIO) -> Lines:
    """The objects of a file as lines of cells below their keys; raises Refused when it is too large or not UTF-8."""
    if (size := path.stat().st_size) > LARGEST:
        raise refused(path, "file", f"has {size:,} bytes", f"at most {LARGEST:,}; split it")
    keys: dict[str, None] = {}
    count, first, before, shared = 0, 1, 0, False
    for line, item in _objects(path, file):
        first = first if count else line
        count, before, shared = count + 1, line, shared or line == before
        keys |= dict.fromkeys(item) if isinstance(item, dict) else {}
        if len(keys) > MOST_COLUMNS:
            raise refused(path, "keys", f"there are {len(keys)}", f"at most {MOST_COLUMNS}", line)
    return Lines(_lines(path, file, list(keys), first, counted=shared), count)


def _lines(path: Path, file: BinaryIO, keys: list[str], first: int, *, counted: bool) -> Generator[Line]:
    yield first, [plain(key) for key in keys]
    for number, (begins, item) in enumerate(_objects(path, file), start=1):
        line = number if counted else begins
        if isinstance(item, Unreadable):
            yield line, item
        else:
            yield line, [_cell(item.get(key))[:LONGEST_CELL] for key in keys]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else plain(value)


def _objects(path: Path, file: BinaryIO) -> Iterator[Object]:
    file.seek(0)
    words = io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
    try:
        yield from _Objects(words)
    except UnicodeDecodeError:
        raise refused(path, "file", "is JSON, but not in UTF-8", "JSON in UTF-8") from None
    finally:
        words.detach()  # the file is the caller's to close


class _Objects:
    """Takes one object after another from a text, with the line each begins on; never holds more than two chunks."""

    def __init__(self, words: io.TextIOWrapper) -> None:
        self._words, self._ahead, self._line = words, "", 1

    def __iter__(self) -> Iterator[Object]:
        while True:
            self._pass(len(self._ahead) - len(self._ahead.lstrip(BETWEEN)))
            if not self._ahead:
                if not self._more():
                    return
                continue
            line = self._line
            yield line, self._take()

    def _take(self) -> dict[str, Any] | Unreadable:
        while True:
            try:
                value, end = DECODER.raw_decode(self._ahead)
            except ValueError:
                if len(self._ahead) < LONGEST_OBJECT and self._more():
                    continue
                self._skip_line()
                return Unreadable("不是JSON对象", FIX)
            self._pass(end)
            return value if isinstance(value, dict) else Unreadable("不是JSON对象", FIX)

    def _skip_line(self) -> None:
        """Begin anew with the next line."""
        end = self._ahead.find("\n")
        self._pass(len(self._ahead) if end < 0 else end + 1)

    def _pass(self, count: int) -> None:
        self._line += self._ahead.count("\n", 0, count)
        self._ahead = self._ahead[count:]

    def _more(self) -> bool:
        chunk = self._words.read(CHUNK)
        self._ahead += chunk
        return bool(chunk)
