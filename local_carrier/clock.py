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


class _Waker:
    """Ends a pause, unless whoever waited has given up."""

    def __init__(self, woken: asyncio.Future[None]) -> None:
        self._woken = woken

    @property
    def awaited(self) -> bool:
        """Whether somebody still waits."""
        return not self._woken.done()

    def __call__(self) -> None:
        if not self._woken.done():
            self._woken.set_result(None)


class Schedule:
    """Things to do at a product time, in order; a faster clock brings them nearer."""

    def __init__(self, clock: ProductClock) -> None:
        self._clock = clock
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return sum(not isinstance(do, _Waker) for _, _, do in self._heap)

    def next(self) -> datetime | None:
        """Tell the product time of the next thing to do."""
        due = [at for at, _, do in self._heap if not isinstance(do, _Waker) or do.awaited]
        return min(due, default=None)

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something after so many product seconds."""
        due = self._clock.now() + timedelta(seconds=seconds)
        heapq.heappush(self._heap, (due, next(self._order), do))
        self._clock.moved.set()

    async def pause(self, seconds: float) -> None:
        """Wait so many product seconds."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.after(seconds, _Waker(woken))
        await woken

    def clear(self) -> None:
        """Forget everything that was planned."""
        self._heap.clear()

    async def run(self) -> None:
        """Do what falls due, for as long as the carrier runs."""
        while True:
            self._clock.moved.clear()
            while self._heap and self._heap[0][0] <= self._clock.now():
                heapq.heappop(self._heap)[2]()
                await asyncio.sleep(
                    0
                )  # who was woken acts before the next is, though both fell due while the loop was busy
            try:
                await asyncio.wait_for(self._clock.moved.wait(), self._nap())
            except TimeoutError:
                continue

    def _nap(self) -> float:
        if not self._heap:
            return LONGEST_NAP
        ahead = (self._heap[0][0] - self._clock.now()).total_seconds() / self._clock.rate
        return min(max(ahead, 0.001), LONGEST_NAP)
