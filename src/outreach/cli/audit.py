"""`outreach audit`: that nobody changed what was written down."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli import store
from outreach.cli.output import AsJson, console, print_json
from outreach.staff import audit_chain

app = typer.Typer(no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Who did what, as it was written down."""


@app.command()
def verify(
    expect: Annotated[
        str | None, typer.Option(help="A head printed earlier, which must still be on the chain.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the whole chain; exit 1 when it is broken. Keep the head it prints outside the database."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        verdict = audit_chain.verify(db, expect)
    if as_json:
        print_json(verdict.__dict__)
    elif verdict.broken_at is None:
        console.print(f"whole: {verdict.entries} entries, head {verdict.head}", soft_wrap=True)
    else:
        console.print(f"BROKEN at {verdict.broken_at}: {verdict.problem}", soft_wrap=True)
    if verdict.broken_at is not None:
        raise typer.Exit(1)
