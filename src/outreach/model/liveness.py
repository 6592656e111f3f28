"""Whether a worker is at work."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, func, select

from outreach.clock import machine_now
from outreach.model.machine import Heartbeat

GONE_AFTER = timedelta(seconds=10)
"""A worker beats every second; after this it counts as gone."""


def worker_alive(db: Session) -> bool:
    """Whether a worker has shown life lately."""
    latest = db.exec(select(func.max(Heartbeat.at))).one()
    return latest is not None and machine_now() - latest < GONE_AFTER
