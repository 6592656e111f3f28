"""A stage: one customer contacted and answered on a scratch store, with a carrier that remembers and sends nothing.

The turn, the effects, the wording and the rules are the product's own; `scripts play`, `scripts test` and the tests
differ only in who reads the customer's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import col

from outreach.campaigns import callbacks, expiry, following, publication, watching
from outreach.campaigns.contact import Contacted, contact
from outreach.campaigns.send import Sender
from outreach.carrier.memory import MemoryCarrier
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import inbound, text_answers, transcript
from outreach.conversations.house import House
from outreach.conversations.inbound import Arrived
from outreach.dialogue.port import Dialogue
from outreach.model import Conversation, Sessions
from outreach.model.sealing import Sealer
from outreach.rules.delivery import MessageState

PHONE = "+8613800138000"
OUR_NUMBER = "+8610690000001"
PATIENCE_SECONDS = 60
"""Nobody waits for a reply on a stage, and what is said there must not depend on how busy the machine is."""
SAMPLE_CUSTOMER: Mapping[str, str] = {
    "name": "王芳", "gender": "f", "card_tail": "6612", "branch": "城南支行", "manager": "张经理",
}  # fmt: skip


def address(call_id: UUID) -> str:
    """Our address for a call."""
    return f"http://stage/{call_id}"


class Stage:
    """Everything real but the wire and, in tests, the model."""

    def __init__(self, sessions: Sessions, now: datetime, house: House, sealer: Sealer, dialogue: Dialogue) -> None:
        self.sessions, self.house, self.sealer, self.dialogue = sessions, house, sealer, dialogue
        self.carrier = MemoryCarrier()
        self.clock = Clock(lambda: self._anchor)
        self._anchor = Anchor(machine_now(), now)
        self.sender = Sender(
            sessions, self.carrier, self.clock, house, sealer, OUR_NUMBER,
            lambda message: f"http://stage/{message}", address,
        )  # fmt: skip
        with sessions.begin() as db:
            publication.publish_shipped(db, now)

    def contact(
        self,
        script: str = "card_activation",
        phone: str = PHONE,
        about: Mapping[str, Any] = SAMPLE_CUSTOMER,
        offer: Mapping[str, str] | None = None,
        channel: str = "sms",
    ) -> Contacted:
        """Contact a customer and send the opening."""
        with self.sessions.begin() as db:
            made = contact(
                db, self.house, self.sealer, self.clock.now(), phone=phone, script=script, channel=channel,
                about=about, offer=offer or {},
            )  # fmt: skip
        self.deliver()
        return made

    def hears(self, words: str, phone: str = PHONE, ref: str | None = None, media: int = 0) -> UUID | None:
        """A text arrives: it is stored, answered where something waits for an answer, and the answer is sent."""
        waiting = self.stores(words, phone, ref, media)
        if waiting is not None:
            self.answers(waiting)
        self.deliver()
        return waiting

    def stores(self, words: str, phone: str = PHONE, ref: str | None = None, media: int = 0) -> UUID | None:
        """A text arrives and is only stored."""
        at = self.clock.now()
        arrived = Arrived(self.carrier.name, ref or f"SM{uuid4().hex}", self.sealer.find(phone), words, media, at)
        with self.sessions.begin() as db:
            return inbound.accept(db, self.house, arrived)

    def answers(self, conversation: UUID) -> int:
        """The bot is asked for everything that waits; how many turns were settled."""
        return text_answers.answer(self.sessions, self.dialogue, self.clock, self.house, conversation)

    def deliver(self) -> None:
        """Send what is queued, and let the handset confirm it."""
        self.sender.send_queued()
        for ref in self.carrier.taken:
            self.carrier.report(ref, MessageState.DELIVERED)

    def starts_at(self, now: datetime) -> None:
        """Set product time."""
        self._anchor = Anchor(machine_now(), now)
        self.clock = Clock(lambda: self._anchor)
        self.sender.use(self.clock)

    def later(self, ahead: timedelta) -> None:
        """Let product time pass; what expired meanwhile is closed, what follows is planned, and a bot that failed may be asked again."""
        self.starts_at(self.clock.now() + ahead)
        with self.sessions.begin() as db:
            db.execute(
                update(Conversation).where(col(Conversation.answer_after).is_not(None)).values(answer_after=None)
            )
        expiry.expire(self.sessions, self.clock)
        callbacks.plan(self.sessions, self.clock)
        following.follow(self.sessions, self.clock)
        watching.watch(self.sessions, self.clock)

    def sent(self) -> list[str]:
        """Every text that left, in order."""
        return [request.body for request in self.carrier.requests]

    def shows(self, conversation: UUID | None) -> dict[str, Any]:
        """The conversation as tools see it."""
        with self.sessions.reading() as db:
            said = transcript.of(db, conversation) if conversation else None
        if said is None:
            raise LookupError(f"no conversation {conversation}")
        return said

    def close(self) -> None:
        """Let threads and connections go."""
        self.sender.close()
        self.sessions.engine.dispose()
