"""Twilio: how a text leaves through its API, and how it is found again."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import Any

from twilio.rest import Client

from outreach.carrier import connections
from outreach.carrier.callbacks import RETRIES, STATES, read_status, read_text, taken
from outreach.carrier.connections import BrokenOff, Connections, NotConnected, TurnedAway
from outreach.carrier.port import (
    Accepted,
    HeardText,
    ListedText,
    NoSuchText,
    NotAnswered,
    NotSent,
    OutgoingText,
    Report,
    SendError,
    Unknown,
)
from outreach.carrier.reading import GARBLED, LONGEST_LIST, NO_SUCH_RECORD, REF, ref_of, turned_away, unanswered
from outreach.carrier.twilio_calls import TwilioCalls

__all__ = ["STATES", "TwilioCarrier", "read_status", "read_text"]

SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36_000  # seconds, Twilio's bounds
_MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


class TwilioCarrier(TwilioCalls):
    """Twilio's REST API; `account` is the account's SID, `key` and `secret` an API key or the SID and its token."""

    name = "twilio"

    def __init__(
        self,
        account: str,
        key: str,
        secret: str,
        *,
        pool: int,
        api_base: str | None = None,
        connect_seconds: float = connections.CONNECT_SECONDS,
        read_seconds: float = connections.READ_SECONDS,
        total_seconds: float = connections.TOTAL_SECONDS,
    ) -> None:
        self._connections = Connections(
            base=api_base,
            pool=pool,
            connect_seconds=connect_seconds,
            read_seconds=read_seconds,
            total_seconds=total_seconds,
        )
        self._account, self._auth = account, (key, secret)
        self._client = Client(key, secret, account_sid=account, http_client=self._connections)

    def send_text(self, text: OutgoingText) -> Accepted:
        """Post a text once; nothing here or below repeats the request."""
        failure: SendError
        try:
            message = self._client.messages.create(
                to=text.to,
                body=text.body,
                status_callback=text.status_url + RETRIES,
                validity_period=max(SHORTEST_VALIDITY, min(LONGEST_VALIDITY, text.valid_for_seconds)),
                **_sender(text.sender),
            )
            return Accepted(ref_of(message), taken(message.status))
        except NotConnected as error:
            failure = NotSent(f"not connected: {error}")
        except BrokenOff as error:
            failure = Unknown(f"broken off: {error}")
        except TurnedAway as error:
            failure = turned_away(error)
        except GARBLED as error:
            # Taken or not: the answer was positive, and could not be read.
            failure = Unknown(f"answer not understood: {type(error).__name__}")
        raise failure

    def fetch_text(self, ref: str) -> Report:
        """Ask for one text by its SID."""
        if not REF.fullmatch(ref):  # it becomes part of an address
            raise NoSuchText("not a reference of this carrier")
        failure: NotAnswered | NoSuchText
        try:
            return _report(self._client.messages(ref).fetch())
        except TurnedAway as error:
            failure = NoSuchText(f"error {error.code}") if error.code == NO_SUCH_RECORD else unanswered(error)
        except (NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def find_texts(self, to: str, since: datetime) -> list[Report]:
        """List what was sent to a number, judged by when it was taken.

        Not asked with DateSent: a text still in Twilio's queue has no such date, and would seem never to have come.
        """
        since = since.replace(microsecond=0)  # Twilio's dates are whole seconds
        failure: NotAnswered
        try:
            messages = self._client.messages.list(to=to, limit=LONGEST_LIST)
            recent = [message for message in messages if message.date_created >= since]
            if len(recent) < LONGEST_LIST:
                return [_report(message) for message in recent if message.direction != "inbound"]
            failure = NotAnswered("more texts to this number than one answer holds")
        except (TurnedAway, NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def list_sent(self, sender: str, since: datetime) -> list[Report]:
        """List what left by our number, judged by when it was taken: what waits at Twilio has no DateSent yet."""
        since = since.replace(microsecond=0)
        failure: NotAnswered
        # A messaging service sends from several numbers; then all that left is looked at.
        named = {} if _MESSAGING_SERVICE.fullmatch(sender) else {"from_": sender}
        try:
            newest = self._client.messages.stream(page_size=LONGEST_LIST, **named)
            recent = itertools.takewhile(lambda message: message.date_created >= since, newest)
            return [_report(message) for message in recent if message.direction == "outbound-api"]
        except (TurnedAway, NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def list_heard(self, to: str, since: datetime, until: datetime) -> list[ListedText]:
        """List what customers sent, page by page, by the moment Twilio took it."""
        failure: NotAnswered
        # A messaging service is no number that customers text; then all our numbers are looked at.
        named = {} if _MESSAGING_SERVICE.fullmatch(to) else {"to": to}
        try:
            messages = self._client.messages.list(
                date_sent_after=since, date_sent_before=until, page_size=LONGEST_LIST, **named
            )
            return [
                ListedText(_heard(message), message.date_sent or message.date_created)
                for message in messages
                if message.direction == "inbound"
            ]
        except (TurnedAway, NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def close(self) -> None:
        """Give the connections back."""
        self._connections.close()


def _sender(sender: str) -> dict[str, str]:
    """Name the sender as Twilio wants it: a messaging service has a parameter of its own."""
    return {"messaging_service_sid": sender} if _MESSAGING_SERVICE.fullmatch(sender) else {"from_": sender}


def _heard(message: Any) -> HeardText:
    return HeardText(
        ref=ref_of(message),
        sender=str(message.from_ or ""),
        to=str(message.to or ""),
        body=str(message.body or ""),
        media=int(message.num_media or 0),
        idempotency=None,
    )


def _report(message: Any) -> Report:
    return Report(
        ref=ref_of(message),
        state=taken(message.status),
        error_code=None if message.error_code is None else str(message.error_code),
        sent_at=message.date_sent,
        to=str(message.to or ""),
        body=str(message.body or ""),
    )
