"""Build what the processes stand on, once, from the settings. Only edges see it; verbs take the ports they use.

A part is made, and what it is made of imported, when it is first used: a command that only reads waits for no carrier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel import select

from outreach.clock import REAL, Anchor, Clock
from outreach.model import ClockAnchor, Sessions, connect, embedded
from outreach.model.database import plain_url
from outreach.places import CONFIG
from outreach.settings import BadSettings, Settings

if TYPE_CHECKING:
    from outreach.campaigns.send import Sender
    from outreach.carrier.call_port import CallCarrier
    from outreach.conversations.at_once import AtOnce
    from outreach.conversations.call import Calls
    from outreach.conversations.house import House
    from outreach.dialogue.port import Dialogue
    from outreach.model.sealing import Sealer
    from outreach.queue import Queue
    from outreach.review.checklist import Checklist

STATUS_PATH = "/twilio/sms/status"
CALL_PATH = "/twilio/voice"


class made_once[Part](cached_property[Part]):  # noqa: N801 - reads as the decorator it is
    """A part that is made when first used, and once even when many threads ask at that moment: pools would add up."""

    _making = RLock()

    def __get__(self, runtime: Any, owner: Any = None) -> Any:
        """The part."""
        with self._making:
            return super().__get__(runtime, owner)


@dataclass(frozen=True)
class Runtime:
    """Settings and what follows from them; parts are made when first used."""

    settings: Settings

    @made_once
    def database_url(self) -> str:
        """The store's address; starts the embedded server where none is set."""
        return self.settings.database_url or embedded.start(self.settings.data_dir)

    @made_once
    def sessions(self) -> Sessions:
        """The store."""
        return connect(self.database_url)

    @made_once
    def queue(self) -> Queue:
        """What wakes workers."""
        from outreach.queue import Queue

        return Queue(plain_url(self.database_url))

    @made_once
    def clock(self) -> Clock:
        """Product time."""
        return Clock(self._anchor)

    @made_once
    def sealer(self) -> Sealer:
        """Seals and finds phone numbers; raises WrongKey when the store was written with another key."""
        from outreach.model import keyring

        with self.sessions.reading() as db:
            return keyring.read(db, self.settings.data_key_bytes(), self.settings.previous_key_bytes())

    @made_once
    def house(self) -> House:
        """Who the bank is and what it has decided."""
        from outreach.conversations import house

        read = house.read(self.settings.provider)
        calling = replace(
            read.bank.calling,
            calls_per_second=self.settings.calls_per_second or read.bank.calling.calls_per_second,
            calls_at_once=self.settings.calls_at_once or read.bank.calling.calls_at_once,
        )
        texts_per_second = self.settings.texts_per_second or read.bank.texts_per_second
        return replace(read, bank=replace(read.bank, calling=calling, texts_per_second=texts_per_second))

    @made_once
    def checklist(self) -> Checklist:
        """What reviewers mark."""
        from outreach.review import checklist

        return checklist.read(CONFIG / "checklist.yml")

    @made_once
    def dialogue(self) -> Dialogue:
        """The bot."""
        from outreach.dialogue.rasa import RasaDialogue

        return RasaDialogue(self.settings.bot_url, self.settings.secret or "")

    @made_once
    def carrier(self) -> CallCarrier:
        """The carrier."""
        from outreach.campaigns.send import CONNECTIONS
        from outreach.carrier.twilio import TwilioCarrier

        settings = self.settings
        if not settings.twilio_auth_token:
            raise BadSettings("TWILIO_AUTH_TOKEN is not set; without it nothing can be sent or believed")
        account = settings.twilio_account_sid
        return TwilioCarrier(account, account, settings.twilio_auth_token, pool=CONNECTIONS, api_base=settings.api_base)

    @made_once
    def sender(self) -> Sender:
        """The one path to the carrier."""
        from outreach.campaigns.send import Sender

        return Sender(
            self.sessions, self.carrier, self.clock, self.house, self.sealer, self.settings.sender,
            self.status_url, self.call_address,
        )  # fmt: skip

    @made_once
    def calls(self) -> Calls:
        """The turns of calls."""
        from outreach.conversations.call import Calls

        return Calls(self.sessions, self.dialogue, self.clock, self.house, self.carrier.name, self.call_address)

    @made_once
    def at_once(self) -> AtOnce:
        """Answers texts where they are heard."""
        from outreach.conversations.at_once import AtOnce

        return AtOnce(self.sessions, self.dialogue, self.clock, self.house, self.queue)

    @made_once
    def tokens(self) -> tuple[str, ...]:
        """The carrier's tokens that may have signed a webhook: the current one, and the one before during rotation."""
        pair = (self.settings.twilio_auth_token, self.settings.twilio_auth_token_previous)
        return tuple(token for token in pair if token)

    def prepare(self) -> None:
        """Make what webhooks use, before there are any: the first of them must not wait for it."""
        _ = self.sealer, self.house, self.tokens, self.queue, self.at_once, self.calls, self.clock.now()

    def call_address(self, call_id: UUID) -> str:
        """Where the carrier asks what to say on a call, and tells of it."""
        return f"{self.settings.public_url}{CALL_PATH}/{call_id}"

    def status_url(self, message_id: UUID) -> str:
        """Where the carrier reports on a text: our own id, never a number."""
        return f"{self.settings.public_url}{STATUS_PATH}/{message_id}"

    def _anchor(self) -> Anchor:
        if not self.settings.carrier_is_local:
            return REAL
        # Who asks what time it is may hold the last connection that is shared, as may all who wait for it.
        with self.sessions.apart() as db:
            row = db.exec(select(ClockAnchor)).first()
        return Anchor(row.machine_at, row.product_at, row.rate) if row else REAL


def build(settings: Settings) -> Runtime:
    """Everything a process needs."""
    return Runtime(settings.with_secrets())
