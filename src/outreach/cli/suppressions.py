"""`outreach suppressions`: numbers that must not be reached."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from sqlmodel import col, select

from outreach.campaigns import list_text, list_workbook
from outreach.campaigns.list_lines import refused
from outreach.carrier import numbers
from outreach.carrier.numbers import NotANumber
from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.cli.person import By
from outreach.model import Customer, Source, Suppression, suppressions
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel

app = typer.Typer(no_args_is_help=True)

Why = Annotated[str, typer.Option(help="Why; kept with it.")]
OnChannel = Annotated[Channel | None, typer.Option("--channel", help="Only this channel; all where left out.")]


@app.command()
def add(phone: str, by: By, why: Why, channel: OnChannel = None) -> None:
    """Stop all contact with a number."""
    runtime = store.opened()
    hashed = _hash(runtime.sealer, phone)
    with runtime.sessions.begin() as db:
        words = f"{by}: {why}"
        customer = db.exec(select(Customer.id).where(Customer.phone_hash == hashed)).first()
        added = suppressions.add(db, hashed, channel, Source.STAFF, words, runtime.clock.now(), customer)
    console.print("suppressed" if added else "was suppressed already")


@app.command("import")
def import_list(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="One number a line, or a CSV whose first column is the number."
        ),
    ],
    by: By,
    why: Why = "imported list",
    as_json: AsJson = False,
) -> None:
    """Suppress every number of a list; lines that hold no number are reported and change nothing."""
    runtime = store.opened()
    added = known = 0
    bad = []
    with file.open("rb") as lines, runtime.sessions.begin() as db:
        for line, row in _rows(file, lines):
            if not row or not row[0].strip():
                continue
            number = numbers.read(row[0])
            if isinstance(number, NotANumber):
                bad.append(
                    {"line": line, "field": "phone", "value": row[0], "problem": number.problem, "fix": number.fix}
                )
                continue
            hashed = runtime.sealer.find(number.e164)
            fresh = suppressions.add(db, hashed, None, Source.LIST, f"{by}: {why}", runtime.clock.now())
            added, known = added + fresh, known + (not fresh)
    if as_json:
        print_json({"added": added, "unchanged": known, "refused": bad})
        return
    console.print(f"{added} suppressed, {known} were already, {len(bad)} lines refused")
    print_table(
        "refused",
        ("line", "value", "problem", "fix"),
        [(r["line"], r["value"], r["problem"], r["fix"]) for r in bad],
    )


def _rows(path: Path, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Lines with their numbers, in any encoding that lists come in; they need no headers, and may differ in width."""
    if file.read(len(list_workbook.MAGIC)) == list_workbook.MAGIC:
        raise refused(path, "file", "is a workbook", "its numbers saved as CSV")
    encoding = list_text.encoding(path, file)
    file.seek(0)
    words = io.TextIOWrapper(file, encoding=encoding, newline="")
    reader = csv.reader(words)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise refused(path, "line", f"cannot be read ({error})", "one number a line", reader.line_num) from None
    finally:
        words.detach()  # the file is the caller's to close


@app.command("list")
def list_suppressions(
    lifted: Annotated[bool, typer.Option(help="Lifted ones, too.")] = False, as_json: AsJson = False
) -> None:
    """List who must not be reached."""
    runtime = store.opened()
    rows = select(Suppression).order_by(col(Suppression.at).desc())
    if not lifted:
        rows = rows.where(col(Suppression.lifted_at).is_(None))
    with runtime.sessions.reading() as db:
        found = db.exec(rows).all()
    listed = [
        {
            "id": one.id,
            "customer": one.customer_id,
            "channel": one.channel or "all",
            "source": one.source,
            "words": one.words,
            "at": one.at,
            "lifted_at": one.lifted_at,
            "lifted_by": one.lifted_by,
        }
        for one in found
    ]
    if as_json:
        print_json(listed)
        return
    columns = ("id", "customer", "channel", "source", "words", "at", "lifted_by")
    print_table("suppressions", columns, [[one[column] for column in columns] for one in listed])


@app.command()
def lift(phone: str, by: By, why: Why) -> None:
    """Lift what stands for a number; who and why are kept."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        hashed = _hash(runtime.sealer, phone)
        lifted = suppressions.lift(db, hashed, by=by, why=why, now=runtime.clock.now())
    if not lifted:
        raise Stop("no suppression stands for this number; list them with: outreach suppressions list")
    console.print(f"lifted {lifted}")


def _hash(sealer: Sealer, phone: str) -> bytes:
    number = numbers.read(phone)
    if isinstance(number, NotANumber):
        raise Stop(f"{phone}: {number.problem}; {number.fix}")
    return sealer.find(number.e164)
