"""A process that could not keep what it accepts refuses to start; workers of the version before go on on a newer schema."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from outreach.model import connect, migrate, readiness, schema
from outreach.model.database import driver_url, plain_url
from outreach.model.keyring import WrongKey
from outreach.model.readiness import NotReady
from outreach.places import MIGRATIONS

KEY, OTHER = b"k" * 32, b"o" * 32
FIRST_ADDITIVE = "0016"
"""Up to it no version was in anybody's hands; the rule holds from the next one on."""


def test_a_store_that_takes_rows_is_ready(sessions, tmp_path):
    readiness.check(sessions, KEY, None, tmp_path)
    readiness.check(sessions, KEY, None, None)


def test_a_database_that_is_read_only_is_refused(database_url):
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    sessions = connect(database_url)
    with pytest.raises(NotReady, match="read-only"):
        readiness.check(sessions, KEY, None, None)
    sessions.engine.dispose()


def test_a_wrong_key_is_refused_before_it_writes(sessions):
    readiness.check(sessions, KEY, None, None)
    with pytest.raises(WrongKey):
        readiness.check(sessions, OTHER, None, None)


def test_a_disk_that_is_nearly_full_is_refused(sessions, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(NotReady, match="make room"):
        readiness.check(sessions, KEY, None, tmp_path)


def test_an_older_schema_is_refused_with_the_command_that_mends_it(server):
    with bare(server) as sessions, pytest.raises(NotReady, match="outreach database migrate"):
        readiness.check(sessions, KEY, None, None)


def test_a_newer_schema_serves_this_version_until_one_takes_something_away(sessions):
    with sessions.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema.serves(sessions.engine)
    migrate.upgrade(sessions.engine)  # and is left as it is
    with sessions.begin() as db:
        db.execute(text("UPDATE schema_floor SET revision = '9998'"))
    assert not schema.serves(sessions.engine)


# -- expand and contract ---------------------------------------------------------------------------------------------------


def test_every_migration_leaves_the_version_before_it_working(server):
    """What workers of the version before name is there, takes what they write, and asks nothing new of them."""
    revisions = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
    assert revisions == schema.revisions()
    with bare(server) as sessions:
        before: dict = {}
        broken = []
        for revision in revisions:
            with sessions.engine.begin() as connection:
                command.upgrade(migrate._config(connection), revision)
            after = shape(sessions.engine)
            if revision > FIRST_ADDITIVE and not contracts(revision):
                broken += [f"{revision}: {problem}" for problem in missed(before, after)]
            before = after
    assert broken == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({}, "visit is gone"),
        ({"visit": {"id": ("UUID", True)}}, "visit.note is gone"),
        ({"visit": {"id": ("UUID", True), "note": ("INTEGER", False)}}, "visit.note became INTEGER"),
        ({"visit": {"id": ("UUID", True), "note": ("TEXT", True)}}, "visit.note has to be given"),
        (
            {"visit": {"id": ("UUID", True), "note": ("TEXT", False), "by": ("TEXT", True)}},
            "visit.by has to be given, and older versions do not give it",
        ),
    ],
)
def test_a_migration_that_would_break_the_version_before_it_is_named(after, said):
    before = {"visit": {"id": ("UUID", True), "note": ("TEXT", False)}}
    assert any(said in problem for problem in missed(before, after))
    assert missed(before, before) == []


def missed(before: dict, after: dict) -> list[str]:
    problems = []
    for table, columns in before.items():
        if table not in after:
            problems.append(f"{table} is gone")
            continue
        for column, (kind, _) in columns.items():
            if column not in after[table]:
                problems.append(f"{table}.{column} is gone")
            elif after[table][column][0] != kind:
                problems.append(f"{table}.{column} became {after[table][column][0]}")
        problems += [
            f"{table}.{column} has to be given, and older versions do not give it"
            for column, (_, needed) in after[table].items()
            if needed and not columns.get(column, ("", False))[1]
        ]
    return problems


def shape(engine) -> dict:
    """Tables, their columns, each with its type and whether an insert has to name it."""
    looked = inspect(engine)
    return {
        table: {
            one["name"]: (str(one["type"]), not one["nullable"] and one["default"] is None and not one.get("identity"))
            for one in looked.get_columns(table)
        }
        for table in looked.get_table_names()
        if not table.startswith("procrastinate_")
    }


def contracts(revision: str) -> bool:
    """Whether a migration takes something away, and says so by raising the floor."""
    (path,) = Path("migrations/versions").glob(f"{revision}_*.py")
    return bool(re.search("UPDATE schema_floor", path.read_text(encoding="utf-8")))


class bare:  # noqa: N801 - reads as a word
    """A database without a table."""

    def __init__(self, server: str) -> None:
        self.server, self.name = server, f"bare_{uuid4().hex[:12]}"

    def __enter__(self):
        self._admin(f'CREATE DATABASE "{self.name}"')
        self.sessions = connect(plain_url(self.server).replace("/outreach", f"/{self.name}", 1))
        return self.sessions

    def __exit__(self, *_: object) -> None:
        self.sessions.engine.dispose()
        self._admin(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        engine = create_engine(driver_url(self.server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
