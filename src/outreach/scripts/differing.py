"""What differs between two versions of a script, file by file, as lines that stayed, went and came."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from outreach.scripts.catalog import Files

AROUND = 2
"""Lines shown before and after what changed."""


@dataclass(frozen=True)
class Difference:
    """One file; `rows` are pairs of a sign and a line: ` `, `-`, `+`, or `@` with the number of the line that follows."""

    path: str
    what: str
    """added, removed or changed."""
    rows: tuple[tuple[str, str], ...]


def between(before: Files, after: Files) -> list[Difference]:
    """Every file that differs: the flow first, then wordings by their path."""
    paths = sorted({*before, *after}, key=lambda path: (not path.endswith(".yml"), path))
    return [_difference(path, before, after) for path in paths if before.get(path) != after.get(path)]


def _difference(path: str, before: Files, after: Files) -> Difference:
    what = "added" if path not in before else "removed" if path not in after else "changed"
    old, new = before.get(path, "").splitlines(), after.get(path, "").splitlines()
    rows = [row for row in difflib.unified_diff(old, new, n=AROUND, lineterm="") if not row.startswith(("---", "+++"))]
    signed = [
        ("@", row.split("+")[1].split(",")[0].split()[0]) if row.startswith("@@") else (row[:1], row[1:])
        for row in rows
    ]
    return Difference(path, what, tuple(signed))
