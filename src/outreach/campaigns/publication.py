"""Publish scripts: proposed by one person, approved by another, kept for ever as they were."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, text
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from outreach import persons
from outreach.conversations import wording
from outreach.model import AuditEntry, Decision, ScriptDecision, ScriptVersion
from outreach.places import SCRIPTS
from outreach.scripts import catalog
from outreach.scripts.catalog import Files

SHIPPED = "shipped"
"""Who proposed and approved the scripts that come with the product."""

NOTHING_WAITS, OWN, OVERTAKEN, SENT_BACK, IN_USE = "nothing_waits", "own", "overtaken", "sent_back", "in_use"
NEVER_APPROVED = "never_approved"


class NotPublished(ValueError):
    """A version could not be proposed, approved or restored; `kind` is why, and the message says what to do."""

    def __init__(self, kind: str, message: str, *, by: str = "", why: str = "") -> None:
        super().__init__(message)
        self.kind, self.by, self.why = kind, by, why


def published(db: Session, script: str) -> ScriptVersion | None:
    """The version new conversations begin with: the one approved last, or put into use again after that."""
    restored = (
        select(ScriptDecision.version_id, func.max(ScriptDecision.at).label("at"))
        .where(ScriptDecision.decision == Decision.RESTORED)
        .group_by(col(ScriptDecision.version_id))
        .subquery()
    )
    ordered = (
        select(ScriptVersion)
        .outerjoin(restored, restored.c.version_id == col(ScriptVersion.id))
        .where(ScriptVersion.script == script, col(ScriptVersion.approved_at).is_not(None))
        .order_by(func.greatest(col(ScriptVersion.approved_at), restored.c.at).desc(), col(ScriptVersion.number).desc())
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
    return list(db.exec(_versions(script)).all())


def waiting(db: Session, script: str) -> list[ScriptVersion]:
    """The versions that wait for approval, the newest first; one approved later, or sent back, waits no more."""
    known = db.exec(_versions(script).options(defer(col(ScriptVersion.source)))).all()  # type: ignore[arg-type]
    newest = max((one.number for one in known if one.approved_at), default=0)
    sent_back = select(ScriptDecision.version_id).where(ScriptDecision.decision == Decision.REJECTED)
    rejected = set(db.exec(sent_back.where(col(ScriptDecision.version_id).in_([one.id for one in known]))).all())
    return [one for one in known if one.number > newest and one.id not in rejected]


def propose(db: Session, script: str, by: str, now: datetime, folder: Path = SCRIPTS) -> ScriptVersion:
    """Keep a snapshot of a script's folder for somebody else to approve."""
    return propose_files(db, script, catalog.files(script, folder), by, now)


def propose_files(db: Session, script: str, files: Files, by: str, now: datetime) -> ScriptVersion:
    """Keep files for somebody else to approve; the same content is the same version. NotPublished where it was sent back."""
    name = catalog.version(files)
    _one_at_a_time(db, script)
    known = _version(db, script, name)
    if known is not None:
        _refuse_sent_back(db, known)
        return known
    highest = db.exec(select(func.max(ScriptVersion.number)).where(ScriptVersion.script == script)).one()
    version = ScriptVersion(
        script=script, version=name, number=(highest or 0) + 1, source=dict(files), proposed_by=by, proposed_at=now
    )
    db.add(version)
    db.flush()
    db.add(AuditEntry(at=now, who=by, verb="script_proposed", what=version.id))
    return version


def approve(db: Session, script: str, by: str, now: datetime, version: str | None = None) -> ScriptVersion:
    """Publish a proposed version, the newest unless named; NotPublished for the same person or where none waits."""
    _one_at_a_time(db, script)
    proposed = _proposed(db, script, version)
    if persons.same(by, proposed.proposed_by):
        raise NotPublished(OWN, f"{script}: {by} proposed this version; another person has to approve it", by=by)
    proposed.approved_by, proposed.approved_at = by, now
    db.add(proposed)
    db.add(AuditEntry(at=now, who=by, verb="script_approved", what=proposed.id))
    db.flush()
    return proposed


def reject(db: Session, script: str, version: str, by: str, why: str, now: datetime) -> ScriptVersion:
    """Send a proposed version back, with what should be different."""
    _one_at_a_time(db, script)
    proposed = _proposed(db, script, version)
    _decide(db, proposed, Decision.REJECTED, by, why, now)
    return proposed


def restore(db: Session, script: str, version: str, by: str, why: str, now: datetime) -> ScriptVersion:
    """Put an earlier version into use again. Two people let it out before, so one is enough to go back to it."""
    _one_at_a_time(db, script)
    earlier = _version(db, script, version)
    if earlier is None or earlier.approved_at is None:
        raise NotPublished(NEVER_APPROVED, f"{script}: version {version} was never approved; approve it instead")
    current = published(db, script)
    if current is not None and current.id == earlier.id:
        raise NotPublished(IN_USE, f"{script}: version {version} is in use already")
    _decide(db, earlier, Decision.RESTORED, by, why, now)
    return earlier


def decisions(db: Session, script: str) -> list[ScriptDecision]:
    """What was decided about a script's versions beside approving them, the latest first."""
    rows = (
        select(ScriptDecision)
        .join(ScriptVersion, col(ScriptVersion.id) == col(ScriptDecision.version_id))
        .where(ScriptVersion.script == script)
        .order_by(col(ScriptDecision.at).desc(), col(ScriptDecision.id).desc())
    )
    return list(db.exec(rows).all())


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


def _one_at_a_time(db: Session, script: str) -> None:
    """Hold everybody else off who proposes or decides about this script, until the transaction ends."""
    db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:script))"), {"script": f"publish:{script}"})


def _versions(script: str) -> SelectOfScalar[ScriptVersion]:
    return select(ScriptVersion).where(ScriptVersion.script == script).order_by(col(ScriptVersion.number).desc())


def _version(db: Session, script: str, name: str) -> ScriptVersion | None:
    known = select(ScriptVersion).where(ScriptVersion.script == script, ScriptVersion.version == name)
    return db.exec(known.execution_options(populate_existing=True)).first()


def _proposed(db: Session, script: str, version: str | None) -> ScriptVersion:
    """The version that waits, the newest unless named."""
    if version is None:
        if found := waiting(db, script):
            return found[0]
    elif known := _version(db, script, version):
        _refuse_sent_back(db, known)
        if known.approved_at is None:
            return known
        said = f"{script}: version {version} was approved by {known.approved_by} already"
        raise NotPublished(OVERTAKEN, said, by=known.approved_by or "")
    raise NotPublished(
        NOTHING_WAITS,
        f"{script}: nothing waits for approval; propose it first: outreach scripts propose {script} --by NAME",
    )


def _refuse_sent_back(db: Session, version: ScriptVersion) -> None:
    sent_back = select(ScriptDecision).where(
        ScriptDecision.version_id == version.id, ScriptDecision.decision == Decision.REJECTED
    )
    if row := db.exec(sent_back).first():
        said = f"{version.script}: {row.by} sent this very content back: {row.why}; change it, then propose it again"
        raise NotPublished(SENT_BACK, said, by=row.by, why=row.why)


def _decide(db: Session, version: ScriptVersion, decision: Decision, by: str, why: str, now: datetime) -> None:
    db.add(ScriptDecision(version_id=version.id, decision=decision, by=by, at=now, why=why))
    db.add(AuditEntry(at=now, who=by, verb=f"script_{decision}", what=version.id, why=why))
    db.flush()
