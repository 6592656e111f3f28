"""Product time: machine time, moved and made faster, so that a customer's afternoon passes in a minute."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LONGEST_NAP = 60.0  # seconds; a sleeping schedule wakes at least this often


def machine_now() -> datetime:
    """Tell the time Twilio would show."""
    return datetime.now(UTC)


class ProductClock:
    """Product time runs from an anchor at a rate; whoever waits is woken when the anchor moves."""

    def __init__(self) -> None:
        self.moved = asyncio.Event()
        self.rate = 1.0
        self._anchor = (time.monotonic(), machine_now())

    def now(self) -> datetime:
        """Tell product time."""
        machine, product = self._anchor
        return product + timedelta(seconds=(time.monotonic() - machine) * self.rate)

    def set(self, *, rate: float | None = None, now: datetime | None = None) -> None:
        """Change the rate, the time or both; the other goes on from where it is."""
        self._anchor = (time.monotonic(), now or self.now())
        self.rate = self.rate if rate is None else rate
        self.moved.set()


class Schedule:
    """Things to do at a product time, in order; a faster clock brings them nearer."""

    def __init__(self, clock: ProductClock) -> None:
        self._clock = clock
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something after so many product seconds."""
        due = self._clock.now() + timedelta(seconds=seconds)
        heapq.heappush(self._heap, (due, next(self._order), do))
        self._clock.moved.set()

    def clear(self) -> None:
        """Forget everything that was planned."""
        self._heap.clear()

    async def run(self) -> None:
        """Do what falls due, for as long as the carrier runs."""
        while True:
            self._clock.moved.clear()
            while self._heap and self._heap[0][0] <= self._clock.now():
                heapq.heappop(self._heap)[2]()
            try:
                await asyncio.wait_for(self._clock.moved.wait(), self._nap())
            except TimeoutError:
                continue

    def _nap(self) -> float:
        if not self._heap:
            return LONGEST_NAP
        ahead = (self._heap[0][0] - self._clock.now()).total_seconds() / self._clock.rate
        return min(max(ahead, 0.001), LONGEST_NAP)
