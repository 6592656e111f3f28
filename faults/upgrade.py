"""F22: the web process replaced while calls are under way, as an upgrade does it: the new one is there before the old one goes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
from sqlalchemy import text

from benchmarks.filled import TOKEN, TUESDAY, local_carrier
from faults.place import BEGAN, Place, forked, kill, states
from faults.sizes import CALLS
from outreach import runtime
from outreach.campaigns import campaign_file, launching, plan, publication
from outreach.campaigns import open as opening
from outreach.campaigns.customer_import import import_customers
from outreach.campaigns.send import Sender
from outreach.cli.stage import OUR_NUMBER
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import ClockAnchor, Sessions
from outreach.settings import DEMO_ACCOUNT, Settings
from outreach.web import health, serving
from tests.campaigns.engine import FILE, customers
from tests.running import free_ports

HOST = "127.0.0.1"
WATCH_SECONDS = 0.5
"""How often the balancer asks each process whether it is to be sent anything."""
RATE = min(10.0, max(1.0, 200 / CALLS))
"""Product seconds a second: few calls are talked through in less time, many at the pace of people."""
PLACED_OVER_SECONDS = 100
"""Product seconds in which the calls begin, as a campaign places them: the first is still talked on when the last is."""
CALLS_PER_SECOND = CALLS * RATE / PLACED_OVER_SECONDS
TALKER = "chatty_questions"
"""Who picks up asks one thing after the other."""
ASKED = "ask_fee"
"""How the bot that is rehearsed reads each of them; it answers, and asks its own question again."""
LONGEST_SECONDS = 600
GOING_ON = "answered_at IS NOT NULL AND ended_at IS NULL"


@dataclass(frozen=True)
class Rehearsed(runtime.Runtime):
    """A web process whose bot is in memory: the bot is not what is replaced here."""

    @property
    def dialogue(self) -> Rehearsal:  # type: ignore[override]
        return Rehearsal(lambda _words: ASKED)


def upgrade(here: Place) -> list[str]:
    """So many calls at once; the carrier reaches whichever web process takes new connections, as through a balancer."""
    people = here.folder / "people.yml"
    people.write_text(f"{TALKER}: 1\n", encoding="utf-8")
    with local_carrier("--personas", str(people), "--calls-per-second", "0") as carrier:
        return _upgrade(replace(here, carrier=carrier))


def _upgrade(here: Place) -> list[str]:
    balanced, old, new, *consoles = free_ports(5)
    address = f"http://{HOST}:{balanced}"
    _prepare(here)
    httpx.put(f"{here.carrier.base}/control/clock", json={"rate": RATE}, timeout=10).raise_for_status()
    pids = {
        "old": forked(_web(here, address, old, consoles[0])),
        "new": forked(_web(here, address, new, consoles[1])),
        "balancer": forked(_balancer(balanced, [old, new])),
    }
    sessions = here.sessions()
    try:
        _until(lambda: all(map(_answers, (old, new, balanced))))
        placing = threading.Thread(target=_place, args=(here, address), daemon=True)
        placing.start()
        at_once, crowded = _at_the_most(sessions, placing), len(_lost(here))
        os.kill(pids["old"], signal.SIGTERM)
        stopped = time.monotonic()
        os.waitpid(pids.pop("old"), 0)
        took = time.monotonic() - stopped
        _until(lambda: not placing.is_alive() and not _count(sessions, GOING_ON))
        placed, unended = _count(sessions, "true"), _count(sessions, "ended_at IS NULL")
    finally:
        for pid in pids.values():
            kill(pid)
        sessions.engine.dispose()
    counted = here.carrier.counters()
    return [
        f"F22 {len(_lost(here)) - crowded} requests of calls lost (promised 0) of {counted['voice_requests']:,}, {unended} of {placed} calls "
        f"without an end, {counted['placed_twice']} placed twice; web was replaced while {at_once} calls were being talked on at once, and "
        f"what it held was answered {took:.1f} s after SIGTERM (promised 20); before that {crowded} had been lost, for want of a faster machine",
        *(
            f"    lost: {alert['failure']} after {alert['tries']} tries, {_kind(alert['url'])}"
            for alert in _lost(here)[crowded:]
        ),
    ]


def _kind(url: str) -> str:
    """What was asked, without whose call it was."""
    return url.rpartition(f"{runtime.CALL_PATH}/")[2].partition("/")[2]


def _lost(here: Place) -> list[dict]:
    """The requests of calls that the carrier had no good answer to; it keeps the last 200."""
    return [alert for alert in here.carrier.alerts() if runtime.CALL_PATH in alert["url"]]


def _at_the_most(sessions: Sessions, placing: threading.Thread) -> int:
    """Wait until as many calls as wanted, or as many as there will be, are being talked on; how many they are."""
    most, began = 0, time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        talked_on = _count(sessions, GOING_ON)
        if talked_on >= CALLS or (talked_on < most and not placing.is_alive()):
            return talked_on
        most = max(most, talked_on)
        time.sleep(0.2)
    raise AssertionError(f"{most} calls of {CALLS} were answered")


def _prepare(here: Place) -> None:
    """Customers with a call that waits, and a clock that all processes share."""
    sessions = here.sessions()
    with sessions.begin() as db:
        db.merge(ClockAnchor(machine_at=BEGAN, product_at=TUESDAY, rate=RATE))
        publication.publish_shipped(db, TUESDAY - timedelta(days=1))
    import_customers(sessions, here.sealer(), TUESDAY, customers(CALLS, here.folder))
    path = here.folder / "calls.yml"
    path.write_text(FILE.replace("channels: [sms]", "channels: [voice]"), encoding="utf-8")
    with sessions.begin() as db:
        launched = launching.launch(db, here.house, campaign_file.read(path), here.clock().now()).id
    plan.plan(sessions, here.clock(), here.house, launched)
    while opening.open_due(sessions, here.clock(), here.house):
        with sessions.begin() as db:
            db.execute(text("UPDATE campaign SET paced_until = NULL"))
    sessions.engine.dispose()


def _place(here: Place, address: str) -> None:
    """Place every call, as a worker does."""
    calling = replace(here.house.bank.calling, calls_per_second=CALLS_PER_SECOND, calls_at_once=CALLS)
    house = replace(here.house, bank=replace(here.house.bank, calling=calling))
    sessions = here.sessions()
    sender = Sender(
        sessions, here.twilio(), here.clock(), house, here.sealer(), OUR_NUMBER, str,
        lambda call: f"{address}{runtime.CALL_PATH}/{call}",
    )  # fmt: skip
    began = time.monotonic()
    while states(sessions).get("queued") and time.monotonic() - began < LONGEST_SECONDS:
        sender.send_queued()
        time.sleep(0.1)
    sender.close()
    sessions.engine.dispose()


def _web(here: Place, address: str, port: int, console: int) -> Callable[[], None]:
    def work() -> None:
        settings = Settings(
            database_url=here.url, public_base_url=address, twilio_account_sid=DEMO_ACCOUNT, twilio_auth_token=TOKEN,
            data_dir=here.folder, twilio_api_base=here.carrier.base, port=port, console_port=console,
        )  # fmt: skip
        serving.serve(Rehearsed(settings.with_secrets()), HOST)

    return work


def _balancer(port: int, doors: list[int]) -> Callable[[], None]:
    """What stands before two web processes: a connection goes to one that does not leave, and bytes go through as they come."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        doors.reverse()  # in turn, as long as both are there
        for door in sorted(doors, key=lambda each: each in leaving):
            with contextlib.suppress(OSError):
                there, back = await asyncio.open_connection(HOST, door)
                await asyncio.gather(carry(reader, back), carry(there, writer))
                return
        writer.close()

    async def watch(door: int) -> None:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
            while door not in leaving:
                with contextlib.suppress(httpx.HTTPError, ValueError):
                    said = await http.get(f"http://{HOST}:{door}/health", headers={"Connection": "close"})
                    leaving.update({door} if said.json()["web"] != health.READY else ())
                await asyncio.sleep(WATCH_SECONDS)

    async def stand() -> None:
        async with await asyncio.start_server(meet, HOST, port) as server:
            await asyncio.gather(server.serve_forever(), *map(watch, doors))

    leaving = set[int]()

    return lambda: asyncio.run(stand())


def _count(sessions: Sessions, which: str) -> int:
    with sessions.reading() as db:
        return int(db.execute(text(f"SELECT count(*) FROM call WHERE {which}")).scalar_one())


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://{HOST}:{port}/health", timeout=5, trust_env=False).status_code > 0
    except httpx.HTTPError:
        return False


def _until(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < LONGEST_SECONDS
        time.sleep(0.2)
