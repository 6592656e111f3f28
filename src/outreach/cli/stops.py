"""`outreach stop`, `start` and `stops`: the kill switches, in force with the next claim."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session, select

from outreach.campaigns import stops
from outreach.cli import store
from outreach.cli.output import AsJson, console, print_json, print_table
from outreach.cli.output import Stop as EndCommand
from outreach.cli.person import By
from outreach.clock import local
from outreach.model import Campaign, Scope
from outreach.settings import Provider

Everything = Annotated[bool, typer.Option("--all", help="Everything the bank sends.")]
OneCampaign = Annotated[str | None, typer.Option("--campaign", help="One campaign, by name.")]
OneCarrier = Annotated[Provider | None, typer.Option("--carrier", help="One provider.", case_sensitive=False)]


def stop(
    by: By, everything: Everything = False, campaign: OneCampaign = None, carrier: OneCarrier = None, why: str = ""
) -> None:
    """Stop sending: everything, one campaign or one carrier."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        scope, campaign_id = _scope(db, everything, campaign, carrier)
        now = runtime.clock.now()
        if not stops.stop(db, scope, by=by, why=why, now=now, campaign_id=campaign_id, carrier=carrier):
            console.print("was stopped already")
            return
    console.print(f"stopped: {scope}")


def start(
    by: By, everything: Everything = False, campaign: OneCampaign = None, carrier: OneCarrier = None, why: str = ""
) -> None:
    """Lift a stop."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        scope, campaign_id = _scope(db, everything, campaign, carrier)
        row = stops.find(db, scope, campaign_id, carrier)
        if row is None:
            raise EndCommand("nothing is stopped there")
        stops.lift(db, row, by=by, why=why, now=runtime.clock.now())
    console.print(f"started: {scope}")


def listing(as_json: AsJson = False) -> None:
    """List the stops that stand, the latest first."""
    with store.opened().sessions.reading() as db:
        standing = [
            (one.scope, campaign or one.carrier, one.at, one.by, one.why) for one, campaign in stops.standing(db)
        ]
    columns = ("scope", "of", "since", "by", "why")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in standing])
    elif not standing:
        console.print("nothing is stopped")
    else:
        rows = [(scope, of, f"{local(since):%Y-%m-%d %H:%M}", *rest) for scope, of, since, *rest in standing]
        print_table("stops", columns, rows)


def _scope(db: Session, everything: bool, campaign: str | None, carrier: str | None) -> tuple[Scope, UUID | None]:
    if sum((everything, campaign is not None, carrier is not None)) != 1:
        raise EndCommand("name one of --all, --campaign NAME, --carrier NAME")
    if everything:
        return Scope.ALL, None
    if carrier is not None:
        return Scope.CARRIER, None
    found = db.exec(select(Campaign.id).where(Campaign.name == campaign)).first()
    if found is None:
        raise EndCommand(f"no campaign {campaign!r}; list them with: outreach campaign status")
    return Scope.CAMPAIGN, found
