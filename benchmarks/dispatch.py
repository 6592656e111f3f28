"""Texts per second through the whole path (claim, permission, request, record) against a bare loop of Twilio's SDK.

Both use the same number of connections to the same local carrier, which answers after 20 ms; they take turns, and the
ratio is of the medians.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import update
from sqlmodel import func, select
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from benchmarks.filled import BODY, FIRST, TOKEN, TUESDAY, LocalCarrier, fill, local_carrier
from outreach.campaigns.send import CONNECTIONS, Sender
from outreach.carrier.twilio import TwilioCarrier
from outreach.cli import scratch, store
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations.house import House
from outreach.model import Message, Sessions, connect
from outreach.model.sealing import Sealer
from outreach.rules.delivery import MessageState
from outreach.settings import DEMO_ACCOUNT

TEXTS = 1_000
ROUNDS = 3
ANSWERS_AFTER = 0.02
LEAST = 0.8
STATUS = "http://127.0.0.1:9/twilio/sms/status"


def main() -> None:
    """Print one line."""
    runtime = store.build()
    # Reports on delivery come long after the measured span, for both alike.
    with scratch.database(runtime.database_url) as url, local_carrier("--delivery-seconds", "600") as carrier:
        sessions = connect(url)
        fill(sessions, runtime.sealer, TEXTS * ROUNDS)
        hold_all(sessions)
        carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": ANSWERS_AFTER})
        bare_loop(carrier, CONNECTIONS * 4)
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(bare_loop(carrier, TEXTS))
            ours.append(dispatched(sessions, runtime.house, runtime.sealer, carrier))
        sessions.engine.dispose()
    ratio = statistics.median(ours) / statistics.median(bare)
    print(
        f"dispatch    {statistics.median(ours):,.0f} texts/s through the whole path, {statistics.median(bare):,.0f} in a bare loop "
        f"of the SDK, {CONNECTIONS} connections each: {ratio:.2f} (at least {LEAST})"
    )


def hold_all(sessions: Sessions) -> None:
    """Put everything off; each round lets its share go."""
    with sessions.begin() as db:
        db.execute(update(Message).values(not_before=TUESDAY.replace(year=2027)))


def let_go(sessions: Sessions, count: int) -> None:
    with sessions.begin() as db:
        some = select(Message.id).where(Message.state == MessageState.QUEUED).limit(count)
        db.execute(update(Message).where(Message.id.in_(some)).values(not_before=None))


def bare_loop(carrier: LocalCarrier, count: int) -> float:
    """Texts per second of threads that only call the SDK."""
    client = Client(DEMO_ACCOUNT, TOKEN, http_client=_Here(carrier.base))

    def send(index: int) -> None:
        client.messages.create(to=f"+86{FIRST + index}", from_=OUR_NUMBER, body=BODY, status_callback=STATUS)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        started = time.perf_counter()
        list(pool.map(send, range(count)))
        return count / (time.perf_counter() - started)


class _Here(TwilioHttpClient):  # type: ignore[misc]
    """The SDK's own HTTP client, sent to this machine."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self._base = base

    def request(self, method, url, *args, **kwargs):  # type: ignore[no-untyped-def]
        return super().request(method, url.replace("https://api.twilio.com", self._base), *args, **kwargs)


def dispatched(sessions: Sessions, house: House, sealer: Sealer, carrier: LocalCarrier) -> float:
    """Texts per second of the product's own sender."""
    let_go(sessions, TEXTS)
    before = _accepted(sessions)
    made = TwilioCarrier(DEMO_ACCOUNT, DEMO_ACCOUNT, TOKEN, pool=CONNECTIONS, api_base=carrier.base)
    sender = Sender(
        sessions, made, Clock.fixed(Anchor(machine_now(), TUESDAY)), house, sealer, OUR_NUMBER,
        lambda message: f"{STATUS}/{message}", str,
    )  # fmt: skip
    started = time.perf_counter()
    sender.send_queued()
    seconds = time.perf_counter() - started
    sender.close()
    made.close()
    assert _accepted(sessions) - before == TEXTS
    return TEXTS / seconds


def _accepted(sessions: Sessions) -> int:
    with sessions.reading() as db:
        return db.exec(select(func.count()).select_from(Message).where(Message.state == MessageState.ACCEPTED)).one()
