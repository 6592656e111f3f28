"""Two clocks. Product time is what customers and staff live by; machine time is for leases, timeouts and pace.

Product time runs from an anchor: (machine instant, product instant, rate). With a real carrier the anchor is
identity; with the local carrier it may be set, and every process reads it once a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

ANCHOR_SECONDS = 1.0
"""How old a read anchor may be."""
STEPPED_SECONDS = 0.02
"""How old it may be where the clock all but stands still: it is then moved on, many times a second (cli/stepping.py)."""

ZONE = "Asia/Shanghai"
"""The bank's own time zone: opening hours, reports, what 'tomorrow' means in a conversation."""


@dataclass(frozen=True)
class Anchor:
    """How product time follows from machine time."""

    machine_at: datetime
    product_at: datetime
    rate: float = 1.0

    @property
    def is_stepped(self) -> bool:
        """Whether time all but stands still, and is moved from one thing that falls due to the next."""
        return self.rate < 1

    def product(self, machine: datetime) -> datetime:
        """The product time at a machine instant."""
        return self.product_at + (machine - self.machine_at) * self.rate


REAL = Anchor(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC))
"""Product time is real time."""


def machine_now() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Product time, from an anchor that is read again once a second."""

    def __init__(self, read_anchor: Callable[[], Anchor]) -> None:
        self._read = read_anchor
        self._anchor = REAL
        self._read_at: datetime | None = None
        self._lock = Lock()

    @classmethod
    def fixed(cls, anchor: Anchor) -> Clock:
        """A clock on one anchor."""
        return cls(lambda: anchor)

    def now(self) -> datetime:
        """Product time, in UTC."""
        return self.anchor().product(machine_now())

    def anchor(self) -> Anchor:
        """The anchor in force. One thread reads it anew; the others do not wait for it, unless every step counts."""
        machine = machine_now()
        if self._stale(machine) and self._lock.acquire(blocking=self._read_at is None or self._anchor.is_stepped):
            try:
                if self._stale(machine):
                    self._anchor, self._read_at = self._read(), machine
            finally:
                self._lock.release()
        return self._anchor

    def _stale(self, machine: datetime) -> bool:
        most = STEPPED_SECONDS if self._anchor.is_stepped else ANCHOR_SECONDS
        return self._read_at is None or machine - self._read_at > timedelta(seconds=most)

    def machine(self, product: datetime) -> datetime:
        """The machine instant at which it is (or was) this product time."""
        anchor = self.anchor()
        return anchor.machine_at + (product - anchor.product_at) / anchor.rate


def at_the_bank(typed: datetime) -> datetime:
    """The instant that somebody at the bank means by a date and a time without a zone."""
    return typed.replace(tzinfo=ZoneInfo(ZONE)) if typed.tzinfo is None else typed


def local(instant: datetime, zone: str = ZONE) -> datetime:
    """An instant as the bank's people read it."""
    return instant.astimezone(ZoneInfo(zone))
