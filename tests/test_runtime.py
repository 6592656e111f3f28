"""What a process stands on is made once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from outreach.runtime import made_once


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
