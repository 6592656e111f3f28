"""`outreach clock`: show product time, and move it where nothing real can be sent."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated

import typer

from outreach.calendar import CENTURY
from outreach.cli import ending, stepping, store
from outreach.cli.anchor import move
from outreach.cli.output import AsJson, Stop, console, print_json
from outreach.clock import ZONE, local

app = typer.Typer(no_args_is_help=True)

FASTEST = 100_000.0
"""A day a second; faster, and the end of all time is not far."""
SAY_SECONDS = 2.0
"""Between two lines about where `clock run` is."""


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
    rate: Annotated[
        float | None, typer.Option(min=0.001, max=FASTEST, help="Product seconds per machine second.")
    ] = None,
) -> None:
    """Move the clock of all running processes, in either direction."""
    runtime = store.opened()
    move(runtime, _instant(instant), rate)
    console.print(f"{local(runtime.clock.now()):%Y-%m-%d %H:%M:%S} {ZONE}")


@app.command()
def run(
    until: Annotated[str, typer.Option(help="ISO time with zone, such as 2026-12-08T20:00:00+08:00.")],
    rate: Annotated[
        float, typer.Option(min=1, max=600, help="Product seconds per second while something is held up for long.")
    ] = 60.0,
) -> None:
    """Let time pass until then: whenever nothing is in flight, go to the next thing that falls due; in between it stands still."""
    runtime = store.opened()
    goal = _instant(until)
    if goal <= runtime.clock.now():
        raise Stop(f"it is {local(runtime.clock.now()):%Y-%m-%d %H:%M} already; name a later time")
    ending.as_interrupt()
    begun = said = time.monotonic()

    def look(waiting_for: str) -> bool:
        nonlocal said
        if time.monotonic() - said > SAY_SECONDS:
            console.print(f"{local(runtime.clock.now()):%Y-%m-%d %H:%M:%S} waiting for {waiting_for}", style="dim")
            said = time.monotonic()
        return True

    made = stepping.step_until(runtime, goal, rate, look=look)
    move(runtime, goal)
    seconds = time.monotonic() - begun
    console.print(
        f"{local(runtime.clock.now()):%Y-%m-%d %H:%M:%S} {ZONE}: {made.leaps} leaps and {made.steps - made.leaps} steps in {seconds:.0f} s"
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(f"{text!r} is not a time; write 2026-11-24T09:30:00+08:00") from None
    if instant.tzinfo is None:
        raise Stop(f"{text!r} has no time zone; write {text}+08:00")
    if instant.year not in CENTURY:
        raise Stop(f"{text!r} is not a time from {CENTURY[0]} to {CENTURY[-1]}; write 2026-11-24T09:30:00+08:00")
    return instant
