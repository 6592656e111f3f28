"""Reports for pages: counted at once while there is little to count, else shown as a worker counted them last.

A report reads every try and message of its campaigns. What is kept is counted anew when somebody looks at it and it is older
than so many times as long as counting it took; whoever looks meanwhile is told from when it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from outreach import queue
from outreach.campaigns import portfolio, report
from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report
from outreach.clock import Clock, machine_now
from outreach.model import Attempt, Campaign, KeptReport, Sessions
from outreach.queue import Queue

FEW = 2_000
"""Tries up to which a report is counted whenever somebody looks."""
YOUNG = timedelta(seconds=10)
"""Not counted anew before."""
RESTS = 10
"""So many times as long as counting took is it left as it is."""
ALL = UUID(int=0)
"""Stands for all campaigns together."""

_REPORT, _PORTFOLIO = TypeAdapter(Report), TypeAdapter(Portfolio)


@dataclass(frozen=True)
class Counted[Whole]:
    """A report for a page."""

    made: Whole | None
    """None while it is being counted for the first time."""
    at: datetime | None
    """From when it is; none where it was counted just now."""
    due: bool
    """A worker should count it anew: `ask`."""


def of(db: Session, campaign: Campaign, now: datetime, by: str | None = None) -> Counted[Report]:
    """The report of one campaign, with its parts."""
    return _counted(db, campaign.id, by or "", _REPORT, lambda: report.of(db, campaign, now, by))


def of_all(db: Session) -> Counted[Portfolio]:
    """What all launched campaigns have come to, by campaign."""
    return _counted(db, ALL, "campaign", _PORTFOLIO, lambda: portfolio.of(db))


def ask(wakes: Queue, campaign: UUID, by: str | None) -> None:
    """Let a worker count it; who asks again meanwhile adds nothing."""
    wakes.defer(queue.REPORT, key=f"{campaign}:{by or ''}", campaign=str(campaign), by=by or "")


def make(sessions: Sessions, clock: Clock, campaign_id: UUID, by: str) -> None:
    """Count a report and keep it; nothing where another has done so just now, or where the campaign is no more."""
    with sessions.reading() as db:
        kept = db.get(KeptReport, (campaign_id, by))
        if kept is not None and not _is_old(kept):
            return
        counted_at, begun = clock.now(), time.monotonic()
        if campaign_id == ALL:
            content = _PORTFOLIO.dump_python(portfolio.of(db, by), mode="json")
        elif campaign := db.get(Campaign, campaign_id):
            content = _REPORT.dump_python(report.of(db, campaign, counted_at, by or None), mode="json")
        else:
            return
    row = {
        "campaign_id": campaign_id, "by": by, "content": content, "counted_at": counted_at, "made_at": machine_now(),
        "seconds": time.monotonic() - begun,
    }  # fmt: skip
    with sessions.begin() as db:
        written = insert(KeptReport).values(row)
        db.execute(written.on_conflict_do_update(index_elements=["campaign_id", "by"], set_=row))


def _counted[Whole](
    db: Session, campaign: UUID, by: str, adapter: TypeAdapter[Whole], count: Callable[[], Whole]
) -> Counted[Whole]:
    if _few(db, campaign):
        return Counted(count(), None, due=False)
    kept = db.get(KeptReport, (campaign, by))
    if kept is None:
        return Counted(None, None, due=True)
    return Counted(adapter.validate_python(kept.content), kept.counted_at, due=_is_old(kept))


def _few(db: Session, campaign: UUID) -> bool:
    tries = select(Attempt.id).limit(FEW + 1)
    if campaign != ALL:
        tries = tries.where(Attempt.campaign_id == campaign)
    return db.exec(select(func.count()).select_from(tries.subquery())).one() <= FEW


def _is_old(kept: KeptReport) -> bool:
    return machine_now() - kept.made_at > max(YOUNG, RESTS * timedelta(seconds=kept.seconds))
