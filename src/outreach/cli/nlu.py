"""`outreach nlu`: readings that staff put right, and what the model learns from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.cli.person import By
from outreach.conversations import corrections, lesson_file
from outreach.places import CORRECTIONS

app = typer.Typer(no_args_is_help=True)
corrections_app = typer.Typer(help="Readings that staff put right.", no_args_is_help=True)
app.add_typer(corrections_app, name="corrections")


@corrections_app.command()
def add(
    message: Annotated[UUID, typer.Argument(help="The customer's message; ids: conversations show ID --json.")],
    intent: Annotated[str, typer.Argument(help="What it means, by its name in config/intents.yml.")],
    by: By,
    note: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
) -> None:
    """Record what a message means."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        made = corrections.correct(db, message, intent, by=by, now=runtime.clock.now(), note=note)
    console.print(f"{made.heard_intent or 'not read'} -> {made.right_intent}")


@corrections_app.command("list")
def list_corrections(as_json: AsJson = False) -> None:
    """List what stands: the latest correction of each message."""
    with store.opened().sessions.reading() as db:
        listed = [
            {
                "message": message.id,
                "words": message.text,
                "heard": correction.heard_intent,
                "right": correction.right_intent,
                "by": correction.by,
                "at": correction.at,
                "note": correction.note,
            }
            for correction, message in corrections.standing(db)
        ]
    if as_json:
        print_json(listed)
        return
    columns = ("words", "heard", "right", "by", "at", "note")
    print_table("corrections", columns, [[one[column] for column in columns] for one in listed])


@corrections_app.command()
def export(
    out: Annotated[
        Path, typer.Option(help="The file to write; `make train` reads it at its usual place.")
    ] = CORRECTIONS,
) -> None:
    """Write the corrections as training examples: who and when stay, numbers and names do not."""
    with store.opened().sessions.reading() as db:
        lessons = corrections.lessons(db)
    if not lessons:
        raise Stop("no message was corrected yet; correct one with: outreach nlu corrections add", code=1)
    beside = out.with_name(f".{out.name}.new")
    beside.write_text(lesson_file.worded(lessons), encoding="utf-8")
    beside.replace(out)
    console.print(f"{len(lessons)} corrections in {out}")
