"""The kill switches: stop what the bank starts, all of it, one campaign's or one carrier's, and let it go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.model import AuditEntry, Campaign, Scope, Stop


def standing(db: Session) -> Sequence[tuple[Stop, str | None]]:
    """Every stop that is on, with the name of its campaign, the latest first."""
    rows = select(Stop, Campaign.name).join(Campaign, col(Campaign.id) == col(Stop.campaign_id), isouter=True)
    return db.exec(rows.where(col(Stop.lifted_at).is_(None)).order_by(col(Stop.at).desc())).all()


def find(db: Session, scope: Scope, campaign_id: UUID | None = None, carrier: str | None = None) -> Stop | None:
    """The stop that is on for this, held until the transaction ends."""
    rows = select(Stop).where(Stop.scope == scope, col(Stop.lifted_at).is_(None))
    rows = rows.where(Stop.campaign_id == campaign_id, Stop.carrier == carrier)
    return db.exec(rows.with_for_update()).first()


def stop(
    db: Session, scope: Scope, *, by: str, why: str, now: datetime, campaign_id: UUID | None = None,
    carrier: str | None = None,
) -> bool:  # fmt: skip
    """Stop it, in force with the next claim; False where it was stopped already."""
    if find(db, scope, campaign_id, carrier) is not None:
        return False
    row = Stop(scope=scope, campaign_id=campaign_id, carrier=carrier, by=by, why=why, at=now)
    db.add_all([row, AuditEntry(at=now, who=by, verb="sending_stopped", what=row.id, why=why)])
    db.flush()
    return True


def lift(db: Session, row: Stop, *, by: str, why: str, now: datetime) -> None:
    """Let it go on."""
    row.lifted_at, row.lifted_by, row.lifted_why = now, by, why
    db.add_all([row, AuditEntry(at=now, who=by, verb="sending_started", what=row.id, why=why)])
