"""200 signed webhooks a second from customers, while a worker sends 100 texts a second: how soon each is acknowledged, and
whether each is stored. A few come before, unmeasured, for a web process that has just started opens its connections with the first.

The time of each counts from when it was meant to leave, so a server that stalls is not spared what waits meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import httpx
from sqlmodel import Session, col, func, select

from benchmarks.filled import FIRST, TOKEN, TUESDAY, fill, local_carrier
from outreach import queue
from outreach.carrier import signature
from outreach.cli import scratch, store, up
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import machine_now
from outreach.model import ClockAnchor, Message, Side, connect
from outreach.places import ROOT
from outreach.runtime import Runtime
from outreach.settings import DEMO_ACCOUNT
from tests.running import free_ports

PER_SECOND, SENT_PER_SECOND = 200, 100
SECONDS = 20
CUSTOMERS = 4_000
MOST_MS = 250
START_SECONDS = 60
BEFORE = 40
CONNECTIONS = 64
LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
NOWHERE = "http://127.0.0.1:9"
PATH = "/twilio/sms/inbound"


def main() -> None:
    """Print one line."""
    runtime = store.build()
    with scratch.database(runtime.database_url) as url, local_carrier("--delivery-seconds", "600") as carrier:
        sessions = connect(url)
        fill(sessions, runtime.sealer, CUSTOMERS)
        with sessions.begin() as db:
            db.add(ClockAnchor(machine_at=machine_now(), product_at=TUESDAY, rate=1.0))
        carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": 0.02})
        with _web(runtime, url, carrier.base) as address, _worker(runtime, url, carrier.base):
            with sessions.reading() as db:
                sent_before = _sent(db)
            times, refused = asyncio.run(_post_all(address))
            with sessions.reading() as db:
                sent = _sent(db) - sent_before
                heard = select(func.count()).select_from(Message).where(Message.side == Side.CUSTOMER)
                stored = db.exec(heard).one() - BEFORE
        sessions.engine.dispose()
    times.sort()
    acknowledged = len(times) - refused
    print(
        f"inbound     {acknowledged:,} of {len(times):,} webhooks acknowledged at {PER_SECOND}/s, p50 {times[len(times) // 2] * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms (at most {MOST_MS}), {acknowledged - stored:,} acknowledged and not stored "
        f"(none), {sent:,} texts sent meanwhile; {os.cpu_count()} cores for web, worker, carrier, database and this client"
    )


async def _post_all(address: str) -> tuple[list[float], int]:
    """The time of each from the moment it was due, and how many were not taken.

    The requests are written out before and sent as they are: what the client costs here, the carrier does elsewhere.
    """
    requests = [_request(address, index) for index in range(BEFORE + PER_SECOND * SECONDS)]
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    host, port = address.removeprefix("http://").split(":")
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(host, int(port)))
    refused = 0

    async def post(request: bytes, due: float) -> float:
        nonlocal refused
        reader, writer = await free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if length := LENGTH.search(head):
            await reader.readexactly(int(length[1]))
        free.put_nowait((reader, writer))
        refused += b" 200 " not in head.split(b"\r\n", 1)[0]
        return time.perf_counter() - due

    for request in requests[:BEFORE]:
        await post(request, 0)
    began = time.perf_counter() + 0.5
    running = []
    for index, request in enumerate(requests[BEFORE:]):
        due = began + index / PER_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        running.append(asyncio.create_task(post(request, due)))
    times = list(await asyncio.gather(*running))
    while not free.empty():
        free.get_nowait()[1].close()
    return times, refused


def _request(address: str, index: int) -> bytes:
    fields = [
        ("MessageSid", f"SM{index:032x}"), ("From", f"+86{FIRST + index % CUSTOMERS}"), ("To", OUR_NUMBER),
        ("Body", "有年费吗"), ("NumMedia", "0"), ("AccountSid", DEMO_ACCOUNT),
    ]  # fmt: skip
    body = urlencode(fields).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {address.removeprefix('http://')}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature.sign(TOKEN, address + PATH, fields)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _web(runtime: Runtime, url: str, carrier: str) -> Iterator[str]:
    """`outreach web` on the store of the benchmark."""
    door, console = free_ports(2)
    address = f"http://127.0.0.1:{door}"
    ports = {"OUTREACH_PORT": str(door), "OUTREACH_CONSOLE_PORT": str(console), "PUBLIC_BASE_URL": address}
    with _process(runtime, url, carrier, ports, "web") as process:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{address}/health", timeout=10, trust_env=False)
                break
            except httpx.HTTPError:
                assert process.poll() is None, "web ended"
                assert time.monotonic() < deadline, "web did not start"
                time.sleep(0.2)
        yield address


@contextmanager
def _worker(runtime: Runtime, url: str, carrier: str) -> Iterator[None]:
    """`outreach worker` that sends; the carrier's reports go nowhere, so that web hears customers only."""
    pace = {"PUBLIC_BASE_URL": NOWHERE, "OUTREACH_TEXTS_PER_SECOND": str(SENT_PER_SECOND)}
    with _process(runtime, url, carrier, pace, "worker", "--queues", queue.SEND):
        deadline = time.monotonic() + START_SECONDS
        sessions = connect(url)
        while True:
            with sessions.reading() as db:
                if _sent(db):
                    break
            assert time.monotonic() < deadline, "nothing is sent"
            time.sleep(0.2)
        sessions.engine.dispose()
        yield


@contextmanager
def _process(
    runtime: Runtime, url: str, carrier: str, more: dict[str, str], *command: str
) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        environment = {
            **up.environment(runtime), "DATABASE_URL": url, "TWILIO_API_BASE": carrier, "TWILIO_AUTH_TOKEN": TOKEN,
            "OUTREACH_DATA_DIR": folder, **more,
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "outreach", *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def _sent(db: Session) -> int:
    taken = select(func.count()).select_from(Message).where(col(Message.carrier_ref).is_not(None))
    return db.exec(taken.where(Message.side == Side.BANK)).one()
