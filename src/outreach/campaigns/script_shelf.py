"""All scripts: the version in use, what waits for approval, who uses it, and whether it passes the content check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.campaigns import publication, script_gate
from outreach.conversations import wording
from outreach.conversations.bank import Bank
from outreach.documents import Refused
from outreach.model import Campaign, CampaignState, Decision, ScriptVersion
from outreach.scripts import catalog

STANDING = (CampaignState.PROPOSED, CampaignState.ACTIVE, CampaignState.PAUSED)
"""Campaigns that reach somebody, or may."""


@dataclass(frozen=True)
class Shelved:
    """One script."""

    name: str
    title: str
    in_use: ScriptVersion | None
    since: datetime | None
    """Since when that version is in use."""
    waiting: Sequence[ScriptVersion]
    campaigns: Sequence[Campaign]
    """Those that stand, whatever version they use."""
    problems: int
    """What the content check refuses of the version in use."""


def every(db: Session, bank: Bank) -> list[Shelved]:
    """Every script that has a version, or a folder from which one could be proposed."""
    kept = db.exec(select(ScriptVersion.script).distinct()).all()
    return [_shelved(db, bank, name) for name in sorted({*kept, *catalog.names()})]


def since(db: Session, version: ScriptVersion) -> datetime | None:
    """Since when a version is in use, where it is."""
    restored = (
        one.at
        for one in publication.decisions(db, version.script)
        if one.version_id == version.id and one.decision is Decision.RESTORED
    )
    return next(restored, version.approved_at)


def campaigns_of(db: Session, version: UUID) -> list[Campaign]:
    """The campaigns whose first contacts use a version, the latest first."""
    used = select(Campaign).where(Campaign.script_version_id == version)
    return list(db.exec(used.order_by(col(Campaign.starts_on).desc(), col(Campaign.name))).all())


def _shelved(db: Session, bank: Bank, name: str) -> Shelved:
    in_use = publication.published(db, name)
    standing = select(Campaign).where(Campaign.script == name, col(Campaign.state).in_(STANDING))
    return Shelved(
        name=name,
        title=_title(db, in_use),
        in_use=in_use,
        since=since(db, in_use) if in_use else None,
        waiting=publication.waiting(db, name),
        campaigns=db.exec(standing.order_by(col(Campaign.name))).all(),
        problems=len(script_gate.problems(in_use, bank)) if in_use else 0,
    )


def _title(db: Session, in_use: ScriptVersion | None) -> str:
    """What the script calls itself; nothing where its files cannot be read."""
    try:
        return wording.script_of(db, in_use.id).title if in_use else ""
    except Refused:
        return ""
