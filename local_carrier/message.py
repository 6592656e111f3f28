"""A message as Twilio keeps it, and the JSON in which Twilio shows it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from .clock import machine_now

API_VERSION = "2010-04-01"


class Status(StrEnum):
    """Where a message stands, in Twilio's words."""

    ACCEPTED = "accepted"  #: taken, no sender chosen yet
    QUEUED = "queued"  #: waiting to leave
    SENDING = "sending"  #: leaving
    SENT = "sent"  #: the next carrier has it
    DELIVERED = "delivered"  #: the handset confirmed it
    UNDELIVERED = "undelivered"  #: the handset or its carrier refused it
    FAILED = "failed"  #: it never left
    CANCELED = "canceled"  #: called back before it left
    RECEIVED = "received"  #: came from a handset


WAITING = frozenset({Status.ACCEPTED, Status.QUEUED})
FINAL = frozenset({Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.CANCELED, Status.RECEIVED})

ERROR_TEXTS = {
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
}


class Direction(StrEnum):
    """Who began: the bank's program, the carrier itself, or the handset."""

    OUTBOUND = "outbound-api"
    REPLY = "outbound-reply"
    INBOUND = "inbound"


@dataclass(slots=True, eq=False)
class Message:
    """One text between the bank and a handset."""

    account_sid: str
    from_: str
    to: str
    body: str
    direction: Direction
    status: Status
    num_segments: int
    media: tuple[str, ...] = ()
    status_callback: str = ""
    validity_seconds: int = 36000
    error_code: int | None = None
    sid: str = ""
    created: datetime = field(default_factory=machine_now)
    updated: datetime = field(default_factory=machine_now)
    sent: datetime | None = None
    product_at: datetime | None = None  # when it was on the phone's own clock; the REST API never shows it

    def __post_init__(self) -> None:
        self.sid = self.sid or ("MM" if self.media else "SM") + secrets.token_hex(16)

    @property
    def handset(self) -> str:
        """The end that is a customer's."""
        return self.from_ if self.direction is Direction.INBOUND else self.to

    def move(self, status: Status, error_code: int | None = None) -> None:
        """Take the next status and remember when."""
        self.status, self.error_code, self.updated = status, error_code, machine_now()
        if status is Status.SENT:
            self.sent = self.updated


def as_json(message: Message) -> dict[str, Any]:
    """Show a message the way the REST API does; numbers of things are strings there."""
    uri = f"/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    return {
        "account_sid": message.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.sent),
        "date_updated": rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": ERROR_TEXTS.get(message.error_code) if message.error_code else None,
        "from": message.from_,
        "messaging_service_sid": None,
        "num_media": str(len(message.media)),
        "num_segments": str(message.num_segments),
        "price": None,  # nothing is billed here, and Twilio too shows null until it has billed
        "price_unit": None,
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def rfc2822(moment: datetime | None) -> str | None:
    """Write a moment as Twilio does: Thu, 24 Aug 2023 05:01:45 +0000."""
    return format_datetime(moment.replace(microsecond=0)) if moment else None
