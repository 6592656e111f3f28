"""Bring the store to the schema this version needs."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from outreach.places import MIGRATIONS

LOCK = 7_236_418_001
"""The advisory lock under which one process at a time migrates."""


def upgrade(engine: Engine) -> None:
    """Migrate to the newest schema; processes that start at once wait for the first."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the store has the schema this version needs."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _head()


def revise(engine: Engine, message: str) -> None:
    """Write a migration for what the models say and the store does not have yet (for developers)."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
