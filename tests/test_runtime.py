"""What a process stands on is made once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from sqlalchemy import text

from outreach.model.database import OVERFLOW, POOL
from outreach.runtime import build, made_once
from outreach.settings import Settings


class Parts:
    def __init__(self) -> None:
        self.made = 0

    @made_once
    def pool(self) -> object:
        self.made += 1
        time.sleep(0.01)
        return object()


def test_a_part_is_made_once_however_many_threads_ask_for_it_first():
    parts = Parts()
    with ThreadPoolExecutor(20) as threads:
        pools = set(threads.map(lambda _: parts.pool, range(100)))
    assert parts.made == len(pools) == 1


def test_a_part_can_be_replaced():
    parts = Parts()
    parts.__dict__["pool"] = "another"
    assert parts.pool == "another"


def test_the_time_is_known_while_every_shared_connection_is_in_use(database_url, tmp_path):
    runtime = build(Settings(database_url=database_url, data_dir=tmp_path, twilio_api_base="http://127.0.0.1:9"))
    with ExitStack() as held:
        for _ in range(POOL + OVERFLOW):
            held.enter_context(runtime.sessions.begin()).execute(text("SELECT 1"))
        assert runtime.clock.now()
    runtime.sessions.engine.dispose()
