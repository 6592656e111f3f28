"""Who picks up a phone, after how long, and what comes of it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from local_carrier.carrier import Carrier
from local_carrier.personas.cast import draw
from local_carrier.personas.voice import Ends, Voice, spoken_by

from .call import Call, CallStatus
from .callee import Callee, announce
from .line import Line, Who
from .speaking import speaking_seconds

BEEP_SECONDS = 0.5

UNCONNECTED = {Ends.INVALID: (CallStatus.FAILED, 404), Ends.UNREACHABLE: (CallStatus.NO_ANSWER, 480)}
UNANSWERED = {
    Ends.BUSY: (CallStatus.BUSY, 486),
    Ends.REJECT: (CallStatus.BUSY, 603),
    Ends.NO_ANSWER: (CallStatus.NO_ANSWER, 487),
}
DETECTED = {Ends.VOICEMAIL: "machine_start"}


@dataclass(frozen=True, slots=True)
class Pickup:
    """How one call to one phone goes."""

    ends: Ends
    rings: float  # product seconds; for nobody, longer than any bank waits
    answered_by: str
    greeting_seconds: float
    attend: Callable[[Line], Coroutine[Any, Any, None]]

    @property
    def result(self) -> tuple[CallStatus, int]:
        """Tell what becomes of the call when the phone has rung long enough."""
        return UNANSWERED.get(self.ends, (CallStatus.IN_PROGRESS, 0))


def who_picks_up(carrier: Carrier, call: Call) -> Pickup:
    """Decide who picks up; the same seed, number and count of calls give the same again."""
    handset = carrier.handset(call.to)
    handset.calls += 1
    chance = partial(draw, carrier.settings.seed, call.to, "call", handset.calls)
    name = (
        handset.persona
        if handset.pinned
        else carrier.cast.answering(handset.persona, carrier.settings.seed, call.to, handset.calls)
    )
    at_home = handset.pinned or bool(carrier.cast.weights)  # with personas switched off, only people pick up
    voice = spoken_by(carrier.cast[name])
    words = chosen_words(voice, chance("announcement"))
    ends = Ends.ANSWER if handset.taken else voice.ends if at_home else Ends.NO_ANSWER

    async def attend(line: Line) -> None:
        if ends in UNCONNECTED:
            if words:  # some networks just cut the line
                await announce(line, Who.CARRIER, words, beep=False, again=voice.repeats)
            return
        if handset.taken:
            return  # a person speaks
        if voice.announces:
            await announce(line, Who.CALLEE, words, beep=ends is Ends.VOICEMAIL, again=voice.repeats)
        await Callee(carrier.cast.on_the_phone, voice, chance, line, handset).listen()

    return Pickup(
        ends=ends,
        rings=float("inf") if ends is Ends.NO_ANSWER else between(voice.rings, chance("rings")),
        answered_by="human" if handset.taken else voice.detected or DETECTED.get(ends, "human"),
        greeting_seconds=speaking_seconds(words) + BEEP_SECONDS,
        attend=attend,
    )


def chosen_words(voice: Voice, fraction: float) -> str:
    """Choose what a machine announces."""
    return voice.announces[int(fraction * len(voice.announces))] if voice.announces else ""


def between(bounds: tuple[float, float], fraction: float) -> float:
    """Choose a figure between two."""
    return bounds[0] + (bounds[1] - bounds[0]) * fraction
