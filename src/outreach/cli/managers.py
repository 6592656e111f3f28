"""`outreach managers`: who looks after whom, and how many."""

from __future__ import annotations

from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import Annotated

import typer

from outreach.campaigns import managers
from outreach.campaigns.assignment import FEWEST, MOST
from outreach.campaigns.managers import BranchPlan
from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.cli.person import BY

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_managers(as_json: AsJson = False) -> None:
    """List every manager with their customers, by branch."""
    with store.opened().sessions.reading() as db:
        loads = managers.loads(db)
    if as_json:
        print_json([asdict(one) | {"balances": float(one.balances)} for one in loads])
        return
    rows = [
        (one.branch, one.manager or "（无）", one.customers, f"{one.balances:,.0f}", _remark(one.customers))
        for one in loads
    ]
    print_table("managers", ("branch", "manager", "customers", "balances", ""), rows)


@app.command()
def assign(
    most: Annotated[int, typer.Option("--max", min=1, help="Customers of one manager at most.")] = MOST,
    staff: Annotated[
        Path | None,
        typer.Option(help="Who works where: a list with 网点 and 客户经理; else whoever has customers now."),
    ] = None,
    apply: Annotated[bool, typer.Option(help="Do it; otherwise it is only shown.")] = False,
    by: Annotated[str | None, BY] = None,
    as_json: AsJson = False,
) -> None:
    """Give every customer of a branch a manager, none more than the maximum. Customers stay with whom they have where possible."""
    if apply and not by:
        raise Stop("--apply changes customers; say who decides with --by")
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        working = managers.read_staff(db, staff) if staff else None
        plans = list(managers.plan(db, most, working))
    changed = managers.apply(runtime.sessions, plans, by, runtime.clock.now()) if apply and by else 0
    if as_json:
        print_json({"branches": [_as_json(one, most) for one in plans], "applied": changed if apply else None})
        return
    rows = [
        (one.branch, name, one.assigned.before.get(name, 0), count, _remark(count))
        for one in plans
        for name, count in one.assigned.after.items()
    ]
    print_table("assignment", ("branch", "manager", "before", "after", ""), rows)
    for one in plans:
        if one.assigned.left:
            console.print(
                f"{one.branch}: {one.assigned.left} customers without a manager; {_missing(one, most)} more are needed"
            )
    moving = sum(len(one.assigned.changes) for one in plans)
    console.print(
        f"{changed} customers changed" if apply else f"{moving} customers would change; do it with --apply --by NAME"
    )


def _as_json(one: BranchPlan, most: int) -> dict[str, object]:
    made = one.assigned
    return {
        "branch": one.branch, "before": made.before, "after": made.after, "changes": len(made.changes),
        "without_manager": made.left, "managers_missing": _missing(one, most),
    }  # fmt: skip


def _missing(one: BranchPlan, most: int) -> int:
    return ceil(one.assigned.left / most)


def _remark(customers: int) -> str:
    return f"above {MOST}" if customers > MOST else f"below {FEWEST}" if customers < FEWEST else ""
