"""How fast one of our numbers may text, over all workers: a carrier takes so many a second, and queues or refuses the rest."""

from __future__ import annotations

import math
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.model import SenderPace
from outreach.model.database import database_now

BURST_SECONDS = 1.0
"""What was not sent lately may be sent at once, up to a second's worth."""


def free(db: Session, sender: str, per_second: float) -> int:
    """How many texts this number may send now. Whoever asks holds the pace until the transaction ends."""
    now = database_now(db)
    first = insert(SenderPace).values(sender=sender, paced_until=now - timedelta(seconds=BURST_SECONDS))
    db.execute(first.on_conflict_do_nothing())
    pace = _held(db, sender)
    saved = min(BURST_SECONDS, (database_now(db) - pace.paced_until).total_seconds())
    # A number slower than one a second saves up one text, not none.
    return max(0, math.floor(saved * per_second)) if per_second >= 1 else int(saved >= 0)


def take(db: Session, sender: str, per_second: float, count: int) -> None:
    """Note that so many are about to leave."""
    pace = _held(db, sender)
    earliest = database_now(db) - timedelta(seconds=BURST_SECONDS if per_second >= 1 else 0)
    pace.paced_until = max(pace.paced_until, earliest) + timedelta(seconds=count / per_second)
    db.add(pace)


def _held(db: Session, sender: str) -> SenderPace:
    return db.exec(select(SenderPace).where(col(SenderPace.sender) == sender).with_for_update()).one()
