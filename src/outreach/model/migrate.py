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
    """Migrate to the newest schema; processes that start at once wait for the first. A newer one that serves is left."""
    if not is_current(engine) and serves(engine):
        return
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the store has the schema this version needs."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _head()


def serves(engine: Engine) -> bool:
    """Whether the store can be used by this version: its schema is ours, or a newer one that still serves ours.

    Migrations only add until the versions before are gone (docs/upgrading.md), so workers can be upgraded one by one.
    """
    known = {script.revision for script in _scripts().walk_revisions()}
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        if at is None or at in known:
            return at == _head()
        floor = connection.execute(text("SELECT revision FROM schema_floor")).scalar_one_or_none()
    return floor in known


def revise(engine: Engine, message: str) -> None:
    """Write a migration for what the models say and the store does not have yet (for developers)."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _head() -> str | None:
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
