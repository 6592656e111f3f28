"""Whether each part is ready, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import Response
from fastapi.responses import JSONResponse
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from outreach.campaigns import operations, stops
from outreach.clock import local
from outreach.model.liveness import worker_alive
from outreach.runtime import Runtime

READY, AWAY = "ready", "away"

WAITING = Gauge("outreach_waiting", "Rows that wait for something", ["what"])
LATE = Gauge("outreach_late_seconds", "How long the oldest of what is due waits, in product time", ["what"])
SENT = Gauge("outreach_messages_last_hour", "The bank's messages of the last hour", ["channel", "state", "code"])
TURNS = Gauge("outreach_turns_last_hour", "Customers' messages of the last hour that were answered")
STOPS = Gauge("outreach_stops", "Stops that are on")
LATELY = timedelta(hours=1)
PART = Gauge("outreach_part_ready", "Whether a part is ready", ["part"])


def parts(runtime: Runtime) -> dict[str, str]:
    """One word per part."""
    database, worker = _store(runtime)
    return {
        "web": READY,
        "worker": worker,
        "bot": READY if runtime.dialogue.ready() else AWAY,
        "actions": READY if _actions_ready(runtime.settings.actions_url) else AWAY,
        "database": database,
    }


def answer(words: dict[str, str]) -> Response:
    """200 when all are ready, else 503."""
    ready = all(word == READY for word in words.values())
    return JSONResponse(words, status_code=200 if ready else 503)


def details(runtime: Runtime) -> dict[str, Any]:
    """Every part, the clock, the calendar, and what waits."""
    now = runtime.clock.now()
    year = local(now).year
    calendar = runtime.house.calendar
    return {
        "parts": parts(runtime),
        "clock": {"now": now.isoformat(), "rate": runtime.clock.anchor().rate},
        "calendar": {str(known): _calendar_word(calendar, known) for known in (year, year + 1)},
        "waiting": waiting(runtime),
    }


def waiting(runtime: Runtime) -> Mapping[str, int]:
    """How many rows wait for an answer, for sending, for the carrier's word, for staff."""
    with runtime.sessions.reading() as db:
        return operations.waiting(db)


def measure(runtime: Runtime) -> None:
    """Set the gauges that Prometheus reads."""
    with runtime.sessions.reading() as db:
        counts, late = operations.waiting(db), operations.lateness(db, runtime.clock.now())
        tallies, turns, on = operations.sent(db, LATELY), operations.turns(db, LATELY), len(stops.standing(db))
    for name, count in counts.items():
        WAITING.labels(name).set(count)
    for name, since in late.items():
        LATE.labels(name).set(since.total_seconds())
    SENT.clear()
    for one in tallies:
        SENT.labels(one.channel, one.state, one.code or "").set(one.count)
    TURNS.set(turns)
    STOPS.set(on)
    for part, word in parts(runtime).items():
        PART.labels(part).set(word == READY)


def _store(runtime: Runtime) -> tuple[str, str]:
    try:
        with runtime.sessions.reading() as db:
            return READY, READY if worker_alive(db) else AWAY
    except SQLAlchemyError:
        return AWAY, "unknown"


def _actions_ready(url: str) -> bool:
    parsed = urlsplit(url)
    try:
        return httpx.get(f"{parsed.scheme}://{parsed.netloc}/health", timeout=2.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _calendar_word(calendar: Any, year: int) -> str:
    if not calendar.knows(year):
        return "unknown: contacts are refused; extend config/holidays.yml"
    return "provisional" if calendar.provisional(year) else "official"
