"""Bring the store to the schema this version needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from outreach.model import schema
from outreach.places import MIGRATIONS

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 7_236_418_001
"""The advisory lock under which one process at a time migrates."""


def upgrade(engine: Engine) -> None:
    """Migrate to the newest schema; processes that start at once wait for the first. A newer one that serves is left."""
    from alembic import command

    if not schema.is_current(engine) and schema.serves(engine):
        return
    if schema.lies_aside(engine):
        raise schema.StoreAside(schema.LEFT_ASIDE)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        command.upgrade(_config(connection), "head")


def revise(engine: Engine, message: str) -> None:
    """Write a migration for what the models say and the store does not have yet (for developers)."""
    from alembic import command

    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
