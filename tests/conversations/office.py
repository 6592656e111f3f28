"""One bank's office in memory: a store, a bot that reads words from a list, a carrier that remembers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from outreach.campaigns import publication
from outreach.campaigns.contact import Contacted, contact
from outreach.campaigns.send import Sender
from outreach.carrier.memory import MemoryCarrier
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import inbound, transcript, turn
from outreach.conversations.house import House
from outreach.conversations.inbound import Arrived
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Sessions
from outreach.model.sealing import Sealer

WANG = {"name": "王芳", "gender": "f", "card_tail": "6612", "branch": "城南支行", "manager": "张经理"}
PHONE = "+8613800138000"


class Office:
    """Contacts one customer and takes their texts, with everything real but the model and the wire."""

    def __init__(self, sessions: Sessions, clock: Clock, house: House, sealer: Sealer, read: Mapping[str, str]) -> None:
        self.sessions, self.clock, self.house, self.sealer = sessions, clock, house, sealer
        self.bot = Rehearsal(lambda words: read.get(words, "nlu_fallback"))
        self.carrier = MemoryCarrier()
        self.sender = Sender(sessions, self.carrier, clock, house, sealer, "+8610690000001", lambda one: f"http://us/{one}")
        with sessions.begin() as db:
            publication.publish_shipped(db, clock.now())

    def contact(self, script: str = "card_activation", phone: str = PHONE, about: Any = None, offer: Any = None) -> Contacted:
        """Contact the customer and send the opening."""
        with self.sessions.begin() as db:
            made = contact(
                db, self.house, self.sealer, self.clock.now(), phone=phone, script=script, channel="sms",
                about=WANG if about is None else about, offer=offer or {},
            )  # fmt: skip
        self.sender.send_queued()
        return made

    def hears(self, words: str, phone: str = PHONE, ref: str | None = None, media: int = 0) -> UUID | None:
        """A text arrives; it is stored, and answered when something waits for an answer."""
        waiting = self.stores(words, phone, ref, media)
        if waiting is not None:
            self.answers(waiting)
        self.sender.send_queued()
        return waiting

    def stores(self, words: str, phone: str = PHONE, ref: str | None = None, media: int = 0) -> UUID | None:
        """A text arrives and is only stored."""
        arrived = Arrived(
            self.carrier.name, ref or f"SM{uuid4().hex}", self.sealer.find(phone), words, media, self.clock.now()
        )
        with self.sessions.begin() as db:
            return inbound.accept(db, self.house, arrived)

    def answers(self, conversation: UUID) -> int:
        """The bot is asked for everything that waits."""
        return turn.answer(self.sessions, self.bot, self.clock, self.house, conversation)

    def shows(self, conversation: UUID | None) -> dict[str, Any]:
        """The conversation as tools see it."""
        assert conversation is not None
        with self.sessions.reading() as db:
            said = transcript.of(db, conversation)
        assert said is not None
        return said

    def sent(self) -> list[str]:
        """Every text that left, in order."""
        return [request.body for request in self.carrier.requests]

    def later(self, **ahead: float) -> None:
        """Let product time pass."""
        now = self.clock.now() + timedelta(**ahead)
        self.clock = Clock.fixed(Anchor(machine_now(), now))
        self.sender._clock = self.clock
