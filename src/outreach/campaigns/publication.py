"""Publish scripts: proposed by one person, approved by another, kept for ever as they were."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from outreach.conversations import wording
from outreach.model import AuditEntry, ScriptVersion
from outreach.places import SCRIPTS
from outreach.scripts import catalog

SHIPPED = "shipped"
"""Who proposed and approved the scripts that come with the product."""


class NotPublished(ValueError):
    """A script could not be proposed or approved; says why and what to do."""


def published(db: Session, script: str) -> ScriptVersion | None:
    """The version new conversations begin with: the one approved last."""
    ordered = (
        select(ScriptVersion)
        .where(ScriptVersion.script == script, col(ScriptVersion.approved_at).is_not(None))
        .order_by(col(ScriptVersion.approved_at).desc(), col(ScriptVersion.number).desc())
    )
    return db.exec(ordered.limit(1)).first()


def published_names(db: Session) -> list[str]:
    """The scripts that have a published version."""
    approved = select(ScriptVersion.script).where(col(ScriptVersion.approved_at).is_not(None)).distinct()
    return sorted(db.exec(approved).all())


def offers(db: Session) -> dict[str, dict[str, str]]:
    """For each published script, the fields of its offer, each with a sample."""
    found = {name: published(db, name) for name in published_names(db)}
    return {name: dict(wording.script_of(db, version.id).offer) for name, version in found.items() if version}


def versions(db: Session, script: str) -> list[ScriptVersion]:
    """Every version of a script, the newest first."""
    ordered = select(ScriptVersion).where(ScriptVersion.script == script).order_by(col(ScriptVersion.number).desc())
    return list(db.exec(ordered).all())


def propose(db: Session, script: str, by: str, now: datetime, folder: Path = SCRIPTS) -> ScriptVersion:
    """Keep a snapshot of a script's folder for somebody else to approve."""
    source = dict(catalog.files(script, folder))
    name = catalog.version(source)
    db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:script))"), {"script": f"publish:{script}"})
    known = db.exec(select(ScriptVersion).where(ScriptVersion.script == script, ScriptVersion.version == name)).first()
    if known is not None:
        return known
    highest = db.exec(select(func.max(ScriptVersion.number)).where(ScriptVersion.script == script)).one()
    version = ScriptVersion(
        script=script, version=name, number=(highest or 0) + 1, source=source, proposed_by=by, proposed_at=now
    )
    db.add(version)
    db.flush()
    db.add(AuditEntry(at=now, who=by, verb="script_proposed", what=version.id))
    return version


def approve(db: Session, script: str, by: str, now: datetime, version: str | None = None) -> ScriptVersion:
    """Publish a proposed version, the newest unless named; raises NotPublished for the same person or no proposal."""
    waiting = [
        one for one in versions(db, script) if one.approved_at is None and (version is None or one.version == version)
    ]
    if not waiting:
        raise NotPublished(
            f"{script}: nothing waits for approval; propose it first: outreach scripts propose {script} --by NAME"
        )
    proposed = waiting[0]
    if proposed.proposed_by == by:
        raise NotPublished(f"{script}: {by} proposed this version; another person has to approve it")
    proposed.approved_by, proposed.approved_at = by, now
    db.add(proposed)
    db.add(AuditEntry(at=now, who=by, verb="script_approved", what=proposed.id))
    db.flush()
    return proposed


def publish_shipped(db: Session, now: datetime, folder: Path = SCRIPTS) -> list[str]:
    """Publish the shipped folders where a script has no version yet; the names of those published."""
    fresh = []
    for script in catalog.names(folder):
        if versions(db, script):
            continue
        version = propose(db, script, SHIPPED, now, folder)
        version.approved_by, version.approved_at = SHIPPED, now
        db.add(version)
        fresh.append(script)
    db.flush()
    return fresh


def changed(before: ScriptVersion | None, after: ScriptVersion) -> str:
    """The files that differ from the version before, as `+new -gone ~other`."""
    if before is None:
        return "first version"
    old, new = before.source, after.source
    marks = [f"+{path}" for path in new if path not in old] + [f"-{path}" for path in old if path not in new]
    marks += [f"~{path}" for path in new if path in old and old[path] != new[path]]
    return " ".join(marks)
