"""Once a second, list anew the conversations that changed."""

from __future__ import annotations

from threading import Event

import structlog
from sqlalchemy.exc import SQLAlchemyError

from outreach.conversations import listing
from outreach.model import Sessions

log = structlog.get_logger()

EVERY_SECONDS = 1.0


def run(sessions: Sessions, stopped: Event) -> None:
    """Go on until stopped; the store being away is waited out."""
    while not stopped.wait(EVERY_SECONDS):
        try:
            while listing.refresh_due(sessions) == listing.BATCH and not stopped.is_set():
                pass
        except SQLAlchemyError as error:
            log.warning("not_listed", error=type(error).__name__)
