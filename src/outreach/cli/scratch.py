"""A scratch store and, where none runs, a bot of one's own: for playing and testing scripts."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import httpx
import psycopg
from sqlalchemy.engine import make_url

from outreach.cli import store, up
from outreach.cli.output import Stop, errors
from outreach.cli.processes import BOT_PYTHON
from outreach.cli.stage import PATIENCE_SECONDS, Stage
from outreach.conversations.house import House
from outreach.dialogue.port import Dialogue
from outreach.dialogue.rasa import RasaDialogue
from outreach.model import connect, migrate
from outreach.model.database import plain_url
from outreach.places import ROOT

START_SECONDS = 240
"""The first start trains the model."""


@contextmanager
def stage(now: datetime, dialogue: Dialogue, like: str | None = None) -> Iterator[Stage]:
    """A stage on a store that is dropped afterwards; made `like` another, it needs no migrations."""
    runtime = store.build()
    with database(runtime.database_url, like) as url:
        built = Stage(connect(url), now, _unhurried(runtime.house), runtime.sealer, dialogue)
        try:
            yield built
        finally:
            built.close()


def _unhurried(house: House) -> House:
    """The house with lines enough: a carrier that only remembers keeps no pace, and product time leaps over it."""
    calling = replace(house.bank.calling, calls_per_second=1000.0, calls_at_once=1000)
    return replace(house, bank=replace(house.bank, calling=calling, texts_per_second=None))


@contextmanager
def bot() -> Iterator[Dialogue]:
    """The running bot, or one started for the occasion together with its action server."""
    runtime = store.build()
    settings = runtime.settings
    dialogue = RasaDialogue(settings.bot_url, settings.secret or "", timeout=PATIENCE_SECONDS)
    if dialogue.ready():
        yield dialogue
        return
    if not BOT_PYTHON.exists():
        raise Stop("the bot's environment is missing; make it with: make setup")
    errors.print("starting the bot …", style="dim")
    environment = up.environment(runtime)
    started = [
        subprocess.Popen([sys.executable, "-m", "outreach", name], cwd=ROOT, env=environment)  # noqa: S603 - ours
        for name in ("actions", "bot")
    ]
    try:
        _wait(dialogue, settings.actions_url, started)
        yield dialogue
    finally:
        dialogue.close()
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=up.STOP_SECONDS)


@contextmanager
def template() -> Iterator[str]:
    """An empty store on the newest schema, for many stages to be made like it; its name."""
    with database(store.build().database_url) as url:
        yield str(make_url(url).database)


@contextmanager
def database(server_url: str, like: str | None = None) -> Iterator[str]:
    """A database beside the product's own, on the newest schema, dropped at the end."""
    name = f"scratch_{uuid4().hex[:12]}"
    admin = plain_url(server_url)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
    url = make_url(admin).set(database=name).render_as_string(hide_password=False)
    if like is None:
        sessions = connect(url)
        migrate.upgrade(sessions.engine)
        sessions.engine.dispose()
    try:
        yield url
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _wait(dialogue: RasaDialogue, actions_url: str, started: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    actions_health = actions_url.replace("/webhook", "/health")
    while time.monotonic() < deadline:
        ended = [process.args for process in started if process.poll() is not None]
        if ended:
            raise Stop(f"the bot did not start: {ended} ended; see what it printed above")
        try:
            if dialogue.ready() and httpx.get(actions_health, timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise Stop(f"the bot was not ready after {START_SECONDS} s")
