"""`outreach demo`: everything set up, invented customers contacted, and the funnel live in the terminal."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import httpx
import typer
from rich.live import Live
from rich.table import Table
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from outreach import queue, settings
from outreach.campaigns import campaign_file, follow_up, forecast, launching, report, report_page
from outreach.campaigns.customer_import import import_customers
from outreach.campaigns.report import Report
from outreach.cli import demo_data, demo_facts, demo_staff, ending, leaping
from outreach.cli.anchor import tell_carrier
from outreach.cli.campaign_report import print_report
from outreach.cli.output import Stop, console, print_table
from outreach.clock import ZONE, machine_now
from outreach.conversations.house import House
from outreach.model import Attempt, Campaign, Conversation, Message, Side, embedded
from outreach.places import ROOT
from outreach.rules.delivery import AttemptState
from outreach.runtime import Runtime
from outreach.runtime import build as build_runtime

CUSTOMERS = 500
RATE = 60.0
"""Product seconds per second: a customer who thinks for five minutes answers in five seconds."""
START_SECONDS = 400
"""Longest start: the first one trains the model."""
LINES_A_SECOND = 5.0
"""Calls placed a second of ours, so that two weeks of them pass in minutes."""
PATIENCE_SECONDS = 20.0
"""How long nothing has to happen before the clock leaps, where a person may be typing on a phone."""
AFTER_DAYS = 12
"""Days after the last one in which late answers, callbacks and silences still come to their ends."""
FEW = 12


def demo(
    once: Annotated[
        bool, typer.Option(help="Run to the end, print the reports and exit 0 only if all is accounted for.")
    ] = False,
    customers: Annotated[int, typer.Option(min=20, max=10_000, help="How many invented customers.")] = CUSTOMERS,
) -> None:
    """Two weeks of campaigns with invented customers: texts, calls, tries and follow-ups, watched until Ctrl-C."""
    given = settings.read()
    if given.database_url or given.twilio_api_base:
        raise Stop("the demo brings its own database and carrier; unset DATABASE_URL and TWILIO_API_BASE")
    folder = given.data_dir / "demo"
    _begin_anew(folder)
    runtime = build_runtime(
        given.model_copy(update={"data_dir": folder, "clock_rate": RATE, "calls_per_second": LINES_A_SECOND})
    )
    start = next_working_morning(runtime.house)
    complete = not once  # who ends the demo half way has seen enough
    with _running(folder, start) as up:
        _await_ready(runtime, up, folder)
        _load(runtime, folder, start, customers)
        _launch(runtime, folder, start)
        _say_where(runtime)
        _watch(runtime, up, start, once)
        complete = _finish(runtime, folder)
        if not once:
            _stay(up)
    if not complete:
        raise typer.Exit(1)


def next_working_morning(house: House) -> datetime:
    """The next working day's 9:30 at the bank."""
    zone = ZoneInfo(ZONE)
    moment = machine_now().astimezone(zone)
    day = moment.date() if (moment.hour, moment.minute) < (9, 30) else moment.date() + timedelta(days=1)
    while str(house.calendar.day(day).kind) != "working":
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=zone)


def _begin_anew(folder: Path) -> None:
    """Every demo begins with an empty store of its own; nothing else lives in its folder."""
    if folder.exists():
        with contextlib.suppress(Exception):
            embedded.stop(folder)
        shutil.rmtree(folder)


