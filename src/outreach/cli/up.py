"""`outreach up`: bring the store up to date and run every process under one supervisor."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import threading
import time
from typing import Annotated
from urllib.parse import urlsplit

import honcho.manager
import httpx
import typer
from honcho.printer import Printer
from sqlmodel import select

from outreach.campaigns import publication
from outreach.cli import ending, logs, store
from outreach.cli.anchor import tell_carrier
from outreach.cli.output import Stop, console
from outreach.clock import machine_now
from outreach.model import ClockAnchor, embedded, migrate
from outreach.runtime import Runtime
from outreach.settings import BadSettings, Settings
from outreach.staff import accounts

STOP_SECONDS = 20
"""What a process may take to end before it is killed."""
READY_SECONDS = 300
"""Longest start: the first one trains the model."""

NoCarrier = Annotated[bool, typer.Option("--no-carrier", help="Leave the local carrier out; use TWILIO_API_BASE.")]


def up(no_carrier: NoCarrier = False) -> None:
    """Migrate the store, publish the shipped scripts and run everything, until Ctrl-C."""
    runtime = store.build()
    prepare(runtime)
    names = ["actions", "bot", "web", "worker"]
    with_carrier = runtime.settings.carrier_is_local and not no_carrier
    refuse_taken_ports(runtime.settings, with_carrier=with_carrier)
    sys.exit(run(runtime, ["carrier", *names] if with_carrier else names))


def refuse_taken_ports(settings: Settings, *, with_carrier: bool) -> None:
    """Refuse to start where another program answers already: it would be taken for ours."""
    ports = {
        "OUTREACH_PORT": settings.port,
        "OUTREACH_CONSOLE_PORT": settings.console_port,
        "OUTREACH_BOT_URL": urlsplit(settings.bot_url).port,
        "OUTREACH_ACTIONS_URL": urlsplit(settings.actions_url).port,
    }
    if with_carrier:
        ports["TWILIO_API_BASE"] = urlsplit(settings.api_base).port
    for variable, port in ports.items():
        with socket.socket() as probe:
            probe.settimeout(1)
            if port and probe.connect_ex(("127.0.0.1", port)) == 0:
                raise Stop(f"another program listens on port {port}; end it, or set {variable} to another port")


def prepare(runtime: Runtime) -> None:
    """Everything that has to be true before the processes start."""
    runtime.carrier  # noqa: B018 - refuses to start without what sending needs
    runtime.house  # noqa: B018 - refuses to start on a policy that cannot be read
    runtime.settings.data_key_bytes()  # refuses to start without a key for what it must keep
    runtime.settings.console_url, runtime.settings.oidc  # noqa: B018 - refuses to start where sign-in would not be safe
    migrate.upgrade(runtime.sessions.engine)
    store.check(runtime)
    anchor(runtime)
    with runtime.sessions.begin() as db:
        publication.publish_shipped(db, runtime.clock.now())


def anchor(runtime: Runtime) -> None:
    """Write the clock's anchor on the first start; later ones continue it."""
    settings = runtime.settings
    if not settings.carrier_is_local:
        if settings.clock_start is not None or settings.clock_rate != 1:
            raise BadSettings("OUTREACH_CLOCK_START and OUTREACH_CLOCK_RATE need a carrier on this machine")
        return
    with runtime.sessions.begin() as db:
        if db.exec(select(ClockAnchor)).first() is None:
            now = machine_now()
            start = settings.clock_start or now
            db.add(ClockAnchor(machine_at=now, product_at=start, rate=settings.clock_rate))


def run(runtime: Runtime, names: list[str]) -> int:
    """Run the processes until one is told to stop; every child gets its settings through the environment."""
    honcho.manager.KILL_WAIT = STOP_SECONDS
    kind = logs.kind(sys.stdout)
    lines = logs.JsonLines(sys.stdout) if kind == logs.JSON else None
    manager = honcho.manager.Manager(lines or Printer(sys.stdout))
    for name in names:
        keep = [sys.executable, "-m", "outreach.cli.keep", sys.executable, "-m", "outreach", name]
        manager.add_process(name, f"exec {shlex.join(keep)}", env={**environment(runtime), logs.VARIABLE: kind})
    threading.Thread(target=_announce, args=(runtime, "carrier" in names, lines), daemon=True).start()
    ending.with_the_terminal()
    manager.loop()
    if not runtime.settings.database_url:
        runtime.sessions.engine.dispose()
        embedded.stop(runtime.settings.data_dir)
    stopped_by_us = (130, 143)
    return 0 if manager.returncode in stopped_by_us else manager.returncode or 0


def environment(runtime: Runtime) -> dict[str, str]:
    """What a child process is told."""
    settings = runtime.settings
    told = {
        "DATABASE_URL": runtime.database_url,
        "TWILIO_API_BASE": settings.api_base,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token or "",
        "OUTREACH_SECRET": settings.secret or "",
        "OUTREACH_DATA_KEY": settings.data_key or "",
        "OUTREACH_DATA_KEY_PREVIOUS": settings.data_key_previous or "",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **told}


def _offer_first_link(runtime: Runtime, lines: logs.JsonLines | None) -> None:
    """Print the link for the first administrator, as long as nobody can sign in."""
    with runtime.sessions.begin() as db:
        token = accounts.first_link(db, machine_now())
    if token:
        link = f"{runtime.settings.console_url}/welcome/{token}"
        _say(lines, "first sign-in, once, within a day", link)


def _announce(runtime: Runtime, with_carrier: bool, lines: logs.JsonLines | None) -> None:
    """Say when everything is ready, and where things are."""
    health = f"http://127.0.0.1:{runtime.settings.port}/health"
    deadline = time.monotonic() + READY_SECONDS
    told_carrier = not with_carrier
    while time.monotonic() < deadline:
        try:
            told_carrier = told_carrier or tell_carrier(runtime)
            if told_carrier and httpx.get(health, timeout=5, trust_env=False).is_success:
                _say(lines, "ready · health", health)
                _say(lines, "ready · console", f"{runtime.settings.console_url}/")
                if with_carrier:
                    _say(lines, "ready · phones", f"{runtime.settings.api_base}/")
                _offer_first_link(runtime, lines)
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    _say(lines, f"not ready after {READY_SECONDS} s", health)


def _say(lines: logs.JsonLines | None, what: str, where: str) -> None:
    if lines is None:
        console.print(f"{what} {where}", soft_wrap=True)
    else:
        lines.say(None, event=what, url=where)
