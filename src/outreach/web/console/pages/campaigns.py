"""All campaigns: where each stands, and what it has come to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import col, select

from outreach.campaigns import kept_reports
from outreach.model import Campaign, CampaignState
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For

router = APIRouter()


@router.get("/campaigns")
def show(desk: Annotated[Desk, For(Permission.READ_CAMPAIGNS)]) -> Response:
    """What waits for approval first, then the rest, the latest first."""
    with desk.runtime.sessions.reading() as db:
        known = db.exec(select(Campaign).order_by(col(Campaign.starts_on).desc(), col(Campaign.name))).all()
        counted = kept_reports.of_all(db)
    if counted.due:
        kept_reports.ask(desk.runtime.queue, kept_reports.ALL, "campaign")
    waiting = [one for one in known if one.state is CampaignState.PROPOSED]
    return desk.page(
        "campaigns.html", campaigns=[*waiting, *(one for one in known if one not in waiting)], counted_at=counted.at,
        figures={part.name: part.figures for part in counted.made.parts} if counted.made else None,
    )  # fmt: skip
