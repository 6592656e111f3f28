"""How a persona is on the phone: whether it picks up, and what it says there."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from .script import Script, Seconds, Sentence

if TYPE_CHECKING:
    from .cast import Persona

PUNCTUATION = re.compile(r"[^\w\s]+")


class Ends(StrEnum):
    """What comes of calling a phone."""

    ANSWER = "answer"  #: a person
    BUSY = "busy"  #: engaged
    NO_ANSWER = "no_answer"  #: rings out
    INVALID = "invalid"  #: no such number, says the network
    UNREACHABLE = "unreachable"  #: switched off or out of reach, says the network
    VOICEMAIL = "voicemail"  #: a greeting and a beep
    ASSISTANT = "assistant"  #: a program on the phone asks what it is about
    REJECT = "reject"  #: the person presses the red button


class Voice(Script):
    """One way to be on the phone; sentences are as a recogniser gives them, without punctuation."""

    delay: Seconds = (0.6, 2.2)  # product seconds between the bank's last word and the answer
    ends: Ends = Ends.ANSWER
    rings: Seconds = (3, 12)
    share: float = Field(default=0, ge=0, le=1)  # of calls to other people's phones that go this way
    lasting: bool = False  # true: the share is of phones, and each call to such a phone goes this way
    greeting: list[Sentence] = Field(default_factory=list)  # said when the phone is picked up
    announces: list[str] = Field(default_factory=list)  # what a machine says, one of them
    repeats: int = Field(default=1, ge=1, le=5)  # how often it says it
    detected: str = ""  # what the detection takes it for; empty: human, or machine_start for a voicemail
    confidence: tuple[float, float] = (0.82, 0.97)
    presses: str = ""  # keys, in place of an answer
    press_at: int = Field(default=1, ge=1)  # at the how manieth question
    interrupts: list[str] = Field(default_factory=list)  # said while the bank speaks, once
    interrupt_after: float = 1.5  # product seconds of listening before that
    hangs_up_during: int | None = None  # in the middle of the bank's nth sentence
    hangs_up_after: int | None = None  # after the nth question; 0: after the announcement or the greeting

    def sentences(self) -> list[str]:
        """List everything that can be heard from this phone."""
        greetings = [
            text for sentence in self.greeting for text in ([sentence] if isinstance(sentence, str) else sentence)
        ]
        return [*super().sentences(), *greetings, *self.announces, *self.interrupts]


def spoken_by(persona: "Persona") -> Voice:
    """Find a persona's way to be on the phone; without one it speaks as it writes."""
    if persona.voice:
        return persona.voice
    told = persona.model_dump(include={"agenda", "answers", "otherwise", "closing", "closing_share", "shares_answers"})
    return Voice(ends=Ends.UNREACHABLE if persona.unreachable else Ends.ANSWER, **_without_stops(told))


def _without_stops[Told](told: Told) -> Told:
    """Take the punctuation out of whatever is said somewhere in here."""
    if isinstance(told, str):
        return PUNCTUATION.sub(" ", told).strip()  # type: ignore[return-value]
    if isinstance(told, list):
        return [_without_stops(item) for item in told]  # type: ignore[return-value]
    if isinstance(told, dict):
        return {key: _without_stops(item) for key, item in told.items()}  # type: ignore[return-value]
    return told
