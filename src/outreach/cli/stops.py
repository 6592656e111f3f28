"""`outreach stop` and `start`: the kill switches, in force with the next claim."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session, col, select

from outreach.cli import store
from outreach.cli.output import Stop as EndCommand
from outreach.cli.output import console
from outreach.model import AuditEntry, Campaign, Scope, Stop

Everything = Annotated[bool, typer.Option("--all", help="Everything the bank sends.")]
OneCampaign = Annotated[str | None, typer.Option("--campaign", help="One campaign, by name.")]
OneCarrier = Annotated[str | None, typer.Option("--carrier", help="One provider: local or twilio.")]
By = Annotated[str, typer.Option(help="Who decides, by name.")]


def stop(
    by: By, everything: Everything = False, campaign: OneCampaign = None, carrier: OneCarrier = None, why: str = ""
) -> None:
    """Stop sending: everything, one campaign or one carrier."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        scope, campaign_id = _scope(db, everything, campaign, carrier)
        if _standing(db, scope, campaign_id, carrier) is not None:
            console.print("was stopped already")
            return
        now = runtime.clock.now()
        row = Stop(scope=scope, campaign_id=campaign_id, carrier=carrier, by=by, why=why, at=now)
        db.add(row)
        db.add(AuditEntry(at=now, who=by, verb="sending_stopped", what=row.id, why=why))
    console.print(f"stopped: {scope}")


def start(
    by: By, everything: Everything = False, campaign: OneCampaign = None, carrier: OneCarrier = None, why: str = ""
) -> None:
    """Lift a stop."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        scope, campaign_id = _scope(db, everything, campaign, carrier)
        row = _standing(db, scope, campaign_id, carrier)
        if row is None:
            raise EndCommand("nothing is stopped there")
        row.lifted_at, row.lifted_by = runtime.clock.now(), by
        db.add(row)
        db.add(AuditEntry(at=row.lifted_at, who=by, verb="sending_started", what=row.id, why=why))
    console.print(f"started: {scope}")


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


def _standing(db: Session, scope: Scope, campaign_id: UUID | None, carrier: str | None) -> Stop | None:
    rows = select(Stop).where(Stop.scope == scope, col(Stop.lifted_at).is_(None))
    rows = rows.where(Stop.campaign_id == campaign_id, Stop.carrier == carrier)
    return db.exec(rows).first()
