"""Find entries of the audit, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from outreach.clock import ZONE
from outreach.model import AuditEntry
from outreach.model.distinct import distinct

PAGE = 50


@dataclass(frozen=True)
class AuditFilters:
    """What is looked for; empty fields do not matter."""

    who: str = ""
    verb: str = ""
    what: UUID | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None
    """Only entries before this one: the last of the page above."""


@dataclass(frozen=True)
class AuditPage:
    """A page of entries, and where the next one begins."""

    entries: Sequence[AuditEntry]
    next_before: int | None


def find(db: Session, filters: AuditFilters) -> AuditPage:
    """One page of what matches; a page costs the same however far down it is."""
    rows = select(AuditEntry)
    if filters.who:
        rows = rows.where(AuditEntry.who == filters.who.strip())
    if filters.verb:
        rows = rows.where(AuditEntry.verb == filters.verb)
    if filters.what:
        rows = rows.where(AuditEntry.what == filters.what)
    if filters.since:
        rows = rows.where(AuditEntry.at >= _midnight(filters.since))
    if filters.until:
        rows = rows.where(AuditEntry.at < _midnight(filters.until + timedelta(days=1)))
    if filters.before is not None:
        rows = rows.where(col(AuditEntry.id) < filters.before)
    found = db.exec(rows.order_by(col(AuditEntry.id).desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return AuditPage(shown, shown[-1].id if len(found) > PAGE else None)


def verbs(db: Session) -> list[str]:
    """Every verb that the audit holds."""
    return distinct(db, AuditEntry.verb)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE))
