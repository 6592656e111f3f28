"""Once a second, list anew the conversations that changed; now and then, draw those that reviewers are to read."""

from __future__ import annotations

from threading import Event

import structlog
from sqlalchemy.exc import SQLAlchemyError

from outreach.clock import Clock
from outreach.conversations import listing
from outreach.model import Sessions
from outreach.review import sampling

log = structlog.get_logger()

EVERY_SECONDS = 1.0
DRAW_EVERY = 30
"""Rounds between two draws."""


def run(sessions: Sessions, clock: Clock, stopped: Event) -> None:
    """Go on until stopped; the store being away is waited out."""
    rounds = 0
    while not stopped.wait(EVERY_SECONDS):
        try:
            while listing.refresh_due(sessions) == listing.BATCH and not stopped.is_set():
                pass
            if rounds % DRAW_EVERY == 0:
                sampling.draw(sessions, clock.now())
        except SQLAlchemyError as error:
            log.warning("not_listed", error=type(error).__name__)
        rounds += 1
