"""`outreach targets`: a campaign's goals, split to person and day, and how far everybody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer
from sqlmodel import col, select

from outreach.calendar import CalendarUnknown
from outreach.campaigns import report_scope, targets
from outreach.campaigns.targets import NoTargets, Progress
from outreach.cli import store
from outreach.cli.campaign_named import campaign_named
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.cli.person import By
from outreach.clock import local
from outreach.model import Aim, Target

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The campaign's name.")]
MOST = 100_000_000
"""More than any bank has customers, and what the store can count."""
Amount = Annotated[int | None, typer.Option(min=1, max=MOST, help="In all, over everybody and every day.")]


@app.command("set")
def set_targets(
    name: Name,
    by: By,
    contacts: Amount = None,
    replies: Amount = None,
    visits: Amount = None,
    conversions: Amount = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Split targets over the campaign's managers, by their load, and over its working days. What was set before is replaced."""
    asked = {Aim.CONTACTS: contacts, Aim.REPLIES: replies, Aim.VISITS: visits, Aim.CONVERSIONS: conversions}
    totals = {aim: amount for aim, amount in asked.items() if amount}
    if not totals:
        raise Stop(f"say how many of what: {', '.join(f'--{aim} N' for aim in Aim)}")
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        campaign = campaign_named(db, name)
        begins = first.date() if first else campaign.starts_on
        ends = last.date() if last else campaign.ends_on
        if ends < begins:
            raise Stop(f"--to {ends} is before --from {begins}")
        try:
            worked = targets.days(runtime.house.calendar, begins, ends)
            nobody = targets.set_targets(db, campaign, totals, worked, by, runtime.clock.now())
        except (NoTargets, CalendarUnknown) as error:
            raise Stop(str(error)) from None
    if nobody:
        console.print(f"{nobody} customers have no manager and count for nobody: outreach managers assign")
    show(name, as_json=as_json)


@app.command()
def show(
    name: Name,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; today by default.")
    ] = None,
    manager: Annotated[str | None, typer.Option(help="Only this manager, day by day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how far each manager is: what was to be done by the day, what was done, and what the day itself asks for."""
    runtime = store.opened()
    on = day.date() if day else local(runtime.clock.now()).date()
    with runtime.sessions.reading() as db:
        campaign = campaign_named(db, name)
        everybody = targets.progress(db, report_scope.measured(db, campaign), on)
        daily = db.exec(
            select(Target)
            .where(Target.campaign_id == campaign.id, Target.manager == manager)
            .order_by(col(Target.day), col(Target.aim))
        ).all()
    found = [one for one in everybody if manager in {None, one.manager}]
    if everybody and not found:
        known = "、".join(sorted({one.manager for one in everybody}))
        raise Stop(f"{name} has no targets for {manager!r}; it has some for {known}")
    if as_json:
        print_json({"day": on, "progress": [asdict(one) for one in found], "days": _days(daily)})
        return
    if not found:
        console.print(f"{name} has no targets; set them with: outreach targets set {name} --visits 100 --by NAME")
        return
    print_progress(found, on)
    if daily:
        print_table("by day", ("day", "aim", "target"), [(one.day, one.aim, one.amount) for one in daily])


def print_progress(found: Sequence[Progress], on: date) -> None:
    """Print progress for people."""
    columns = ("manager", "aim", "target", "due", "done", "today", "done today")
    rows = [(p.manager, p.aim, p.target, p.due, p.done, p.today, p.done_today) for p in found]
    print_table(f"targets on {on}", columns, rows)


def _days(daily: Sequence[Target]) -> list[dict[str, object]]:
    return [{"day": one.day, "aim": one.aim, "target": one.amount} for one in daily]
