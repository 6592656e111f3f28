"""Twilio: how a text leaves through its API, and how it is found again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from outreach.carrier import connections, failures
from outreach.carrier.callbacks import RETRIES, STATES, read_status, read_text, taken
from outreach.carrier.connections import BrokenOff, Connections, NotConnected, TurnedAway
from outreach.carrier.port import (
    Accepted,
    NoSuchText,
    NotAnswered,
    NotSent,
    OutgoingText,
    Refused,
    Report,
    SendError,
    Throttled,
    Unknown,
)

__all__ = ["STATES", "TwilioCarrier", "read_status", "read_text"]

SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36_000  # seconds, Twilio's bounds
LONGEST_LIST = 1000  # texts in one answer, Twilio's most

_REF = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_NO_SUCH_RECORD = "20404"
# Errors from in front of the carrier's own programs carry no code.
_CODES_OF_STATUS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "20003",
    HTTPStatus.FORBIDDEN: "20003",
    HTTPStatus.NOT_FOUND: "20404",
}
_GARBLED = (TwilioException, ValueError, TypeError, AttributeError, KeyError)


class TwilioCarrier:
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
            return Accepted(_ref(message), taken(message.status))
        except NotConnected as error:
            failure = NotSent(f"not connected: {error}")
        except BrokenOff as error:
            failure = Unknown(f"broken off: {error}")
        except TurnedAway as error:
            failure = _turned_away(error)
        except _GARBLED as error:
            # Taken or not: the answer was positive, and could not be read.
            failure = Unknown(f"answer not understood: {type(error).__name__}")
        raise failure

    def fetch_text(self, ref: str) -> Report:
        """Ask for one text by its SID."""
        if not _REF.fullmatch(ref):  # it becomes part of an address
            raise NoSuchText("not a reference of this carrier")
        failure: NotAnswered | NoSuchText
        try:
            return _report(self._client.messages(ref).fetch())
        except TurnedAway as error:
            failure = NoSuchText(f"error {error.code}") if error.code == _NO_SUCH_RECORD else _unanswered(error)
        except (NotConnected, BrokenOff, *_GARBLED) as error:
            failure = _unanswered(error)
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
        except (TurnedAway, NotConnected, BrokenOff, *_GARBLED) as error:
            failure = _unanswered(error)
        raise failure

    def close(self) -> None:
        """Give the connections back."""
        self._connections.close()


def _sender(sender: str) -> dict[str, str]:
    """Name the sender as Twilio wants it: a messaging service has a parameter of its own."""
    return {"messaging_service_sid": sender} if _MESSAGING_SERVICE.fullmatch(sender) else {"from_": sender}


def _ref(message: Any) -> str:
    if not isinstance(message.sid, str) or not _REF.fullmatch(message.sid):
        raise ValueError("sid")
    return message.sid


def _turned_away(error: TurnedAway) -> SendError:
    """Read an error answer: 429 was not processed, any other 4xx is final, all else leaves the question open."""
    if not HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(f"HTTP {error.status}")
    if error.status == HTTPStatus.TOO_MANY_REQUESTS or error.code in failures.NOT_PROCESSED:
        return Throttled(f"throttled: {error.code or error.status}", error.code)
    code = error.code or _CODES_OF_STATUS.get(error.status)
    failure = failures.meaning(code)
    return Refused(failure.reason, failure.kind, failure.outcome, code)


def _unanswered(error: Exception) -> NotAnswered:
    # The SDK's own words may quote the number; ours cannot.
    ours = isinstance(error, NotConnected | BrokenOff | TurnedAway)
    return NotAnswered(f"{type(error).__name__}: {error}" if ours else type(error).__name__)


def _report(message: Any) -> Report:
    return Report(
        ref=_ref(message),
        state=taken(message.status),
        error_code=None if message.error_code is None else str(message.error_code),
        sent_at=message.date_sent,
        to=str(message.to or ""),
        body=str(message.body or ""),
    )
