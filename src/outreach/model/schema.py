"""Whether the store's schema is one that this version can work with. Asked by every command, so without Alembic."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

from outreach.explained import Explained
from outreach.places import MIGRATIONS

ASIDE = "before_restore"
"""The schema in which a restore of an earlier version kept the store, and left it where it was broken off."""
LEFT_ASIDE = f"a restore was broken off, and the store lies in the schema {ASIDE}; put it back with: outreach restore"
OLDER = "the store has an older schema; bring it up to date with: outreach database migrate"


class StoreAside(Explained):
    """The store is there, but not where it belongs; nothing may be put in its place."""


def revisions() -> list[str]:
    """The schemas this version knows, the newest last: migrations are linear, and numbered in their files' names."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def is_current(engine: Engine) -> bool:
    """Whether the store has the schema this version needs."""
    return _at(engine) == revisions()[-1]


def serves(engine: Engine) -> bool:
    """Whether the store can be used by this version: its schema is ours, or a newer one that still serves ours.

    Migrations only add until the versions before are gone (docs/upgrading.md), so workers can be upgraded one by one.
    """
    known, at = revisions(), _at(engine)
    if at is None or at in known:
        return at == known[-1]
    with engine.connect() as connection:
        floor = connection.execute(text("SELECT revision FROM schema_floor")).scalar_one_or_none()
    return floor in known


def advice(engine: Engine) -> str:
    """What to do about a store that this version cannot use."""
    return LEFT_ASIDE if lies_aside(engine) else OLDER


def lies_aside(engine: Engine) -> bool:
    """Whether there is no store but the one that a broken-off restore left aside."""
    with engine.connect() as connection:
        found = inspect(connection)
        return found.has_table("data_key", ASIDE) and not found.has_table("data_key", "public")


def _at(engine: Engine) -> str | None:
    """The store's revision; None in an empty database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        at: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return at
