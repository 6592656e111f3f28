"""`outreach campaign`: check, launch and watch campaigns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from outreach import queue
from outreach.campaigns import campaign_file, explaining, forecast, launching, reckoning, report, steering
from outreach.campaigns import upcoming as coming
from outreach.cli import campaign_report, store
from outreach.cli.campaign_named import campaign_named
from outreach.cli.output import AsJson, console, print_json, print_table
from outreach.cli.person import By
from outreach.clock import local
from outreach.model import Campaign
from outreach.runtime import Runtime

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A campaign file (YAML).")]
Name = Annotated[str, typer.Argument(help="The campaign's name.")]
Why = Annotated[str, typer.Option(help="Why, for whoever asks later.")]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say what launching would do: whom it reaches and when, why not others, and what it costs."""
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
                "strangers": made.strangers,
                "variants": dict(made.variants),
                "channels": dict(made.channels),
                "segments": made.segments,
                "call_minutes": made.call_minutes,
                "cost": round(made.cost, 2),
                "cost_with_tries": round(made.cost_with_tries, 2),
                "currency": reckoning.shipped().currency,
                "courses": {channel: asdict(course) for channel, course in made.courses.items()},
            },
        )
        return
    for sentence in explaining.explain(read, made, runtime.house):
        console.print(sentence, markup=False, soft_wrap=True)


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
        reports = [
            report.of(db, one, runtime.clock.now())
            for one in db.exec(select(Campaign).order_by(col(Campaign.launched_at))).all()
        ]
    if as_json:
        print_json([one.to_json() for one in reports])
        return
    columns = ("campaign", "state", "audience", "permitted", "sent", "delivered", "replied", "succeeded", "unfinished")
    print_table("campaigns", columns, [[getattr(one, column) for column in columns] for one in reports])


@app.command()
def pause(name: Name, by: By, why: Why = "") -> None:
    """Open nothing new; conversations under way go on."""
    _steer(steering.pause, name, by, why)


@app.command()
def resume(name: Name, by: By, why: Why = "") -> None:
    """Go on opening; failures and opt-outs are counted anew."""
    _steer(steering.resume, name, by, why)


@app.command()
def end(name: Name, by: By, why: Why = "") -> None:
    """End it for good; whoever is still planned is closed."""
    _steer(steering.end, name, by, why)


@app.command()
def promote(name: Name, variant: Annotated[str, typer.Option(help="The winner.")], by: By, why: Why = "") -> None:
    """Give a variant to everybody who has not been contacted yet."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        steering.promote(db, name, variant, by, why, runtime.clock.now())
    console.print(f"{name}: variant {variant} for everybody not yet contacted")


@app.command()
def upcoming(
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what is planned and has not happened yet: tries, callbacks, follow-ups."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        campaign = campaign_named(db, name)
        counts = coming.counts(db, campaign.id)
        listed = coming.of(db, campaign.id, limit)
    if as_json:
        keys = ("step", "channel", "count", "first", "last")
        print_json(
            {
                "counts": [dict(zip(keys, row, strict=True)) for row in counts],
                "next": [asdict(one) for one in listed],
            }
        )
        return
    summed = [(step, channel, count, _when(first), _when(last)) for step, channel, count, first, last in counts]
    print_table("planned", ("contact", "channel", "customers", "first", "last"), summed)
    rows = [
        (_when(one.due_at), one.customer_ref, one.step, one.number, one.channel, one.variant, one.put_off_by)
        for one in listed
    ]
    print_table("next", ("due", "customer", "contact", "try", "channel", "variant", "put off by"), rows)


def _when(instant: datetime | None) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}" if instant else ""


app.command(name="report")(campaign_report.report_command)


def _steer(act: Callable[[Session, str, str, str, datetime], Campaign], name: str, by: str, why: str) -> None:
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        campaign = act(db, name, by, why, runtime.clock.now())
    console.print(f"{name} is {campaign.state}")
