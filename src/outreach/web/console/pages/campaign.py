"""One campaign: its figures while it runs, who may change it, its report to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach import queue
from outreach.campaigns import (
    kept_reports,
    launching,
    report,
    report_page,
    report_workbook,
    schedule,
    steering,
    terms,
    upcoming,
)
from outreach.campaigns.kept_reports import Counted
from outreach.campaigns.launching import NotLaunched
from outreach.campaigns.report import Report
from outreach.campaigns.report_scope import DIMENSIONS
from outreach.campaigns.steering import CannotSteer
from outreach.model import Campaign
from outreach.rules.channel import Channel
from outreach.staff.permissions import Permission
from outreach.web.console import downloads
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked, Sent, Short, Words

router = APIRouter()

Steer = Callable[[Session, str, str, str, datetime], Campaign]
NEXT_SHOWN = 8
FUNNEL = ("planned", "permitted", "sent", "delivered", "reached", "replied", "participating", "succeeded", "converted")
FORMATS: Mapping[str, Callable[[Report, datetime], bytes]] = {
    "html": lambda made, now: report_page.of(made, now).encode(),
    "xlsx": lambda made, _now: report_workbook.of(made),
    "csv": lambda made, _now: report_workbook.csv_of(made),
}


@dataclass(frozen=True)
class Look:
    """By which of its parts the campaign is looked at."""

    by: str = ""
    waits: bool = False
    """The page has no figures yet."""


@dataclass(frozen=True)
class Reason:
    """Why somebody does this."""

    why: Words = ""


@dataclass(frozen=True)
class SentBack:
    """What should be different."""

    why: Short


@dataclass(frozen=True)
class Winner:
    """The variant that everybody gets from now on."""

    variant: str
    why: Words = ""


@router.get("/campaigns/{campaign_id}")
def show(
    desk: Annotated[Desk, For(Permission.READ_CAMPAIGNS)], campaign_id: UUID, look: Annotated[Look, Asked(Look)]
) -> Response:
    """The whole page. That it was looked at is in the audit."""
    return _page(desk, campaign_id, look)


@router.get("/campaigns/{campaign_id}/figures")
def refresh(
    desk: Annotated[Desk, For(Permission.READ_CAMPAIGNS, counts=False)],
    campaign_id: UUID,
    look: Annotated[Look, Asked(Look)],
) -> Response:
    """The figures as they are now; the whole page once they are there that it waits for."""
    with desk.runtime.sessions.reading() as db:
        campaign = _campaign(db, campaign_id)
        counted = _counted(desk, db, campaign, look)
        answer = desk.page("campaign_figures.html", campaign=campaign, **_drawn(counted, look))
    if look.waits and counted.made:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get("/campaigns/{campaign_id}/report.{form}")
def export(
    desk: Annotated[Desk, For(Permission.READ_CAMPAIGNS)],
    campaign_id: UUID,
    form: str,
    look: Annotated[Look, Asked(Look)],
) -> Response:
    """The report as a file; that it was taken away is in the audit."""
    if form not in FORMATS:
        raise NotThere
    now = desk.runtime.clock.now()
    with desk.runtime.sessions.begin() as db:
        campaign = _campaign(db, campaign_id)
        made = report.of(db, campaign, now, _dimension(look))
        desk.note(db, "report_exported", campaign_id, form=form)
        name = campaign.name
    return downloads.file(FORMATS[form](made, now), name, form, plain_name=f"report-{campaign_id}")


@router.post("/campaigns/{campaign_id}/approval")
def approve(desk: Annotated[Desk, For(Permission.APPROVE_CAMPAIGNS)], campaign_id: UUID) -> Response:
    """Launch what somebody else proposed."""
    answer = _act(desk, campaign_id, "approved", launching.approve)
    desk.runtime.queue.defer(queue.PLAN, key=str(campaign_id), campaign=str(campaign_id))
    return answer


@router.post("/campaigns/{campaign_id}/rejection")
def reject(
    desk: Annotated[Desk, For(Permission.APPROVE_CAMPAIGNS)],
    campaign_id: UUID,
    said: Annotated[SentBack, Sent(SentBack)],
) -> Response:
    """Send a proposal back."""
    return _act(desk, campaign_id, "rejected", lambda db, name, by, now: launching.reject(db, name, by, said.why, now))


@router.post("/campaigns/{campaign_id}/pause")
def pause(
    desk: Annotated[Desk, For(Permission.HOLD_CAMPAIGNS)], campaign_id: UUID, said: Annotated[Reason, Sent(Reason)]
) -> Response:
    """Begin nothing new."""
    return _steer(desk, campaign_id, "paused", steering.pause, said.why)


@router.post("/campaigns/{campaign_id}/resumption")
def resume(
    desk: Annotated[Desk, For(Permission.RUN_CAMPAIGNS)], campaign_id: UUID, said: Annotated[Reason, Sent(Reason)]
) -> Response:
    """Go on."""
    return _steer(desk, campaign_id, "resumed", steering.resume, said.why)


@router.post("/campaigns/{campaign_id}/end")
def end(
    desk: Annotated[Desk, For(Permission.HOLD_CAMPAIGNS)], campaign_id: UUID, said: Annotated[Reason, Sent(Reason)]
) -> Response:
    """End it for good."""
    return _steer(desk, campaign_id, "ended", steering.end, said.why)


@router.post("/campaigns/{campaign_id}/promotion")
def promote(
    desk: Annotated[Desk, For(Permission.RUN_CAMPAIGNS)], campaign_id: UUID, said: Annotated[Winner, Sent(Winner)]
) -> Response:
    """Give a variant to everybody who has not been contacted yet."""
    return _act(
        desk, campaign_id, "promoted",
        lambda db, name, by, now: steering.promote(db, name, said.variant, by, said.why, now),
    )  # fmt: skip


def _steer(desk: Desk, campaign_id: UUID, done: str, act: Steer, why: str) -> Response:
    return _act(desk, campaign_id, done, lambda db, name, by, now: act(db, name, by, why, now))


def _act(desk: Desk, campaign_id: UUID, done: str, act: Callable[[Session, str, str, datetime], Any]) -> Response:
    try:
        with desk.runtime.sessions.begin() as db:
            act(db, _campaign(db, campaign_id).name, desk.person.login, desk.runtime.clock.now())
    except (NotLaunched, CannotSteer) as problem:
        return _page(desk, campaign_id, Look(), problem.told)
    return desk.go(f"/campaigns/{campaign_id}", done=done)


def _page(desk: Desk, campaign_id: UUID, look: Look, problem: str = "") -> Response:
    house = desk.runtime.house
    with desk.runtime.sessions.begin() as db:
        campaign = _campaign(db, campaign_id)
        desk.note(db, "campaign_viewed", campaign_id)
        counted = _counted(desk, db, campaign, look)
        agreed = terms.of(campaign)
        channels = tuple(Channel(channel) for channel in campaign.channels)
        opened = schedule.days(
            campaign.starts_on, campaign.ends_on, channels, agreed.hours, house.policy, house.calendar
        )
        return desk.page(
            "campaign.html", 409 if problem else 200, campaign=campaign, days=list(opened),
            coming=upcoming.of(db, campaign_id, NEXT_SHOWN), variants=sorted(agreed.experiment.variants),
            dimensions=DIMENSIONS, problem=problem, **_drawn(counted, look),
        )  # fmt: skip


def _counted(desk: Desk, db: Session, campaign: Campaign, look: Look) -> Counted[Report]:
    by = _dimension(look)
    counted = kept_reports.of(db, campaign, desk.runtime.clock.now(), by)
    if counted.due:
        kept_reports.ask(desk.runtime.queue, campaign.id, by)
    return counted


def _drawn(counted: Counted[Report], look: Look) -> dict[str, Any]:
    """The report and what its charts show: names and values, drawn by charts.js."""
    made = counted.made
    return {
        "made": made,
        "counted_at": counted.at,
        "by": look.by,
        "funnel": [(stage, getattr(made.figures, stage)) for stage in FUNNEL] if made else [],
        "steps": [(one.step, one.reached, one.lost) for one in made.steps] if made else [],
    }


def _dimension(look: Look) -> str | None:
    if look.by and look.by not in DIMENSIONS:
        raise NotThere
    return look.by or None


def _campaign(db: Session, campaign_id: UUID) -> Campaign:
    campaign = db.get(Campaign, campaign_id)
    if campaign is None:
        raise NotThere
    return campaign
