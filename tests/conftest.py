"""What every test may ask for: a store of its own, a frozen clock, invented people, and no warnings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach import calendar
from outreach.cli.stage import Stage
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import house
from outreach.conversations.house import House
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Sessions, connect, embedded
from outreach.model.sealing import Sealer
from tests.stores import Stores

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
def stores(server: str) -> Stores:
    """The databases of the run."""
    return Stores(server)


@pytest.fixture
def database_url(stores: Stores) -> Iterator[str]:
    """An empty store on the newest schema."""
    with stores.one() as url:
        yield url


@pytest.fixture(scope="module")
def database_url_of_module(stores: Stores) -> Iterator[str]:
    """A store for tests that fill it once and only read it."""
    with stores.one() as url:
        yield url


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
