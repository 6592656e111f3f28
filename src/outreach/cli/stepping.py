"""Let product time all but stand still, and move it from one thing that falls due to the next, until a time is reached.

What happens is stamped with the instant it was due at, however long this machine takes over it: the same seed brings the same
people to the same ends at the same minutes. `leaping` lets time run in between, for people who watch.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from outreach import queue
from outreach.campaigns import call_pace, standstill
from outreach.cli import anchor, leaping
from outreach.clock import ANCHOR_SECONDS, STEPPED_SECONDS
from outreach.runtime import Runtime
from outreach.worker import tasks

STANDING = 0.001
"""Product seconds a second: a clock must go on, and a minute's work must not show in what it stamps."""
LOOK_SECONDS = 0.01
"""Between two looks; one that is quiet is believed when the next is quiet too."""
NUDGE_SECONDS = 0.5
"""After so long a task that should be at work is asked for again."""
PATIENCE_SECONDS = 30.0
"""What stays in the way longer, as a stop or a process that is down, may need time itself: it then runs until that is over."""
LONG = timedelta(minutes=1)
"""Before a step this long whatever ends, or follows an end, is settled first."""
WITHIN_A_CALL = timedelta(minutes=5)
"""As long as calls go on a step is no longer: a call that the carrier has forgotten is not leapt over but asked about."""
WAKES = {
    "opening": queue.OPEN,
    "sending": queue.SEND,
    "silences": queue.SETTLE,
    "what follows": queue.SETTLE,
    "callbacks": queue.SETTLE,
}


COUNTED = 100_000
"""What is left to do is counted up to here, to see whether it grows less."""


@dataclass(frozen=True)
class Standing:
    """What keeps the clock from being moved on, and what falls due next."""

    busy: str | None
    left: int
    next: datetime | None


@dataclass(frozen=True)
class Stepped:
    """How a time was reached."""

    steps: int
    leaps: int
    """Of the steps, those over time in which nothing happened."""


def step_until(runtime: Runtime, until: datetime, rate: float, look: Callable[[str], bool] = lambda _: True) -> Stepped:
    """Move on until then, or until it is broken off; time goes on from there as it did before.

    `look` hears what is waited for, and ends the run by answering False.
    """
    found = runtime.clock.anchor().rate
    # One that stands still was left so by a run that was killed without a word.
    before = found if found > STANDING else runtime.settings.clock_rate
    try:
        with httpx.Client(timeout=5, trust_env=False) as http:
            return _Stepper(runtime, http, until, rate, look).run()
    finally:
        anchor.go_on(runtime, before)


@dataclass
class _Stepper:
    runtime: Runtime
    http: httpx.Client
    until: datetime
    rate: float
    look: Callable[[str], bool]
    woke: str | None = None
    """What was asked for last since the clock was moved, and when."""
    woken: float = 0.0

    def run(self) -> Stepped:
        self._hold(self.runtime.clock.now())
        seen: Standing | None = None
        since, steps, leaps, settled = time.monotonic(), 0, 0, False
        while (now := self.runtime.clock.now()) < self.until:
            found = self._standing(now)
            quiet = found == seen
            if not quiet:
                seen, since = found, time.monotonic()
            if not self.look(found.busy or "the next thing due"):
                break
            target = min(found.next or self.until, self.until)
            if found.busy:
                self._hurry(found.busy, time.monotonic() - since)
            elif quiet and target - now > LONG and not settled:
                settled, seen = self._settled(), None
            elif quiet:
                self._move(max(now, target))
                steps, leaps, settled, seen = steps + 1, leaps + (target - now > LONG), False, None
            time.sleep(LOOK_SECONDS)
        return Stepped(steps, leaps)

    def _standing(self, now: datetime) -> Standing:
        with self.runtime.sessions.reading() as db:
            lines_taken = call_pace.all_taken(db, self.runtime.house.bank.calling)
            busy, left = standstill.left(db, now, COUNTED, lines_taken=lines_taken) or (None, 0)
            due = standstill.next_due(db, now)
        at_the_carrier, coming = leaping.carrier_standing(self.http, self.runtime.settings.api_base, now)
        if busy == standstill.CALLS and coming is not None and coming - now <= WITHIN_A_CALL:
            busy = None  # they go on at the carrier, which says when
        return Standing(busy or at_the_carrier, left, min((at for at in (due, coming) if at is not None), default=None))

    def _hurry(self, busy: str, waited: float) -> None:
        """Wake who does what is left; where that does not help, let time run until it is done."""
        if waited > PATIENCE_SECONDS:
            anchor.move(self.runtime, self.runtime.clock.now(), self.rate)
            while (
                (now := self.runtime.clock.now()) < self.until and self._standing(now).busy == busy and self.look(busy)
            ):
                time.sleep(leaping.LOOK_SECONDS)
            self._hold(now)
        elif busy in WAKES and (self.woke != busy or time.monotonic() - self.woken > NUDGE_SECONDS):
            self.woke, self.woken = busy, time.monotonic()
            self.runtime.queue.defer(WAKES[busy])

    def _settled(self) -> bool:
        """Settle what is settled now and then, which may bring something due nearer; not while a worker does."""
        with self.runtime.sessions.alone(queue.SETTLE) as alone:
            if alone:
                tasks.settle(self.runtime)
        return bool(alone)

    def _hold(self, at: datetime) -> None:
        """Let a clock that ran stand still; who has read it before a second ago goes by that until then."""
        anchor.move(self.runtime, at, STANDING)
        time.sleep(ANCHOR_SECONDS + STEPPED_SECONDS)

    def _move(self, to: datetime) -> None:
        """Our own processes know the time before the carrier does, whose handsets then act on it."""
        self.woke = None
        anchor.write(self.runtime, to, STANDING)
        time.sleep(STEPPED_SECONDS + LOOK_SECONDS)
        with contextlib.suppress(httpx.HTTPError):  # whoever looks next sees that it does not answer
            anchor.tell_carrier(self.runtime, self.http)
