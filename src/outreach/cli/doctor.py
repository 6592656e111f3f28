"""`outreach doctor`: whether this machine can do its work, and what to do where it cannot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import typer
from sqlalchemy.exc import SQLAlchemyError

from outreach.campaigns import stops
from outreach.cli import store
from outreach.cli.output import AsJson, console, print_json
from outreach.clock import local
from outreach.model import schema
from outreach.model.keyring import WrongKey
from outreach.runtime import Runtime
from outreach.settings import BadSettings
from outreach.web import health

LEAST_DISK_BYTES = 2 * 1024**3
"""A trained model, a day of logs and the store's growth fit into this."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    said: str


def doctor(as_json: AsJson = False) -> None:
    """Check keys, clock, database, stops, processes, callbacks, calendar and disk; exit 1 when something is wrong."""
    runtime = store.build()
    findings = list(_examine(runtime))
    if as_json:
        print_json([finding.__dict__ for finding in findings])
    else:
        for finding in findings:
            console.print(f"{'ok ' if finding.well else 'BAD'} {finding.what}: {finding.said}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def _examine(runtime: Runtime) -> Iterator[Finding]:
    yield _keys(runtime)
    yield from _store(runtime)
    yield _callbacks(runtime)
    yield _calendar(runtime)
    free = shutil.disk_usage(runtime.settings.data_dir if runtime.settings.data_dir.exists() else ".").free
    yield Finding("disk", free > LEAST_DISK_BYTES, f"{free / 1024**3:.1f} GB free")


def _keys(runtime: Runtime) -> Finding:
    try:
        runtime.sealer  # noqa: B018 - reads the data key
        runtime.carrier  # noqa: B018 - reads the carrier's token
    except (BadSettings, WrongKey) as error:
        return Finding("keys", False, str(error))
    return Finding("keys", True, "data key and carrier token are there")


def _store(runtime: Runtime) -> Iterator[Finding]:
    try:
        current = schema.serves(runtime.sessions.engine)
    except SQLAlchemyError as error:
        yield Finding("database", False, f"does not answer ({type(error).__name__}); outreach database start")
        return
    yield Finding("database", current, "schema is current" if current else schema.advice(runtime.sessions.engine))
    if not current:
        return
    anchor = runtime.clock.anchor()
    yield Finding("clock", True, f"{local(runtime.clock.now()):%Y-%m-%d %H:%M:%S}, rate {anchor.rate:g}")
    with runtime.sessions.reading() as db:
        stopped = [str(campaign or one.carrier or one.scope) for one, campaign in stops.standing(db)]
    said = f"stopped: {'、'.join(stopped)}; see outreach stops" if stopped else "nothing is stopped"
    yield Finding("sending", True, said)
    for part, word in health.parts(runtime).items():
        if part not in {"web", "database"}:
            yield Finding(part, word == health.READY, word if word == health.READY else f"{word}; outreach up")


def _callbacks(runtime: Runtime) -> Finding:
    url = f"{runtime.settings.public_url}/health"
    try:
        answer = httpx.get(url, timeout=5, trust_env=False)
    except httpx.HTTPError as error:
        return Finding("callbacks", False, f"{url} cannot be reached ({type(error).__name__}); set PUBLIC_BASE_URL")
    return Finding("callbacks", answer.status_code in {200, 503}, f"{url} answers {answer.status_code}")


def _calendar(runtime: Runtime) -> Finding:
    year = local(runtime.clock.now()).year
    unknown = [str(one) for one in (year, year + 1) if not runtime.house.calendar.knows(one)]
    if unknown:
        return Finding("calendar", False, f"{', '.join(unknown)} unknown; extend config/holidays.yml")
    return Finding("calendar", True, f"{year} and {year + 1} are known")
