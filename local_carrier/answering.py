"""A handset that a text has reached: its persona reads, and answers when its time has come."""

from datetime import timedelta
from functools import partial

from . import inbound
from .carrier import Carrier
from .handset import Handset, Talk
from .message import Message
from .personas.cast import draw
from .personas.mind import think

BETWEEN_TEXTS = 4.0  # product seconds between the texts of one answer
NEW_CONVERSATION = timedelta(hours=12)  # product time after which a text begins a new conversation


def read(carrier: Carrier, handset: Handset, message: Message) -> None:
    """Let the persona read a text, unless a person has the handset in hand."""
    if handset.taken:
        return
    now = carrier.clock.now()
    if handset.read_at and now - handset.read_at > NEW_CONVERSATION:
        handset.talk = Talk()
    handset.read_at = now
    chance = partial(draw, carrier.settings.seed, handset.number, handset.talk.turn)
    for reply in think(carrier.cast, carrier.cast[handset.persona], handset.talk, message.body, chance):
        for index, text in enumerate(reply.texts):
            say = partial(_say, carrier, handset, handset.talk, text=text, to=message.from_, reopens=reply.reopens)
            carrier.schedule.after(reply.seconds + index * BETWEEN_TEXTS, say)


def _say(carrier: Carrier, handset: Handset, talk: Talk, *, text: str, to: str, reopens: bool) -> None:
    if handset.taken or handset.talk is not talk:
        return  # a person took the phone, or another persona or conversation began meanwhile
    talk.ended = talk.ended and not reopens
    inbound.send(carrier, handset, text, to=to)
