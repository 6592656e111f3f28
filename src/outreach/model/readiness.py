"""Whether a process could keep what it accepts: else it refuses to start, and says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from outreach.explained import Explained
from outreach.model import keyring, schema
from outreach.model.columns import new_id
from outreach.model.database import Sessions

LEAST_FREE_BYTES = 200 * 1024**2
"""Of the disk of the embedded database: below this a day of texts may not fit, and a full disk loses the log's end."""


class NotReady(Explained):
    """What arrives now could not be kept; says why and what to do."""


def check(sessions: Sessions, current_key: bytes, previous_key: bytes | None, embedded_in: Path | None) -> None:
    """Raise NotReady, or WrongKey, unless the schema serves this version, rows can be written, opened, and fit the disk."""
    if not schema.serves(sessions.engine):
        raise NotReady(schema.advice(sessions.engine))
    if embedded_in is not None:
        _room(embedded_in)
    try:
        with sessions.begin() as db:
            keyring.enter_first(db, previous_key or current_key)
            keyring.read(db, current_key, previous_key)
            # A row that is written and taken back shows that rows can be written.
            trial = {"worker": new_id()}
            db.execute(text("INSERT INTO heartbeat (worker, at) VALUES (:worker, now())"), trial)
            db.execute(text("DELETE FROM heartbeat WHERE worker = :worker"), trial)
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise NotReady(f"the database takes no rows ({said}); nothing that arrives could be kept") from None


def _room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise NotReady(
            f"{folder} has {free / 1024**2:.0f} MB left, and the embedded database needs "
            f"{LEAST_FREE_BYTES / 1024**2:.0f}; make room, or set DATABASE_URL"
        )
