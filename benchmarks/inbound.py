"""200 signed webhooks a second from customers, while a worker sends: how soon each is acknowledged, and whether each is stored.

The time of each counts from when it was meant to leave, so a server that stalls is not spared what waits meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import httpx
from sqlmodel import func, select

from benchmarks.filled import FIRST, TOKEN, TUESDAY, fill, local_carrier
from outreach.campaigns.send import CONNECTIONS, Sender
from outreach.carrier import signature
from outreach.carrier.twilio import TwilioCarrier
from outreach.cli import scratch, store, up
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Message, Side, connect
from outreach.places import ROOT
from outreach.settings import DEMO_ACCOUNT
from tests.running import free_ports

PER_SECOND = 200
SECONDS = 20
CUSTOMERS = 2_000
MOST_MS = 250
START_SECONDS = 60
PATH = "/twilio/sms/inbound"


def main() -> None:
    """Print one line."""
    runtime = store.build()
    with scratch.database(runtime.database_url) as url, local_carrier("--delivery-seconds", "600") as carrier:
        sessions = connect(url)
        fill(sessions, runtime.sealer, CUSTOMERS)
        carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": 0.02})
        with _web(runtime, url) as address:
            sending = threading.Thread(target=_send, args=(sessions, runtime, carrier.base))
            sending.start()
            times, refused = asyncio.run(_post_all(address))
            sending.join()
        with sessions.reading() as db:
            stored = db.exec(select(func.count()).select_from(Message).where(Message.side == Side.CUSTOMER)).one()
            sent = db.exec(
                select(func.count())
                .select_from(Message)
                .where(Message.carrier_ref.is_not(None), Message.side == Side.BANK)
            ).one()
        sessions.engine.dispose()
    times.sort()
    acknowledged = len(times) - refused
    print(
        f"inbound     {acknowledged:,} of {len(times):,} webhooks acknowledged at {PER_SECOND}/s, p50 {times[len(times) // 2] * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms (at most {MOST_MS}), {acknowledged - stored:,} acknowledged and not stored "
        f"(none), {sent:,} texts sent meanwhile; {os.cpu_count()} cores for web, worker, carrier, database and this client"
    )


async def _post_all(address: str) -> tuple[list[float], int]:
    """The time of each from the moment it was due, and how many were not taken."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    refused = 0
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30, trust_env=False) as client:

        async def post(index: int, due: float) -> float:
            nonlocal refused
            fields = [
                ("MessageSid", f"SM{index:032x}"), ("From", f"+86{FIRST + index % CUSTOMERS}"), ("To", OUR_NUMBER),
                ("Body", "有年费吗"), ("NumMedia", "0"), ("AccountSid", DEMO_ACCOUNT),
            ]  # fmt: skip
            headers = {
                "X-Twilio-Signature": signature.sign(TOKEN, address + PATH, fields),
                "Content-Type": "application/x-www-form-urlencoded",
            }
            answer = await client.post(PATH, content=urlencode(fields).encode(), headers=headers)
            refused += answer.status_code != 200
            return time.perf_counter() - due

        began = time.perf_counter() + 0.5
        running = []
        for index in range(PER_SECOND * SECONDS):
            due = began + index / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            running.append(asyncio.create_task(post(index, due)))
        return list(await asyncio.gather(*running)), refused


def _send(sessions, runtime, base: str) -> None:
    carrier = TwilioCarrier(DEMO_ACCOUNT, DEMO_ACCOUNT, TOKEN, pool=CONNECTIONS, api_base=base)
    sender = Sender(
        sessions, carrier, Clock.fixed(Anchor(machine_now(), TUESDAY)), runtime.house, runtime.sealer, OUR_NUMBER,
        lambda message: f"http://127.0.0.1:9/{message}", str,
    )  # fmt: skip
    sender.send_queued()
    sender.close()


@contextmanager
def _web(runtime, url: str):
    """`outreach web` on the store of the benchmark."""
    ports = free_ports(2)
    address = f"http://127.0.0.1:{ports[0]}"
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        environment = {
            **up.environment(runtime), "DATABASE_URL": url, "OUTREACH_PORT": str(ports[0]), "OUTREACH_CONSOLE_PORT": str(ports[1]),
            "PUBLIC_BASE_URL": address, "TWILIO_AUTH_TOKEN": TOKEN, "OUTREACH_DATA_DIR": folder,
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "outreach", "web"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
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
        finally:
            process.terminate()
            process.wait(timeout=30)
