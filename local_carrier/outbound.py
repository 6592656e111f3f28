"""A text's way from the bank to a handset: queued, sending, sent, delivered, with a callback for each change."""

import asyncio
import hashlib
from datetime import timedelta

from . import answering
from .carrier import Carrier
from .clock import machine_now
from .destinations import MAGIC_VALID_FROM
from .faults import Op
from .message import API_VERSION, WAITING, Message, Status

VALIDITY_EXPIRED = 30036
SHARES = (0.1, 0.2, 0.7)  # of the delivery time: until sending, sent, delivered


class Lane:
    """The queue of one sender, which lets only so many texts a second leave."""

    def __init__(self, texts_per_second: float) -> None:
        self._gap = 1 / texts_per_second if texts_per_second else 0.0
        self._free = 0.0

    def wait(self) -> float:
        """Take the next place and tell how many seconds away it is."""
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now) + self._gap
        return self._free - self._gap - now


def accept(carrier: Carrier, message: Message, lane: Lane) -> None:
    """Take a text from the bank; what follows happens by itself."""
    message.product_at = carrier.clock.now()
    carrier.ledger.add(message)
    carrier.counters.took(message.to, message.body)
    if message.from_ != MAGIC_VALID_FROM:
        carrier.handset(message.to)
        carrier.start(_travel(carrier, message, lane.wait()))


async def _travel(carrier: Carrier, message: Message, queued_seconds: float) -> None:
    total = carrier.settings.delivery_seconds
    expires = message.created + timedelta(seconds=message.validity_seconds)
    carrier.texts_in_lane += 1  # that pace is the machine's, as ours is; the way from there takes product time
    try:
        await asyncio.sleep(queued_seconds)
    finally:
        carrier.texts_in_lane -= 1
    await carrier.schedule.pause(total * SHARES[0])
    if message.status not in WAITING:
        return  # called back while it waited
    if machine_now() > expires:
        _move(carrier, message, Status.FAILED, VALIDITY_EXPIRED)
        return
    _move(carrier, message, Status.SENDING)
    await carrier.schedule.pause(total * SHARES[1])
    _move(carrier, message, Status.SENT)
    await carrier.schedule.pause(total * SHARES[2])
    handset = carrier.handset(message.to)
    if codes := carrier.cast[handset.persona].unreachable:
        draw = hashlib.sha256(f"{carrier.settings.seed} {message.to}".encode()).digest()[0]
        _move(carrier, message, Status.UNDELIVERED, codes[draw % len(codes)])
        return
    _move(carrier, message, Status.DELIVERED)
    answering.read(carrier, handset, message)


def _move(carrier: Carrier, message: Message, status: Status, error_code: int | None = None) -> None:
    message.move(status, error_code)
    if message.status_callback:
        carrier.start(_call_back(carrier, message.status_callback, message.to, status_form(message)))


async def _call_back(carrier: Carrier, url: str, number: str, form: dict[str, str]) -> None:
    async def deliver() -> None:
        carrier.counters.callbacks += 1
        await carrier.webhooks.call(Op.STATUS, url, form)

    await carrier.crossing.send(Op.STATUS, number, deliver)


def status_form(message: Message) -> dict[str, str]:
    """Write a status callback.

    MessageSid=SM1…  MessageStatus=undelivered  ErrorCode=30003  To=+8613800000000  From=+13125550199
    """
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.from_,
        "MessageSid": message.sid,
        "MessageStatus": message.status.value,
        "SmsSid": message.sid,
        "SmsStatus": message.status.value,
        "To": message.to,
    }
    if message.status in (Status.DELIVERED, Status.UNDELIVERED):
        form["RawDlrDoneDate"] = message.updated.strftime("%y%m%d%H%M")
    if message.error_code:
        form["ErrorCode"] = str(message.error_code)
    return form