@contextlib.contextmanager
def _running(folder: Path, start: datetime) -> Iterator[subprocess.Popen[bytes]]:
    """`outreach up` beside us, its log in the demo's folder, stopped whole at the end."""
    ending.as_interrupt()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "OUTREACH_DATA_DIR": str(folder),
        "OUTREACH_CLOCK_START": start.isoformat(),
        "OUTREACH_CLOCK_RATE": str(RATE),
        "OUTREACH_CALLS_PER_SECOND": str(LINES_A_SECOND),
    }
    with (folder / "up.log").open("wb") as log:
        up = subprocess.Popen(
            [sys.executable, "-m", "outreach", "up"],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield up
    except KeyboardInterrupt:
        console.print("stopping …")
    finally:
        up.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            up.wait(timeout=60)


def _await_ready(runtime: Runtime, up: subprocess.Popen[bytes], folder: Path) -> None:
    url = f"http://127.0.0.1:{runtime.settings.port}/health"
    deadline = time.monotonic() + START_SECONDS
    with console.status("starting the processes; the first start trains the model"):
        while time.monotonic() < deadline:
            if up.poll() is not None:
                raise Stop(f"the processes ended at their start; see {folder / 'up.log'}")
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(url, timeout=5, trust_env=False).is_success and tell_carrier(runtime):
                    return
            time.sleep(1)
    raise Stop(f"not ready after {START_SECONDS} s; see {folder / 'up.log'} and {url}")


def _load(runtime: Runtime, folder: Path, start: datetime, count: int) -> None:
    path = demo_data.write_customers(folder / "customers.csv", count, start.date())
    imported = import_customers(runtime.sessions, runtime.sealer, runtime.clock.now(), path)
    console.print(f"{path}: {imported.stored} stored, {len(imported.refused)} rows refused")
    rows = [(row.line, row.field, row.value, row.problem, row.fix) for row in imported.refused[:FEW]]
    print_table("refused rows", ("line", "field", "value", "problem", "fix"), rows)


def _launch(runtime: Runtime, folder: Path, start: datetime) -> None:
    for path in demo_data.write_campaigns(folder / "campaigns", start.date()):
        file = campaign_file.read(path)
        with runtime.sessions.begin() as db:
            made = forecast.of(db, runtime.house, file, runtime.clock.now())
            campaign = launching.launch(db, runtime.house, file, runtime.clock.now())
        why = "、".join(f"{count} {reason}" for reason, count in made.refused.most_common())
        console.print(f"{file.name}: {made.audience} customers, {made.planned} permitted; not: {why or 'none'}")
        runtime.queue.defer(queue.PLAN, key=str(campaign.id), campaign=str(campaign.id))


def _say_where(runtime: Runtime) -> None:
    console.print(f"phones, to play a customer by hand: {runtime.settings.api_base}/")
    console.print(f"health: http://127.0.0.1:{runtime.settings.port}/health   Ctrl-C ends everything")
    demo_staff.print_links(runtime)


def _watch(runtime: Runtime, up: subprocess.Popen[bytes], start: datetime, once: bool) -> None:
    """Show the funnel live until every campaign is over; the clock leaps over the time in which nothing happens."""
    with Live(console=console, refresh_per_second=2) as live:

        def look(waiting_for: str) -> bool:
            if up.poll() is not None:
                raise Stop("the processes ended; see up.log in the demo's folder")
            with runtime.sessions.reading() as db:
                reports = _reports(db, runtime.clock.now())
                live.update(_funnel(db, reports, runtime, waiting_for))
            return not reports or any(one.unfinished for one in reports)

        until = start + timedelta(days=demo_data.DAYS + AFTER_DAYS)
        leaping.leap_until(runtime, until, RATE, 0.0 if once else PATIENCE_SECONDS, look)


def _stay(up: subprocess.Popen[bytes]) -> None:
    console.print("all campaigns are over; Ctrl-C ends everything")
    up.wait()


def _reports(db: Session, now: datetime) -> list[Report]:
    campaigns = db.exec(select(Campaign).order_by(col(Campaign.launched_at))).all()
    return [report.of(db, one, now) for one in campaigns]


def _funnel(db: Session, reports: list[Report], runtime: Runtime, waiting_for: str) -> Table:
    now = runtime.clock.now().astimezone(ZoneInfo(ZONE))
    stages = ("audience", "permitted", "sent", "replied", "succeeded", "visits", "texts", "calls")
    columns = (*stages, "tried again", "followed up", "to come", "unfinished")
    table = Table("campaign", *columns, title=f"{now:%Y-%m-%d %H:%M} · {waiting_for}", title_justify="left")
    again = _contacts(db, col(Attempt.number) > 1)
    followed = _contacts(db, col(Attempt.step).startswith(follow_up.STEP))
    to_come = _attempts(db, col(Attempt.state) == AttemptState.PLANNED)
    for one in reports:
        more = (again, followed, to_come)
        counts = (*(getattr(one, stage) for stage in stages), *(of.get(one.campaign, 0) for of in more), one.unfinished)
        table.add_row(one.campaign, *(str(count) for count in counts))
    return table


def _contacts(db: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    """By campaign, how many contacts of a kind were made."""
    return _attempts(db, condition, col(Attempt.id).in_(select(Conversation.attempt_id)))


def _attempts(db: Session, *conditions: ColumnElement[bool]) -> dict[str, int]:
    rows = (
        select(Campaign.name, func.count())
        .join(Attempt, col(Attempt.campaign_id) == col(Campaign.id))
        .where(*conditions)
        .group_by(col(Campaign.name))
    )
    return dict(db.exec(rows).all())


def _finish(runtime: Runtime, folder: Path) -> bool:
    """Import what the bank saw, print the reports, write them as pages, and say whether everybody is accounted for."""
    demo_facts.tell(runtime, folder)
    with runtime.sessions.reading() as db:
        reports, untold = _reports(db, runtime.clock.now()), _without_transcript(db)
    for one in reports:
        print_report(one, runtime)
        page = folder / f"{one.campaign}.html"
        page.write_text(report_page.of(one, runtime.clock.now()), encoding="utf-8")
        console.print(f"as a page with charts: {page}")
    unfinished = sum(one.unfinished for one in reports)
    console.print(f"{unfinished} customers without an outcome, {untold} conversations without a transcript")
    return unfinished == 0 and untold == 0 and bool(reports)


def _without_transcript(db: Session) -> int:
    told = select(Message.conversation_id).where(Message.side == Side.BANK)
    return db.exec(select(func.count()).select_from(Conversation).where(col(Conversation.id).not_in(told))).one()
