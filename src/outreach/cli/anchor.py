"""Move product time for every process, where nothing real can be sent."""

from __future__ import annotations

from datetime import datetime

import httpx
from sqlmodel import select

from outreach.cli.output import Stop, console
from outreach.clock import machine_now
from outreach.model import ClockAnchor
from outreach.runtime import Runtime


def move(runtime: Runtime, to: datetime, rate: float | None = None) -> None:
    """Write a new anchor and tell the local carrier; every process reads it within a second."""
    write(runtime, to, rate)
    try:
        tell_carrier(runtime)
    except httpx.HTTPError:
        console.print("the local carrier does not answer; it learns the time at its next start")


def go_on(runtime: Runtime, rate: float) -> None:
    """Let time go on at a rate from where it is."""
    with runtime.sessions.reading() as db:
        row = db.exec(select(ClockAnchor)).first()
    if row is not None:
        move(runtime, _reached(row), rate)


def write(runtime: Runtime, to: datetime, rate: float | None = None) -> None:
    """Write a new anchor."""
    if not runtime.settings.carrier_is_local:
        raise Stop("the clock can be moved only where the carrier is on this machine (TWILIO_API_BASE)")
    with runtime.sessions.begin() as db:
        row = db.exec(select(ClockAnchor).with_for_update()).first() or ClockAnchor(
            machine_at=machine_now(), product_at=to
        )
        row.machine_at, row.product_at = machine_now(), to
        row.rate = rate or row.rate
        db.add(row)


def tell_carrier(runtime: Runtime, http: httpx.Client | None = None) -> bool:
    """Tell the local carrier product time and rate; False while it refuses."""
    with runtime.sessions.reading() as db:
        row = db.exec(select(ClockAnchor)).first()
    if row is None:
        return True
    said = {"rate": row.rate, "now": _reached(row).isoformat()}
    url = f"{runtime.settings.api_base}/control/clock"
    if http is not None:
        return http.put(url, json=said).is_success
    return httpx.put(url, json=said, timeout=5, trust_env=False).is_success


def _reached(row: ClockAnchor) -> datetime:
    return row.product_at + (machine_now() - row.machine_at) * row.rate
