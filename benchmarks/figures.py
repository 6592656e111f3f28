"""What a way of doing something came to: how often a second, and how long one took."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SECONDS = 5.0
ROUNDS = 3
"""Two ways are measured in turns, so that whatever else the machine does meanwhile falls on both."""

Turn = Callable[[int], None]
"""Take one turn as client number n."""


@dataclass
class Tally:
    """The times of one way, in seconds, and how long they took together."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def at(self, percent: int) -> float:
        """The time that so many in a hundred stay below, in milliseconds."""
        if len(self.times) < 2:
            return self.times[0] * 1000
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1] * 1000

    def __str__(self) -> str:
        return f"{self.per_second:6.1f}/s p50 {self.at(50):6.1f} ms p95 {self.at(95):6.1f} ms"


def take(turn: Turn, clients: int, tally: Tally, seconds: float = SECONDS) -> None:
    """So many clients take one turn after another for a while."""
    begun = time.perf_counter()
    failed: list[BaseException] = []

    def run(client: int) -> None:
        try:
            while time.perf_counter() - begun < seconds and not failed:
                started = time.perf_counter()
                turn(client)
                tally.times.append(time.perf_counter() - started)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that waits
            failed.append(error)

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.seconds += time.perf_counter() - begun
    if failed:
        raise failed[0]


def compare(what: str, ours: Turn, stock: Turn, clients: int, wanted: tuple[float, float]) -> None:
    """Print both, and the two ratios beside what is wanted: throughput at least, p50 at most."""
    tallies = (Tally(), Tally())
    for turn in (ours, stock):
        take(turn, clients, Tally(), seconds=1.0)  # connections and caches
    for _ in range(ROUNDS):
        for turn, tally in zip((ours, stock), tallies, strict=True):
            take(turn, clients, tally)
    mine, other = tallies
    print(
        f"{what} ×{clients}  ours {mine}  stock {other}  "
        f"throughput ×{mine.per_second / other.per_second:.1f} (at least {wanted[0]:g}), "
        f"p50 ×{mine.at(50) / other.at(50):.2f} (at most {wanted[1]:.2f})",
        flush=True,
    )
