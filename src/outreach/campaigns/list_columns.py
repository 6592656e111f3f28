"""What the columns of a kind of list are called, how the cells below them are read, and what is said of a bad one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from outreach.campaigns.list_cells import BadCell
from outreach.campaigns.list_lines import Unreadable
from outreach.rules.redaction import redact

SHOWN = 60
"""Characters of a refused cell that a report repeats."""
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not stored."""

    line: int
    field: str
    value: str
    problem: str
    fix: str


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of list."""

    headers: Mapping[str, str]
    """Chinese header to field; the field's own name is a header as well."""
    readers: Mapping[str, Callable[[str], Any]]
    """Field to the reader of its cells."""
    required: tuple[str, ...]
    most_rows: int
    """Rows in one file."""

    @cached_property
    def chinese(self) -> Mapping[str, str]:
        """Field to its header as staff know it."""
        return {field: header for header, field in self.headers.items()}

    def field_of(self, header: str, mapping: Mapping[str, str]) -> str | None:
        """The field that a header stands for; None for a column we do not read."""
        return (
            mapping.get(header)
            or self.headers.get(header)
            or (header.lower() if header.lower() in self.readers else None)
        )

    def read(self, line: int, cells: Mapping[str, str] | Unreadable) -> tuple[dict[str, Any], list[Refusal]]:
        """The values of a row by field, and everything that cannot be read in it."""
        if isinstance(cells, Unreadable):
            return {}, [Refusal(line, "整行", "", cells.problem, cells.fix)]
        values: dict[str, Any] = {}
        refusals: list[Refusal] = []
        # A line can end before a column; a required field that is not there reads as empty.
        for field in dict.fromkeys((*self.required, *cells)):
            cell = cells.get(field, "")
            try:
                values[field] = self.readers[field](cell)
            except BadCell as bad:
                refusals.append(self.refusal(line, field, cell, bad.problem, bad.fix))
        return values, refusals

    def refusal(self, line: int, field: str, cell: str, problem: str, fix: str) -> Refusal:
        """A refusal under the column's Chinese header. A card or identity number in the wrong column is not repeated."""
        return Refusal(line, self.chinese[field], redact(cell[:LOOKED_AT])[:SHOWN], problem, fix)
