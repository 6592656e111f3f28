"""`outreach clock`: show product time, and move it where nothing real can be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import httpx
import typer
from sqlmodel import select

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json
from outreach.clock import ZONE, local, machine_now
from outreach.model import ClockAnchor
from outreach.runtime import Runtime

app = typer.Typer(help="Product time: show it, or move it with the local carrier.", no_args_is_help=True)


@app.command()
def show(as_json: AsJson = False) -> None:
    """Print product time."""
    runtime = store.opened()
    now, rate = runtime.clock.now(), runtime.clock.anchor().rate
    if as_json:
        print_json({"now": now, "rate": rate})
    else:
        console.print(f"{local(now):%Y-%m-%d %H:%M:%S} {ZONE}, rate {rate:g}")


@app.command("set")
def set_time(
    instant: Annotated[str, typer.Argument(help="ISO time with zone, such as 2026-11-24T09:30:00+08:00.")],
    rate: Annotated[float | None, typer.Option(min=0.001, help="Product seconds per machine second.")] = None,
) -> None:
    """Move the clock of all running processes, in either direction."""
    runtime = store.opened()
    move(runtime, _instant(instant), rate)
    console.print(f"{local(runtime.clock.now()):%Y-%m-%d %H:%M:%S} {ZONE}")


def move(runtime: Runtime, to: datetime, rate: float | None = None) -> None:
    """Write a new anchor and tell the local carrier; every process reads it within a second."""
    if not runtime.settings.carrier_is_local:
        raise Stop("the clock can be moved only where the carrier is on this machine (TWILIO_API_BASE)")
    with runtime.sessions.begin() as db:
        row = db.exec(select(ClockAnchor).with_for_update()).first() or ClockAnchor(
            machine_at=machine_now(), product_at=to
        )
        row.machine_at, row.product_at = machine_now(), to
        row.rate = rate or row.rate
        db.add(row)
    try:
        tell_carrier(runtime)
    except httpx.HTTPError:
        console.print("the local carrier does not answer; it learns the time at its next start")


def tell_carrier(runtime: Runtime) -> bool:
    """Tell the local carrier product time and rate; False while it refuses."""
    with runtime.sessions.reading() as db:
        row = db.exec(select(ClockAnchor)).first()
    if row is None:
        return True
    now = row.product_at + (machine_now() - row.machine_at) * row.rate
    said = {"rate": row.rate, "now": now.isoformat()}
    url = f"{runtime.settings.api_base}/control/clock"
    return httpx.put(url, json=said, timeout=5, trust_env=False).is_success


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(f"{text!r} is not a time; write 2026-11-24T09:30:00+08:00") from None
    if instant.tzinfo is None:
        raise Stop(f"{text!r} has no time zone; write {text}+08:00")
    return instant
