"""A text's way from a handset to the bank: kept first, then posted to the number's URL."""

from . import optout
from .carrier import Carrier
from .clock import machine_now
from .destinations import country
from .faults import Op
from .handset import Handset
from .message import API_VERSION, Direction, Message, Status
from .segments import segments


class NotOwnedError(Exception):
    """The number a handset wants to text is not one of the account's."""


def send(carrier: Carrier, handset: Handset, body: str, *, to: str = "", num_media: int = 0) -> Message:
    """Let a handset text the bank; without a number it answers the one that texted it last."""
    number = to or _correspondent(carrier, handset)
    if number not in carrier.numbers:
        raise NotOwnedError(number)
    media = tuple(f"https://local-carrier.invalid/media/{n}" for n in range(num_media))
    message = Message(
        carrier.settings.account_sid,
        handset.number,
        number,
        body,
        Direction.INBOUND,
        Status.RECEIVED,
        segments(body),
        media,
    )
    message.sent, message.product_at = machine_now(), carrier.clock.now()
    carrier.ledger.add(message)
    if carrier.settings.keywords and (reply := optout.obey(handset, number, body)):
        _reply_as_carrier(carrier, number, handset.number, reply)
    if carrier.numbers[number].fields["sms_url"]:
        carrier.start(_post(carrier, message))
    return message


def _correspondent(carrier: Carrier, handset: Handset) -> str:
    for message in carrier.ledger.newest_first(handset.number):
        return message.to if message.direction is Direction.INBOUND else message.from_
    return carrier.settings.numbers[0]


def _reply_as_carrier(carrier: Carrier, number: str, to: str, body: str) -> None:
    """Text a handset on the carrier's own account; the bank is not asked and gets no callback."""
    message = Message(carrier.settings.account_sid, number, to, body, Direction.REPLY, Status.DELIVERED, segments(body))
    message.sent, message.product_at = machine_now(), carrier.clock.now()
    carrier.ledger.add(message)


async def _post(carrier: Carrier, message: Message) -> None:
    fields = carrier.numbers[message.to].fields
    form = inbound_form(message)

    async def deliver() -> None:
        carrier.counters.inbound += 1
        fallback = (fields["sms_fallback_url"], fields["sms_fallback_method"])
        await carrier.webhooks.call(Op.INBOUND, fields["sms_url"], form, method=fields["sms_method"], fallback=fallback)

    await carrier.crossing.send(Op.INBOUND, message.from_, deliver)


def inbound_form(message: Message) -> dict[str, str]:
    """Write an inbound text as Twilio posts it.

    MessageSid=SM1…  From=+8613800000000  To=+13125550199  Body=好的  NumMedia=0  NumSegments=1
    """
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "Body": message.body,
        "From": message.from_,
        "FromCity": "",
        "FromCountry": country(message.from_),
        "FromState": "",
        "FromZip": "",
        "MessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.num_segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": message.status.value,
        "To": message.to,
        "ToCity": "",
        "ToCountry": country(message.to),
        "ToState": "",
        "ToZip": "",
    }
    for index, url in enumerate(message.media):
        form |= {f"MediaUrl{index}": url, f"MediaContentType{index}": "image/jpeg"}
    return form
