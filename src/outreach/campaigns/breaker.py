"""Leave a carrier alone that turns everything away: one request now and then tries it, until one is taken."""

from __future__ import annotations

import random
import time
from threading import Lock

OPENS_AFTER = 3
"""Requests in a row that provably were not processed: no connection, or too many (429)."""
FIRST_SECONDS = 0.5
LONGEST_SECONDS = 15.0
"""A carrier that comes back is noticed within this (reliability.md, F7: half a minute)."""


class Breaker:
    """One carrier's, in one process. Machine time; the pauses double, with jitter so that workers do not knock together."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._until = 0.0

    def room(self, most: int) -> int:
        """How many requests may be under way now: all, one that tries, or none."""
        with self._lock:
            if self._failures < OPENS_AFTER:
                return most
            return int(time.monotonic() >= self._until)

    def taken(self) -> None:
        """The carrier answered: it is there, whatever it said."""
        with self._lock:
            self._failures = 0

    def turned_away(self) -> None:
        """A request was not processed."""
        with self._lock:
            self._failures += 1
            doubled = FIRST_SECONDS * 2 ** min(self._failures - OPENS_AFTER, 10)
            pause = min(LONGEST_SECONDS, doubled) * random.uniform(0.7, 1.0)  # noqa: S311 - no secret
            self._until = max(self._until, time.monotonic() + pause)
