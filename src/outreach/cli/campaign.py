"""`outreach campaign`: check, launch and watch campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from outreach import queue
from outreach.campaigns import campaign_file, forecast, launching, report
from outreach.campaigns.report import Report
from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.clock import local
from outreach.conversations import wording
from outreach.model import AuditEntry, Campaign, CampaignState
from outreach.runtime import Runtime

app = typer.Typer(help="Campaigns: whom to reach, with which script, when.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A campaign file (YAML).")]
Name = Annotated[str, typer.Argument(help="The campaign's name.")]
By = Annotated[str, typer.Option(help="Who decides, by name.")]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say what launching would do: how many would be reached, and why others would not."""
    runtime = store.opened()
    read = campaign_file.read(file)
    with runtime.sessions.reading() as db:
        made = forecast.of(db, runtime.house, read, runtime.clock.now())
    if as_json:
        print_json(
            {
                "audience": made.audience,
                "planned": made.planned,
                "refused": dict(made.refused),
                "later": dict(made.later),
                "excluded": made.excluded,
                "variants": dict(made.variants),
            },
        )
        return
    console.print(f"{read.name}: {made.audience} customers, {made.planned} would be contacted")
    for reason, count in made.refused.most_common():
        console.print(f"  {count} not: {reason}")
    for reason, count in made.later.most_common():
        console.print(f"  {count} later: {reason}")
    for year in sorted({read.start.year, read.end.year}):
        if runtime.house.calendar.knows(year) and runtime.house.calendar.provisional(year):
            console.print(f"  holidays of {year} are provisional (config/holidays.yml)")


@app.command()
def launch(file: File, as_json: AsJson = False) -> None:
    """Launch at once, which only a carrier on this machine permits; else `propose` and `approve`."""
    runtime = store.opened()
    read = campaign_file.read(file)
    with runtime.sessions.begin() as db:
        campaign = launching.launch(db, runtime.house, read, runtime.clock.now())
    _launched(runtime, campaign, as_json)


@app.command()
def propose(file: File, by: By, as_json: AsJson = False) -> None:
    """Propose a campaign for somebody else to approve; nobody is contacted before that."""
    runtime = store.opened()
    read = campaign_file.read(file)
    with runtime.sessions.begin() as db:
        campaign = launching.propose(db, runtime.house, read, by, runtime.clock.now())
    if as_json:
        print_json({"campaign": campaign.id, "name": campaign.name})
    else:
        console.print(f"proposed {campaign.name}; somebody else: outreach campaign approve {campaign.name} --by NAME")


@app.command()
def approve(name: Name, by: By, as_json: AsJson = False) -> None:
    """Approve and launch what somebody else proposed."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        campaign = launching.approve(db, name, by, runtime.clock.now())
    _launched(runtime, campaign, as_json)


@app.command()
def reject(name: Name, by: By, why: Annotated[str, typer.Option(help="What should be different.")]) -> None:
    """Send a proposal back."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        launching.reject(db, name, by, why, runtime.clock.now())
    console.print(f"{name} is rejected")


def _launched(runtime: Runtime, campaign: Campaign, as_json: bool) -> None:
    runtime.queue.defer(queue.PLAN, key=str(campaign.id), campaign=str(campaign.id))
    if as_json:
        print_json({"campaign": campaign.id, "name": campaign.name})
    else:
        console.print(f"launched {campaign.name}; watch it with: outreach campaign status")


@app.command()
def status(as_json: AsJson = False) -> None:
    """List campaigns with where they stand."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        reports = [_report(db, one) for one in db.exec(select(Campaign).order_by(col(Campaign.launched_at))).all()]
    if as_json:
        print_json([one.to_json() for one in reports])
        return
    columns = ("campaign", "state", "audience", "permitted", "sent", "delivered", "replied", "succeeded", "unfinished")
    print_table("campaigns", columns, [[getattr(one, column) for column in columns] for one in reports])


@app.command()
def pause(name: Name, by: By) -> None:
    """Open nothing new; conversations under way go on."""
    _switch(name, by, CampaignState.ACTIVE, CampaignState.PAUSED, "campaign_paused")


@app.command()
def resume(name: Name, by: By) -> None:
    """Go on opening."""
    _switch(name, by, CampaignState.PAUSED, CampaignState.ACTIVE, "campaign_resumed")


@app.command(name="report")
def show_report(name: Name, as_json: AsJson = False) -> None:
    """Report one campaign: the funnel, the ends, the reasons why not."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        made = _report(db, _campaign(db, name))
    if as_json:
        print_json(made.to_json())
    else:
        print_report(made, runtime)


def print_report(made: Report, runtime: Runtime) -> None:
    """Print a report for people."""
    console.print(f"{made.campaign} · {made.state} · {local(runtime.clock.now()):%Y-%m-%d %H:%M}")
    funnel = ("audience", "permitted", "sent", "delivered", "replied", "succeeded")
    print_table("funnel", ("stage", "customers"), [(stage, getattr(made, stage)) for stage in funnel])
    print_table("outcomes", ("outcome", "customers"), made.outcomes.items())
    for title, counts in (
        ("not permitted", made.not_permitted),
        ("objections", made.objections),
        ("grades", made.grades),
    ):
        _print_counts(title, counts)
    console.print(
        f"visits {made.visits} · tasks {made.tasks} · texts {made.texts} ({made.segments} segments) · "
        f"calls {made.calls} ({made.call_seconds / 60:.1f} min) · "
        f"unfinished {made.unfinished}",
    )


def _print_counts(title: str, counts: Mapping[str, int]) -> None:
    if counts:
        print_table(title, (title, "customers"), counts.items())


def _report(db: Session, campaign: Campaign) -> Report:
    return report.of(db, campaign, wording.script_of(db, campaign.script_version_id).goal)


def _switch(name: str, by: str, before: CampaignState, after: CampaignState, verb: str) -> None:
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        campaign = _campaign(db, name)
        if campaign.state is not before:
            raise Stop(f"{name} is {campaign.state}, not {before}")
        campaign.state = after
        db.add(campaign)
        db.add(AuditEntry(at=runtime.clock.now(), who=by, verb=verb, what=campaign.id))
    console.print(f"{name} is {after}")


def _campaign(db: Session, name: str) -> Campaign:
    campaign = db.exec(select(Campaign).where(Campaign.name == name)).first()
    if campaign is None:
        known = "、".join(db.exec(select(Campaign.name)).all()) or "none"
        raise Stop(f"no campaign {name!r}; there are {known}")
    return campaign
