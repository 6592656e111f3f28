"""What an import did not take: a table of the first for the terminal, all of them as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from outreach.campaigns.list_columns import Refusal
from outreach.cli.output import console, print_table
from outreach.spreadsheet import inert

FEW = 20
Out = Annotated[Path | None, typer.Option(help="Where refused rows go as CSV; FILE.refused.csv by default.")]


def save(refused: Sequence[Refusal], file: Path, out: Path | None) -> Path:
    """Write refused rows, if there are any, beside the file they come from or where told; where that is."""
    out = out or file.with_name(f"{file.name}.refused.csv")
    if refused:
        write(out, refused)
    return out


def write(path: Path, refused: Sequence[Refusal]) -> None:
    """Write refused rows as CSV that a spreadsheet shows and does not run."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("行", "字段", "值", "问题", "应为"))
        for row in refused:
            writer.writerow([inert(str(cell)) for cell in (row.line, row.field, row.value, row.problem, row.fix)])


def show(refused: Sequence[Refusal], out: Path) -> None:
    """Print the first refused rows, and where all of them are."""
    if refused:
        rows = [(row.line, row.field, row.value, row.problem, row.fix) for row in refused[:FEW]]
        print_table("refused rows", ("line", "field", "value", "problem", "fix"), rows)
        console.print(f"all of them: {out}")
