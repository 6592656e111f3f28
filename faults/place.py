"""Where the faults happen: a store of its own, a local carrier, and processes that can be killed at any moment."""

from __future__ import annotations

import logging
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlmodel import func, select

from benchmarks.filled import TOKEN, TUESDAY, LocalCarrier, local_carrier
from outreach.campaigns import unknown_sends
from outreach.campaigns.send import CONNECTIONS, Sender
from outreach.carrier.twilio import TwilioCarrier
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import house
from outreach.conversations.house import House
from outreach.model import Message, Sessions, connect, embedded, migrate
from outreach.model.sealing import Sealer
from outreach.settings import DEMO_ACCOUNT

KEY = bytes(range(32))
BEGAN = machine_now()
"""Product time runs from here, on a Tuesday morning."""


@dataclass
class Place:
    """One store and one carrier."""

    url: str
    folder: Path
    carrier: LocalCarrier
    house: House

    def sessions(self) -> Sessions:
        return connect(self.url)

    def sealer(self) -> Sealer:
        return Sealer(KEY)

    def clock(self) -> Clock:
        return Clock.fixed(Anchor(BEGAN, TUESDAY))

    def twilio(self) -> TwilioCarrier:
        return TwilioCarrier(DEMO_ACCOUNT, DEMO_ACCOUNT, TOKEN, pool=CONNECTIONS, api_base=self.carrier.base)

    def sender(self, sessions: Sessions) -> Sender:
        return Sender(
            sessions, self.twilio(), self.clock(), self.house, self.sealer(), OUR_NUMBER,
            lambda message: f"http://127.0.0.1:9/twilio/sms/status/{message}", str,
        )  # fmt: skip

    def settle(self, sessions: Sessions) -> None:
        unknown_sends.ask_carrier(sessions, self.twilio(), self.clock(), self.house, self.sealer())

    def empty(self) -> None:
        """Forget every customer, here and at the carrier."""
        sessions = self.sessions()
        with sessions.begin() as db:
            db.execute(text("TRUNCATE customer, campaign, suppression, stop CASCADE"))
        sessions.engine.dispose()
        self.carrier.faults()
        self.carrier.forget()


@contextmanager
def place() -> Iterator[Place]:
    """A database server of its own, which may be stopped at any moment, and a carrier that delivers at once."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    folder = Path(tempfile.mkdtemp(prefix="outreach-faults-"))
    try:
        url = embedded.start(folder)
        sessions = connect(url)
        migrate.upgrade(sessions.engine)
        sessions.engine.dispose()
        with local_carrier("--delivery-seconds", "0.2") as carrier:
            yield Place(url, folder, carrier, house.read("local"))
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def forked(work: Callable[[], None]) -> int:
    """A process of its own that does this; it has everything imported, so it begins at once. Its pid."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    finally:
        os._exit(0)


def kill(pid: int) -> None:
    """SIGKILL, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def moments(least: float, most: float) -> Iterator[float]:
    """Random pauses, the same in every run."""
    drawn = random.Random(20261124)
    while True:
        yield drawn.uniform(least, most)


def worker(here: Place) -> Callable[[], None]:
    """What a worker does about sending, without pause."""

    def work() -> None:
        sessions = here.sessions()
        sender = here.sender(sessions)
        while True:
            sender.send_queued()
            here.settle(sessions)
            time.sleep(0.05)

    return work


def states(sessions: Sessions) -> dict[str, int]:
    """How many of the bank's messages stand where."""
    with sessions.reading() as db:
        counted = db.exec(select(Message.state, func.count()).where(Message.state.is_not(None)).group_by(Message.state))
        return {str(state): count for state, count in counted}


def to_the_end(here: Place, sessions: Sessions, seconds: float) -> int:
    """Settle and send, with waits brought forward, until every text has come to its end; how many have not by then."""
    sender, until = here.sender(sessions), time.monotonic() + seconds
    while undecided(sessions) and time.monotonic() < until:
        bring_forward(sessions)
        here.settle(sessions)
        sender.send_queued()
        time.sleep(0.5)
    sender.close()
    return undecided(sessions)


def undecided(sessions: Sessions) -> int:
    """Texts whose end is not known yet."""
    now = states(sessions)
    return sum(now.get(state, 0) for state in ("queued", "claimed", "sending", "unknown", "accepted", "sent"))


def bring_forward(sessions: Sessions) -> None:
    """Let leases, waits and the time without a report be over; only while no worker lives."""
    with sessions.begin() as db:
        db.execute(text("UPDATE message SET lease_until = now() - interval '1 hour' WHERE lease_until IS NOT NULL"))
        db.execute(text("UPDATE message SET not_before = NULL WHERE state = 'queued'"))
        db.execute(
            text("UPDATE message SET sent_at = sent_at - interval '20 minutes' WHERE state IN ('accepted', 'sent')")
        )
