"""The product with all its processes, and a customer's part in it: contacted ahead, then writing one text after another."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import psycopg
from sqlmodel import Session, col, func, select

from benchmarks.sentences import QUESTIONS
from outreach import runtime, settings
from outreach.campaigns.contact import contact
from outreach.carrier import signature
from outreach.cli.stage import SAMPLE_CUSTOMER
from outreach.model import Message, Side
from outreach.model.database import plain_url
from outreach.rules.delivery import MessageState
from outreach.runtime import Runtime
from tests.running import Running, started

LONGEST_TURN_SECONDS = 60
OPENINGS_SECONDS = 240
ANNOUNCE = """
CREATE FUNCTION announce_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('reply', NEW.conversation_id::text); RETURN NULL; END $$;
CREATE TRIGGER announce_reply AFTER INSERT ON message
FOR EACH ROW WHEN (NEW.side = 'bank' AND NOT NEW.starts_contact) EXECUTE FUNCTION announce_reply();
"""
"""So that one hears of a reply when it is committed, and asks the store for nothing meanwhile."""
HOLD = """
CREATE FUNCTION hold_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.not_before := '9000-01-01'; RETURN NEW; END $$;
CREATE TRIGGER hold_reply BEFORE INSERT ON message
FOR EACH ROW WHEN (NEW.side = 'bank' AND NOT NEW.starts_contact) EXECUTE FUNCTION hold_reply();
"""
LET_GO = "DROP TRIGGER hold_reply ON message; DROP FUNCTION hold_reply()"


@dataclass(frozen=True)
class Product:
    """What runs, and the same settings for verbs that are called in this process."""

    running: Running
    runtime: Runtime

    @contextmanager
    def replies_held(self) -> Iterator[None]:
        """Replies are committed and wait; nobody sends them, nobody reports on them."""
        with psycopg.connect(plain_url(self.runtime.database_url), autocommit=True) as store:
            store.execute(HOLD)
            yield
            store.execute(LET_GO)


@contextmanager
def product() -> Iterator[Product]:
    """`outreach up` on a scratch store, until the end."""
    with started() as running:
        before = dict(os.environ)
        os.environ.update(running.environment)
        try:
            read = settings.read().model_copy(update={"database_url": running.database_url()})
        finally:
            os.environ.clear()
            os.environ.update(before)
        built = runtime.build(read)
        with psycopg.connect(plain_url(built.database_url), autocommit=True) as store:
            store.execute(ANNOUNCE)
        yield Product(running, built)
        built.sessions.engine.dispose()


class Texts:
    """Customers who write: `turn` is one text, from its signed webhook until its reply is committed."""

    def __init__(self, product: Product, customers: int) -> None:
        self._product, self._runtime = product, product.runtime
        self._url = product.running.web + "/twilio/sms/inbound"
        self._client = httpx.Client(timeout=LONGEST_TURN_SECONDS, trust_env=False)
        self._committed: defaultdict[str, threading.Event] = defaultdict(threading.Event)
        self._waiting = [(self._contacted(number), 0) for number in range(customers)]
        self._talking: dict[int, tuple[tuple[str, str], int]] = {}
        self._lock = threading.Lock()
        self.webhooks: list[float] = []
        self._await_openings()
        threading.Thread(target=self._listen, daemon=True).start()

    def turn(self, client: int) -> None:
        """Write one text as a client's customer, and wait for the reply; a new customer after some questions."""
        (phone, conversation), asked = self._talking.pop(client, None) or self._next()
        committed = self._committed[conversation]
        committed.clear()
        form = {
            "MessageSid": f"SM{uuid4().hex}", "AccountSid": self._runtime.settings.twilio_account_sid, "From": phone,
            "To": self._runtime.settings.sender, "Body": QUESTIONS[asked], "NumMedia": "0",
        }  # fmt: skip
        sealed = signature.sign(self._runtime.settings.twilio_auth_token or "", self._url, list(form.items()))
        begun = time.perf_counter()
        self._client.post(self._url, data=form, headers={"X-Twilio-Signature": sealed}).raise_for_status()
        self.webhooks.append(time.perf_counter() - begun)
        if not committed.wait(LONGEST_TURN_SECONDS):
            raise RuntimeError(f"{QUESTIONS[asked]!r} got no reply")
        if asked + 1 < len(QUESTIONS):
            self._talking[client] = ((phone, conversation), asked + 1)

    def _next(self) -> tuple[tuple[str, str], int]:
        with self._lock:
            if not self._waiting:
                raise RuntimeError("no customer is left to write")
            return self._waiting.pop()

    def _contacted(self, number: int) -> tuple[str, str]:
        """The number of a new customer who answers by hand alone, and the conversation."""
        phone = f"+86138{77_000_000 + number}"
        self._product.running.silence(phone)
        with self._runtime.sessions.begin() as db:
            return phone, str(reached(db, self._runtime, phone, "sms"))

    def _await_openings(self) -> None:
        """Until every opening has arrived, so that nothing but turns is going on."""
        self._runtime.queue.defer("send")
        deadline = time.monotonic() + OPENINGS_SECONDS
        settled = (MessageState.DELIVERED, MessageState.FAILED)
        under_way = select(func.count()).where(Message.side == Side.BANK, col(Message.state).not_in(settled))
        arrived = select(Message.conversation_id).where(
            col(Message.starts_contact), Message.state == MessageState.DELIVERED
        )
        while time.monotonic() < deadline:
            with self._runtime.sessions.reading() as db:
                if not db.exec(under_way).one():
                    delivered = {str(conversation) for conversation in db.exec(arrived)}
                    # Some handsets are switched off for good, as in life.
                    self._waiting = [waits for waits in self._waiting if waits[0][1] in delivered]
                    return
            time.sleep(0.5)
        raise RuntimeError("the openings were not delivered in time")

    def _listen(self) -> None:
        with psycopg.connect(plain_url(self._runtime.database_url), autocommit=True) as store:
            store.execute("LISTEN reply")
            for told in store.notifies():
                self._committed[told.payload].set()


def reached(db: Session, built: Runtime, phone: str, channel: str) -> UUID:
    """A conversation with a new customer, its opening queued."""
    made = contact(
        db, built.house, built.sealer, built.clock.now(), phone=phone, script="card_activation", channel=channel,
        about=SAMPLE_CUSTOMER, offer={},
    )  # fmt: skip
    if made.conversation is None:
        raise RuntimeError(f"not permitted: {made.reason}")
    return made.conversation
