"""What Twilio's callbacks say: a text was heard, a text moved on."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from outreach.carrier import failures
from outreach.carrier.port import HeardText, StatusReport
from outreach.rules.delivery import MessageState

log = structlog.get_logger()

# Twilio's words for where a text stands. "receiving" and "received" are not here: they belong to texts it heard.
STATES: Mapping[str, MessageState] = {
    "accepted": MessageState.ACCEPTED,
    "scheduled": MessageState.ACCEPTED,
    "queued": MessageState.ACCEPTED,
    "sending": MessageState.ACCEPTED,
    "sent": MessageState.SENT,
    "partially_delivered": MessageState.SENT,  # not the end yet
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}

RETRIES = "#rc=2&rp=ct,rt,5xx"  # by itself Twilio repeats a callback only when it could not connect


class NotUnderstood(ValueError):
    """A callback's field is missing or says what we do not know; the carrier's form changed, or it is not theirs."""

    def __init__(self, field: str) -> None:
        super().__init__(f"cannot read {field}")
        self.field = field


def read_text(form: Mapping[str, str], idempotency: str | None = None) -> HeardText:
    """Read a text that a customer sent; the token is the header I-Twilio-Idempotency-Token, set on repeats.

    MessageSid=SM1f0e…  AccountSid=AC…  From=%2B8613800138000  To=%2B85264500001  Body=%E5%A5%BD%E7%9A%84  NumMedia=0
    """
    media = form.get("NumMedia", "0")
    if not (media.isascii() and media.isdigit()):
        raise unread("NumMedia")
    return HeardText(
        ref=required(form, "MessageSid"),
        sender=required(form, "From"),
        to=required(form, "To"),
        body=form.get("Body", ""),  # a picture comes without words
        media=int(media),
        idempotency=idempotency or None,
    )


def read_status(form: Mapping[str, str]) -> StatusReport:
    """Read where a text stands; reports come late, twice, out of order or not at all.

    MessageSid=SM1f0e…  MessageStatus=undelivered  ErrorCode=30003  To=%2B8613800138000  From=%2B85264500001
    """
    ref = required(form, "MessageSid")
    state = STATES.get(required(form, "MessageStatus"))
    if state is None:
        raise unread("MessageStatus", ref=ref, word=form["MessageStatus"][:40])
    code = form.get("ErrorCode") or None
    kind = failures.meaning(code).kind if state is MessageState.FAILED else None
    return StatusReport(ref=ref, state=state, error_code=code, kind=kind)


def taken(word: str | None) -> MessageState:
    """Read the status of a text that the API names: that it does proves that it was taken, whatever the word."""
    if state := STATES.get(word or ""):
        return state
    log.warning("carrier_status_unknown", word=str(word)[:40])
    return MessageState.ACCEPTED


def required(form: Mapping[str, str], field: str) -> str:
    """A field that every callback of its kind carries; raises NotUnderstood."""
    value = form.get(field)
    if not value:
        raise unread(field)
    return value


def unread(field: str, **about: str) -> NotUnderstood:
    """The error of a field that cannot be read, noted in the log."""
    log.warning("callback_not_understood", field=field, **about)
    return NotUnderstood(field)
