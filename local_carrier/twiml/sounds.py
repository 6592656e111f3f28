"""The verbs that are heard: Say, Play and Pause."""

import asyncio

from local_carrier.calls.line import over_before
from local_carrier.calls.speaking import key_seconds, speaking_seconds

from .document import Verb
from .program import Leave, Program

FOREVER = 1000  # Twilio's meaning of loop="0"
PLAY_SECONDS = 3.0  # nothing is fetched; every sound is this long


async def perform_sound(program: Program, verb: Verb) -> Leave | None:
    """Perform a Say, Play or Pause that stands by itself."""
    await sound(program, verb, None)
    return None


async def sound(program: Program, verb: Verb, cut: asyncio.Event | None) -> None:
    """Let a sound be heard, until it ends or somebody breaks in."""
    if verb.name == "Pause":
        pause = program.line.pause(verb.number("length", 1))
        await (over_before(pause, cut) if cut else pause)
        return
    text, seconds = _heard(verb)
    for _ in range(verb.number("loop", 1) or FOREVER):
        if not await program.line.say(text, seconds, cut):
            return


def _heard(verb: Verb) -> tuple[str, float]:
    if verb.name == "Say":
        return verb.words, speaking_seconds(verb.words)
    if keys := verb.get("digits"):
        return f"[{keys}]", key_seconds(keys)
    return f"[{verb.words}]", PLAY_SECONDS
