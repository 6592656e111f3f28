"""The lines of a list before anybody knows what its columns mean."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from outreach.documents import Problem, Refused

MOST_COLUMNS = 200
LONGEST_CELL = 2_000
"""Characters kept of a cell; none that is accepted is longer than a tenth of that."""


@dataclass(frozen=True)
class Unreadable:
    """A line whose cells cannot be told apart; says why and what would be right."""

    problem: str
    fix: str


Line = tuple[int, list[str] | Unreadable]
"""A line number as the editor or the spreadsheet shows it, and the cells."""


@dataclass(frozen=True)
class Lines:
    """The lines of a file, and about how many there are."""

    each: Generator[Line]
    count: int


def refused(path: Path, field: str, problem: str, fix: str, line: int = 1) -> Refused:
    """A list that cannot be read as a whole, or not from `line` on."""
    return Refused([Problem(path.name, line, field, problem, fix)])
