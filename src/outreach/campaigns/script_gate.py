"""Nothing that the content check refuses is proposed, approved or put into use again, by whatever door it comes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from outreach.campaigns import publication
from outreach.conversations.bank import Bank
from outreach.documents import Problem, Refused
from outreach.model import ScriptVersion
from outreach.scripts import checks
from outreach.scripts.catalog import Files

CHECKS_HELD = 256
"""Results kept in a process: neither a version nor the bank changes while it runs."""
_held: dict[UUID, list[Problem]] = {}


def propose(db: Session, bank: Bank, script: str, files: Files, by: str, now: datetime) -> ScriptVersion:
    """Keep files for somebody else to approve; raises Refused with every problem, or NotPublished."""
    if problems := checks.check_files(script, files, bank):
        raise Refused(problems)
    return publication.propose_files(db, script, files, by, now)


def approve(db: Session, bank: Bank, script: str, by: str, now: datetime, version: str | None = None) -> ScriptVersion:
    """Publish a proposed version, the newest unless named; raises Refused or NotPublished."""
    approved = publication.approve(db, script, by, now, version)
    _refuse(approved, bank)
    return approved


def restore(db: Session, bank: Bank, script: str, version: str, by: str, why: str, now: datetime) -> ScriptVersion:
    """Put an earlier version into use again; raises Refused where it would not pass today's check, or NotPublished."""
    restored = publication.restore(db, script, version, by, why, now)
    _refuse(restored, bank)
    return restored


def problems(version: ScriptVersion, bank: Bank) -> list[Problem]:
    """What the content check says of a version today."""
    found = _held.get(version.id)
    if found is None:
        if len(_held) >= CHECKS_HELD:
            _held.clear()
        found = _held[version.id] = checks.check_files(version.script, version.source, bank)
    return found


def known(db: Session, script: str, version: str) -> ScriptVersion | None:
    """One version of a script by its name."""
    return db.exec(
        select(ScriptVersion).where(ScriptVersion.script == script, ScriptVersion.version == version)
    ).first()


def _refuse(version: ScriptVersion, bank: Bank) -> None:
    """Undo what is under way: the error ends its transaction."""
    if found := problems(version, bank):
        raise Refused(found)
