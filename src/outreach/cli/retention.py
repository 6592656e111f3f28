"""`outreach retention`: forget what was kept for as long as policy.yml says."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.campaigns import retention
from outreach.cli import store
from outreach.cli.output import AsJson, print_json, print_table
from outreach.cli.person import By
from outreach.model import AuditEntry

app = typer.Typer(no_args_is_help=True)


@app.callback()
def kept() -> None:
    """How long each kind of record is kept (config/policy.yml)."""


@app.command()
def run(
    by: By = "operator",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show how many rows are due.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget what is due, in small steps while everything runs. Run it once a day."""
    runtime = store.opened()
    policy, clock = runtime.house.policy, runtime.clock
    if dry_run:
        with runtime.sessions.reading() as db:
            found = retention.due(db, policy, clock)
    else:
        found = list(retention.run(runtime.sessions, policy, clock))
        counts = {one.kind: one.rows for one in found if one.rows}
        with runtime.sessions.begin() as db:
            db.add(AuditEntry(at=clock.now(), who=by, verb="retention_run", details=counts))
    if as_json:
        print_json([one.__dict__ for one in found])
    else:
        heading = "would be forgotten" if dry_run else "forgotten"
        rows = [
            (one.kind, one.days, f"{one.before:%Y-%m-%d}" if one.before else "", one.rows, one.note) for one in found
        ]
        print_table(heading, ("kind", "days", "from before", "rows", ""), rows)
