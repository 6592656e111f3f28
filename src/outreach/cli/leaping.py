"""Move the clock over the time in which nothing happens, until a product time is reached.

Between two leaps product time runs at a rate, so that calls and conversations go on as people do; as soon as nothing is in
flight, here or at the local carrier, the clock is set to the next thing that falls due.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from outreach import queue
from outreach.campaigns import standstill
from outreach.cli import anchor
from outreach.runtime import Runtime

RATE = 60.0
LOOK_SECONDS = 0.4
"""Between two looks; one that is quiet is believed when the next is quiet too."""
WORTH_SECONDS = 2.0
"""A leap takes the processes a second to notice, so a shorter wait is simply waited out."""


def leap_until(
    runtime: Runtime,
    until: datetime,
    rate: float = RATE,
    patience: float = 0.0,
    look: Callable[[str], bool] = lambda _: True,
) -> int:
    """Run until then; how many leaps it took. `look` hears what is waited for, and ends the run by answering False.

    With patience nothing is leapt over before so many seconds of quiet, which leaves a person time to type.
    """
    anchor.move(runtime, runtime.clock.now(), rate)
    leaps, quiet_since = 0, None
    while (now := runtime.clock.now()) < until:
        busy, due = _standing(runtime, now)
        if not look(busy or "the next thing due"):
            return leaps
        if busy is not None:
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= patience:
            target = min(due or until, until)
            if (target - now).total_seconds() / rate > WORTH_SECONDS:
                anchor.move(runtime, target, rate)
                leaps, quiet_since = leaps + 1, None
                runtime.queue.defer(queue.SETTLE)
                time.sleep(WORTH_SECONDS / 2)
        time.sleep(LOOK_SECONDS)
    return leaps


def _standing(runtime: Runtime, now: datetime) -> tuple[str | None, datetime | None]:
    """What is not done yet, and when the next thing falls due, here or at the local carrier."""
    with runtime.sessions.reading() as db:
        busy, due = standstill.busy_with(db, now), standstill.next_due(db, now)
    with httpx.Client(timeout=5, trust_env=False) as http:
        at_the_carrier, coming = carrier_standing(http, runtime.settings.api_base, now + timedelta(seconds=1))
    return busy or at_the_carrier, min((at for at in (due, coming) if at is not None), default=None)


def carrier_standing(http: httpx.Client, base: str, now: datetime) -> tuple[str | None, datetime | None]:
    """What the local carrier is busy with, in a word, and when the next thing falls due there."""
    try:
        said = http.get(f"{base}/control/next").raise_for_status().json()
    except httpx.HTTPError:
        return "the local carrier", None
    coming = datetime.fromisoformat(said["due"]) if said["due"] else None
    if said["requests"]:
        return "the carrier's requests", coming
    if said["texts"]:
        return "the carrier's texts", coming
    return ("the carrier" if coming is not None and coming <= now else None), coming
