"""What every test may ask for: a store of its own, a frozen clock, invented people, and no warnings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from outreach import calendar
from outreach.cli.stage import Stage
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import house
from outreach.conversations.house import House
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Sessions, connect, embedded, migrate
from outreach.model.database import plain_url
from outreach.model.sealing import Sealer

pytest_plugins = ["tests.skips", "tests.running", "tests.browsing"]

TUESDAY = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""A working day, 9:30 at the bank."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL of the test run's own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Not under pytest's own folder: its path must be short enough for a socket and readable for the server's user.
    folder = Path(tempfile.mkdtemp(prefix="outreach-test-"))
    try:
        yield embedded.start(folder)
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """A migrated database that others are copied from."""
    name = f"template_{uuid4().hex[:8]}"
    _admin(server, f'CREATE DATABASE "{name}"')
    sessions = connect(_named(server, name))
    migrate.upgrade(sessions.engine)
    sessions.engine.dispose()
    return name


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """An empty store on the newest schema."""
    yield from _copied(server, template)


@pytest.fixture(scope="module")
def database_url_of_module(server: str, template: str) -> Iterator[str]:
    """A store for tests that fill it once and only read it."""
    yield from _copied(server, template)


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    """Sessions on an empty store."""
    opened = connect(database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """Product time that begins on a Tuesday at 9:30 and runs as time does."""
    return Clock.fixed(Anchor(machine_now(), TUESDAY))


@pytest.fixture(scope="session")
def our_house() -> House:
    """The shipped bank, policy and calendar, over the local carrier."""
    return house.read("local")


@pytest.fixture(scope="session")
def sealer() -> Sealer:
    """A data key for tests."""
    return Sealer(b"a key of thirty-two bytes, or so")


@pytest.fixture
def stage(sessions: Sessions, our_house: House, sealer: Sealer) -> Iterator[Stage]:
    """Everything but the wire and the model; the bot hears yes in whatever is said."""
    built = Stage(sessions, TUESDAY, our_house, sealer, Rehearsal(lambda _words: "affirm"))
    yield built
    built.sender.close()


@pytest.fixture(scope="session")
def chinese_calendar() -> calendar.Calendar:
    """The shipped calendar."""
    return house.read("local").calendar


def _copied(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex[:12]}"
    _admin(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(server, name)
    _admin(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _named(server: str, name: str) -> str:
    return plain_url(server).replace("/outreach", f"/{name}", 1)


def _admin(server: str, statement: str) -> None:
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        connection.execute(statement)
