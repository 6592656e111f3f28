"""The line between the bank and a phone: what is said on it, who hears it, and who hangs up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

LINES_KEPT = 1000  # of one call; a loop in a document must not fill the memory


class Who(StrEnum):
    """Whose words a line is."""

    BANK = "bank"
    CALLEE = "callee"
    CARRIER = "carrier"
    DIALLED = "dialled"  # whom a Dial has put through


class Kind(StrEnum):
    """How a line came over."""

    SPEECH = "speech"
    KEYS = "keys"
    SOUND = "sound"


@dataclass(slots=True)
class Spoken:
    """One line that was heard."""

    who: Who
    text: str
    at: datetime  # product time at which it began
    kind: Kind = Kind.SPEECH
    cut: bool = False  # the other end broke in

    def as_json(self) -> dict[str, Any]:
        """Show a line to the control API."""
        return {"who": self.who, "text": self.text, "at": self.at.isoformat(), "kind": self.kind, "cut": self.cut}


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a callee says, or the keys they press."""

    speech: str = ""
    confidence: float = 0.9
    keys: str = ""


@dataclass(slots=True, eq=False)
class Ear:
    """What a Gather hears: the queue of what is said to it, and that somebody has begun."""

    speech: bool
    keys: bool
    began: asyncio.Event
    heard: asyncio.Queue[Utterance]
    asking: bool = False  # the prompts are over and the bank waits
    touched: bool = False  # somebody has begun to answer
    since: datetime | None = None  # product time from which it hears

    @classmethod
    def for_(cls, *, speech: bool, keys: bool) -> "Ear":
        """Make an ear for speech, keys or both."""
        return cls(speech, keys, asyncio.Event(), asyncio.Queue())

    def takes(self, utterance: Utterance) -> bool:
        """Tell whether this is of a kind the bank listens for."""
        return self.keys if utterance.keys else self.speech


@dataclass(frozen=True, slots=True)
class Saying:
    """The bank begins to say something."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Listening:
    """The bank has asked and waits for an answer."""

    ear: Ear


type Heard = Saying | Listening


class Line:
    """One connection. The bank's end is the TwiML, the other a persona or a person."""

    def __init__(self, pause: Callable[[float], Awaitable[None]], now: Callable[[], datetime]) -> None:
        self.pause = pause
        self._now = now
        self.spoken: list[Spoken] = []
        self.ear: Ear | None = None
        self.hung_up = asyncio.Event()  # by the callee
        self.picked_up = asyncio.Event()  # by a person at a handset
        self.rejected = asyncio.Event()
        self.asked = asyncio.Condition()  # the bank has begun to wait for an answer
        self.events: asyncio.Queue[Heard] = asyncio.Queue()

    def write(self, who: Who, text: str, kind: Kind = Kind.SPEECH) -> Spoken:
        """Note a line that is heard from now on."""
        line = Spoken(who, text, self._now(), kind)
        if len(self.spoken) < LINES_KEPT:
            self.spoken.append(line)
        return line

    async def say(self, text: str, seconds: float, cut: asyncio.Event | None = None) -> bool:
        """Let the bank say something; tell whether it got to the end."""
        line = self.write(Who.BANK, text)
        self.events.put_nowait(Saying(text, seconds))
        if cut is None:
            await self.pause(seconds)
            return True
        line.cut = not await over_before(self.pause(seconds), cut)
        return not line.cut

    def attach(self, ear: Ear) -> None:
        """Let the bank hear from now on."""
        self.ear = ear
        ear.since = ear.since or self._now()

    async def listen(self, ear: Ear) -> None:
        """Let the callee know that an answer is expected now, unless they have begun it already."""
        self.attach(ear)
        ear.asking = True
        if not ear.touched:
            self.events.put_nowait(Listening(ear))
        await self.wake()

    async def wake(self) -> None:
        """Let those who wait for the bank's question look again."""
        async with self.asked:
            self.asked.notify_all()

    async def speak(self, utterance: Utterance, seconds: float, who: Who = Who.CALLEE) -> bool:
        """Let the callee say something; tell whether the bank was listening, for half of it at least."""
        line = self.write(who, utterance.keys or utterance.speech, Kind.KEYS if utterance.keys else Kind.SPEECH)
        if self.ear and self.ear.takes(utterance):
            self.ear.touched = True
            self.ear.began.set()
        await self.pause(seconds)
        ear = self.ear
        if ear is None or ear.since is None or not ear.takes(utterance):
            return False
        if ear.since > line.at + timedelta(seconds=seconds / 2):
            return False  # a greeting that the question runs into is no answer to it
        ear.touched = True
        ear.began.set()
        ear.heard.put_nowait(utterance)
        return True


async def over_before(work: Awaitable[None], *events: asyncio.Event) -> bool:
    """Wait for the work or one of the events; tell whether the work was first."""
    tasks = [asyncio.ensure_future(work), *(asyncio.ensure_future(event.wait()) for event in events)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return not any(event.is_set() for event in events)
    finally:
        for task in tasks:
            task.cancel()
