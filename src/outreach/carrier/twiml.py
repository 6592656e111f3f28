"""What a callback is answered with, in Twilio's markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from outreach.carrier.speech import HangUp, Listen, Speech, Transfer, Voice, Wait

CONTENT_TYPE = "application/xml"
MOST_HINTS, LONGEST_HINTS = 500, 2000
"""Twilio takes 500 phrases; the whole attribute is kept far below what one document may hold."""
DIAL_SECONDS = 25
LONGEST_SAY = 4096
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (production 2, Char): the builder escapes markup, but lets these pass."""


@dataclass(frozen=True)
class Addresses:
    """Where a call asks for its next words; `number` is that of the turn that follows."""

    call: str
    """Our address for this call, as https://bank.example/twilio/voice/<id>."""
    number: int

    @property
    def turn(self) -> str:
        """Where what the customer says goes."""
        return f"{self.call}/turn/{self.number}"

    @property
    def wait(self) -> str:
        """Where the words that were not ready are asked for: they belong to the turn before."""
        return f"{self.call}/turn/{self.number - 1}/wait"

    @property
    def dialled(self) -> str:
        """Where the end of a transfer is told."""
        return f"{self.call}/dialled"

    @property
    def whisper(self) -> str:
        """What the person who takes the call hears first."""
        return f"{self.call}/whisper"


def empty() -> str:
    """Answer a text callback with nothing to say; replies leave later, on their own."""
    return str(MessagingResponse())


def spoken(speech: Speech, voice: Voice, addresses: Addresses | None = None) -> str:
    """One turn as a document; without addresses it can only say something and hang up."""
    response = VoiceResponse()
    for piece in speech.protected:
        _say(response, piece, voice)
    if addresses is None or isinstance(speech.then, HangUp):
        _say_all(response, speech, voice)
        response.hangup()
        return str(response)
    if isinstance(speech.then, Listen):
        gather = _gather(speech.then, voice, addresses)
        _say_all(gather, speech, voice)
        response.append(gather)
        # Reached only when the recogniser fails altogether: the turn is asked for without words, which is a silence.
        response.redirect(addresses.turn, method="POST")
    else:
        _say_all(response, speech, voice)
        if isinstance(speech.then, Transfer):
            dial = Dial(action=addresses.dialled, method="POST", timeout=DIAL_SECONDS, answer_on_bridge=True)
            dial.number(clean(speech.then.to), url=addresses.whisper, method="POST")
            response.append(dial)
        elif isinstance(speech.then, Wait):
            response.redirect(addresses.wait, method="POST")
    return str(response)


def whispered(speech: Speech, voice: Voice) -> str:
    """What the dialled person hears before the two are put through: a document that ends without hanging up."""
    response = VoiceResponse()
    _say_all(response, speech, voice)
    return str(response)


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)[:LONGEST_SAY]


def _gather(listen: Listen, voice: Voice, addresses: Addresses) -> Gather:
    return Gather(
        input="speech dtmf",
        language=voice.hears,
        action=addresses.turn,
        method="POST",
        timeout=voice.silence_seconds,
        speech_timeout=voice.pause_seconds,
        speech_model=voice.model,
        hints=_hints(listen.hints) or None,
        action_on_empty_result=True,
        barge_in=listen.barge_in,
        num_digits=1,
        # Without it "#" would end the input instead of being a key.
        finish_on_key="",
    )


def _hints(phrases: Sequence[str]) -> str:
    """As many whole phrases as the attribute holds, with commas between them."""
    whole = [phrase for phrase in (clean(one).replace(",", "").strip() for one in phrases) if phrase][:MOST_HINTS]
    ends = accumulate(len(phrase) + 1 for phrase in whole)
    return ",".join(phrase for phrase, end in zip(whole, ends, strict=True) if end <= LONGEST_HINTS)


def _say_all(verb: Any, speech: Speech, voice: Voice) -> None:
    for piece in speech.pieces:
        _say(verb, piece, voice)


def _say(verb: Any, piece: str, voice: Voice) -> None:
    if words := clean(piece).strip():  # an empty Say fails the document
        verb.say(words, voice=voice.name, language=voice.speaks)
