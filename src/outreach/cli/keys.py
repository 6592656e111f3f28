"""`outreach keys`: which keys the store was written with, and changing them while the product runs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import col, select

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.clock import local
from outreach.model import DataKey, keyring
from outreach.settings import new_secret

app = typer.Typer(no_args_is_help=True)


@app.command()
def new() -> None:
    """Print a fresh key. Keep it where the other secrets are; without it nothing sealed can be read."""
    typer.echo(new_secret())


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show which keys there are, since when, and how many values each sealed."""
    with store.opened().sessions.reading() as db:
        counted = keyring.sealed_with(db)
        rows = db.exec(select(DataKey).order_by(col(DataKey.id))).all()
    noted = {row.id: row for row in rows}
    # A store that no process was started on yet has no key noted; what it holds was sealed all the same.
    known = sorted(noted | dict.fromkeys(key for by_key in counted.values() for key in by_key))
    listed = [
        {
            "key": key,
            "since": noted[key].since if key in noted else None,
            "retired": noted[key].retired_at if key in noted else None,
            **{column: by_key.get(key, 0) for column, by_key in counted.items()},
        }
        for key in known
    ]
    if as_json:
        print_json(listed)
    else:
        columns = ["key", "since", "retired", *counted]
        print_table("keys", columns, [[_told(one[column]) for column in columns] for one in listed])


def _told(value: object) -> object:
    return f"{local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


@app.command()
def rotate(
    hashes: Annotated[
        bool,
        typer.Option(
            "--hashes", help="Also lay the new key over the hashes numbers are found by; stop everything first."
        ),
    ] = False,
) -> None:
    """Seal everything with the key in OUTREACH_DATA_KEY; the one before is in OUTREACH_DATA_KEY_PREVIOUS.

    Start every process with both keys first. It can be broken off and run again.
    """
    runtime = store.opened()
    settings, sessions = runtime.settings, runtime.sessions
    current = settings.data_key_bytes()
    with sessions.begin() as db:
        sealer = keyring.enter(db, current, settings.previous_key_bytes())
    total = 0
    for column, rows in keyring.seal_anew(sessions, sealer):
        total += rows
        console.print(f"{column}: {rows} sealed anew", highlight=False)
    if hashes:
        with sessions.begin() as db:
            if count := keyring.others(db):
                raise Stop(
                    f"--hashes: {count} connections of the product are open; stop web and workers first, since one that "
                    "finds by the old hash would miss a refusal"
                )
            hashed = keyring.hash_anew(db, current, sealer)
        console.print(f"{hashed} hashes laid over with the new key")
    with sessions.begin() as db:
        retired = keyring.retire(db, sealer)
    console.print(
        f"key {sealer.key_id} seals; {total} values sealed anew; keys nobody needs any more: {retired or 'none'}"
    )
