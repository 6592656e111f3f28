"""Turns per second and the time of a turn: ours against stock Rasa doing the same job durably, in one run.

port    one turn asked of the bot and its action server
text    a whole text turn of ours: signed webhook to the committed reply, against stock's durable turn
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from uuid import uuid4

import httpx
from sqlmodel import col, func, select

from benchmarks.stock import project
from outreach.carrier import signature
from outreach.cli import scratch, store
from outreach.cli.processes import BOT_PYTHON
from outreach.cli.stage import PHONE
from outreach.dialogue.port import Asked
from outreach.dialogue.rasa import RasaDialogue
from outreach.model import Message, Side, connect
from outreach.places import ROOT
from outreach.scripts import catalog
from outreach.scripts.state import State
from tests.running import Running, free_ports, started

TURNS = 300
CLIENTS = 8
SENTENCES = (
    "可以",
    "有什么优惠",
    "你们家额度太低不想用",
    "要带什么",
    "网点在哪里",
    "我考虑一下",
    "明天下午吧",
    "你是机器人吗",
)
START_SECONDS = 240
TEXT_CUSTOMERS = 12
TEXT_QUESTIONS = ("有年费吗", "要带什么", "额度是多少", "网点在哪里", "怎么激活")
"""Questions keep a conversation where it is, and so few stay below its most turns and answers an hour."""
LONGEST_TURN_SECONDS = 10


@dataclass(frozen=True)
class Figures:
    """What one way of asking came to."""

    per_second: float
    p50: float
    p95: float


def main() -> None:
    """Print ours, stock's and the ratios."""
    runtime = store.build()
    with ExitStack() as stack:
        url = stack.enter_context(scratch.database(runtime.database_url))
        stock = stack.enter_context(_stock(url))
        running = stack.enter_context(started())
        ours = _ours(running)
        for clients in (1, CLIENTS):
            _compare(f"port ×{clients}", measure(ours, clients), measure(stock, clients))
        _compare("text turn", _text_turns(running), measure(stock, 1))


def measure(turn: Callable[[int], None], clients: int) -> Figures:
    """Ask TURNS turns with so many clients at once."""
    for index in range(10):
        turn(-index - 1)
    times: list[float] = []

    def timed(index: int) -> None:
        begun = time.perf_counter()
        turn(index)
        times.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(timed, range(TURNS)))
    return _figures(times, time.perf_counter() - begun)


def _figures(times: list[float], seconds: float) -> Figures:
    return Figures(len(times) / seconds, statistics.median(times) * 1000, statistics.quantiles(times, n=20)[18] * 1000)


def _compare(what: str, ours: Figures, stock: Figures) -> None:
    print(
        f"{what:<11} ours {ours.per_second:6.1f}/s p50 {ours.p50:6.1f} ms p95 {ours.p95:6.1f} ms   "
        f"stock {stock.per_second:6.1f}/s p50 {stock.p50:6.1f} ms p95 {stock.p95:6.1f} ms   "
        f"throughput ×{ours.per_second / stock.per_second:.1f}, p50 ×{ours.p50 / stock.p50:.2f}",
        flush=True,
    )


def _ours(running: Running) -> Callable[[int], None]:
    """One turn asked of our bot and action server."""
    secret = (running.folder / "secret").read_text().strip()
    dialogue = RasaDialogue(running.environment["OUTREACH_BOT_URL"], secret)
    script = catalog.load("card_activation")
    state = State("explain", "explain")
    excerpt = script.flow.excerpt("explain").to_json()
    words = cycle(SENTENCES)

    def turn(_index: int) -> None:
        now = datetime.fromisoformat("2026-11-24T09:30:00+08:00")
        dialogue.propose(Asked(uuid4(), 1, "sms", now, "Asia/Shanghai", state.to_json(), {}, excerpt, text=next(words)))

    return turn


@contextmanager
def _stock(database_url: str) -> Iterator[Callable[[int], None]]:
    """One turn of stock Rasa over its REST channel: its tracker store makes it durable."""
    port, actions_port = free_ports(2)
    folder = project.prepare(database_url, actions_port)
    commands = (
        ([sys.executable, "-m", "rasa_sdk", "--actions", "benchmarks.stock.actions", "--port", str(actions_port)], ROOT),
        (
            [BOT_PYTHON, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--model", "models/stock.tar.gz",
             "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
            folder,
        ),
    )  # fmt: skip
    environment = {**project.ENVIRONMENT, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command, cwd in commands
    ]
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)
    words = cycle(SENTENCES)

    def turn(index: int) -> None:
        # A conversation of eight turns, then a new customer, as ours are.
        said = {"sender": f"customer{index // len(SENTENCES)}", "message": next(words)}
        answer = client.post("/webhooks/rest/webhook", json=said)
        answer.raise_for_status()
        if not answer.json():
            raise RuntimeError("stock Rasa gave no answer")

    try:
        _await(client, processes)
        yield turn
    finally:
        client.close()
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


def _await(client: httpx.Client, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("stock Rasa did not start")
        try:
            if client.post("/webhooks/rest/webhook", json={"sender": "x", "message": "你好"}).json():
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(1)
    raise RuntimeError("stock Rasa was not ready in time")


def _text_turns(running: Running) -> Figures:
    """Whole text turns: signed webhook until the reply's row is committed, one after another."""
    sessions = connect(running.database_url())
    token = (running.folder / "carrier_token").read_text().strip()
    client = httpx.Client(timeout=30, trust_env=False)
    url = running.web + "/twilio/sms/inbound"
    times: list[float] = []
    for customer in range(TEXT_CUSTOMERS):
        phone = _contacted(running, customer)
        for question in TEXT_QUESTIONS:
            form = {
                "MessageSid": f"SM{uuid4().hex}", "AccountSid": "AC" + "0" * 31 + "1", "From": phone,
                "To": "+8610690000001", "Body": question, "NumMedia": "0",
            }  # fmt: skip
            before = _replies(sessions)
            begun = time.perf_counter()
            sealed = signature.sign(token, url, list(form.items()))
            client.post(url, data=form, headers={"X-Twilio-Signature": sealed}).raise_for_status()
            while _replies(sessions) == before:
                if time.perf_counter() - begun > LONGEST_TURN_SECONDS:
                    raise RuntimeError(f"{question!r} got no reply")
                time.sleep(0.002)
            times.append(time.perf_counter() - begun)
    return _figures(times, sum(times))


def _contacted(running: Running, customer: int) -> str:
    """The number of a new customer whose conversation is open: one conversation has only so many turns."""
    phone = f"{PHONE[:-4]}{7700 + customer}"
    running.silence(phone)
    about = '{"name":"王芳","gender":"f","card_tail":"6612","branch":"城南支行"}'
    running.read("contact", "--phone", phone, "--script", "card_activation", "--channel", "sms", "--customer", about)
    return phone


def _replies(sessions: object) -> int:
    with sessions.reading() as db:
        replies = select(func.count()).where(Message.side == Side.BANK, col(Message.starts_contact).is_(False))
        return db.exec(replies).one()
