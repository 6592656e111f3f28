"""`outreach database`: the embedded server by hand, and migrations."""

from __future__ import annotations

import typer

from outreach import settings
from outreach.cli import store
from outreach.cli.output import Stop, console
from outreach.model import embedded, migrate

app = typer.Typer(no_args_is_help=True)


@app.command()
def start() -> None:
    """Start the embedded database and print its address."""
    read = settings.read()
    if read.database_url:
        raise Stop("DATABASE_URL is set: that database is not ours to start")
    console.print(embedded.start(read.data_dir), soft_wrap=True)


@app.command()
def stop() -> None:
    """Stop the embedded database."""
    read = settings.read()
    if read.database_url:
        raise Stop("DATABASE_URL is set: that database is not ours to stop")
    embedded.stop(read.data_dir)


@app.command(name="migrate")
def bring_up_to_date() -> None:
    """Bring the store to the schema this version needs."""
    migrate.upgrade(store.build().sessions.engine)
    console.print("the store is up to date")


@app.command(hidden=True)
def revise(message: str) -> None:
    """Write a migration for what the models say (for developers)."""
    runtime = store.build()
    migrate.upgrade(runtime.sessions.engine)
    migrate.revise(runtime.sessions.engine, message)
