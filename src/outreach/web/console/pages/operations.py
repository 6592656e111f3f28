"""How the product is doing, for those who run it; stop sending, and let it go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import col, select

from outreach.campaigns import operations, stops
from outreach.model import Campaign, CampaignState, Scope, Stop
from outreach.said import said
from outreach.staff.permissions import Permission
from outreach.web import health
from outreach.web.console import problems
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotRead, NotThere
from outreach.web.console.reading import Sent, Short, Why

router = APIRouter()

DAY = timedelta(days=1)
MOST_COUNTED = 20_000
"""Messages of the day whose ends are counted, the latest: the page asks every five seconds."""


@dataclass(frozen=True)
class Halt:
    """What to stop; a campaign where the scope says so."""

    scope: Scope
    why: Short
    campaign: UUID | None = None


@router.get("/operations")
def show(desk: Annotated[Desk, For(Permission.WATCH_OPERATIONS)]) -> Response:
    """The figures, the stops, and the forms that set and lift them."""
    with desk.runtime.sessions.reading() as db:
        active = select(Campaign).where(Campaign.state == CampaignState.ACTIVE).order_by(col(Campaign.name))
        campaigns = db.exec(active).all()
    return desk.page("operations.html", campaigns=campaigns, **_figures(desk))


@router.get("/operations/figures")
def refresh(desk: Annotated[Desk, For(Permission.WATCH_OPERATIONS, counts=False)]) -> Response:
    """The figures as they are now."""
    return desk.page("operations_figures.html", **_figures(desk))


@router.post("/operations/stops")
def stop(desk: Annotated[Desk, For(Permission.STOP_SENDING)], asked: Annotated[Halt, Sent(Halt)]) -> Response:
    """Stop sending, in force with the next claim."""
    if (asked.scope is Scope.CAMPAIGN) != (asked.campaign is not None):
        raise NotRead([("campaign", said("choose one exactly where one campaign is to be stopped"))])
    carrier = desk.runtime.house.provider if asked.scope is Scope.CARRIER else None
    with desk.runtime.sessions.begin() as db:
        if asked.campaign and db.get(Campaign, asked.campaign) is None:
            raise NotThere
        stops.stop(
            db, asked.scope, by=desk.person.login, why=asked.why, now=desk.runtime.clock.now(),
            campaign_id=asked.campaign, carrier=carrier,
        )  # fmt: skip
    return desk.go("/operations", done="stopped")


@router.post("/operations/stops/{stop_id}/lift")
def lift(
    desk: Annotated[Desk, For(Permission.LIFT_STOPS)], stop_id: UUID, asked: Annotated[Why, Sent(Why)]
) -> Response:
    """Let it go on."""
    with desk.runtime.sessions.begin() as db:
        row = db.get(Stop, stop_id, with_for_update=True)
        if row is None:
            raise NotThere
        if row.lifted_at is not None:
            raise problems.Overtaken(row.lifted_by or "", "/operations", None)
        stops.lift(db, row, by=desk.person.login, why=asked.why, now=desk.runtime.clock.now())
    return desk.go("/operations", done="saved")


def _figures(desk: Desk) -> dict[str, Any]:
    runtime = desk.runtime
    now = runtime.clock.now()
    with runtime.sessions.reading() as db:
        tallies = operations.sent(db, DAY, MOST_COUNTED)
        figures = {
            "waiting": operations.waiting(db), "late": operations.lateness(db, now), "stops": stops.standing(db),
            "sent": [one for one in tallies if not one.code], "errors": [one for one in tallies if one.code],
            "counted": MOST_COUNTED if sum(one.count for one in tallies) == MOST_COUNTED else None,
        }  # fmt: skip
    return {**figures, "parts": health.parts(runtime), "now": now, "rate": runtime.clock.anchor().rate}
