"""A simulated callee: hears what the bank says on the line, and speaks, presses keys, breaks in or hangs up."""

from collections.abc import Callable

from local_carrier.handset import Handset, Talk
from local_carrier.personas.cast import Cast
from local_carrier.personas.mind import think
from local_carrier.personas.script import Sentence, texts_of
from local_carrier.personas.voice import Voice

from .line import Kind, Line, Saying, Utterance, Who
from .speaking import key_seconds, speaking_seconds

MIDDLE = 0.5  # of the bank's sentence, where somebody hangs up
FAREWELL_SECONDS = 2.0  # after the last word
BETWEEN_SENTENCES = 0.3
GREETING_SECONDS = 0.2  # from the picking up to the first word
PATIENT_QUESTIONS = 3  # unanswered, after which somebody who has nothing to say hangs up

type Chance = Callable[..., float]


async def announce(line: Line, who: Who, words: str, *, beep: bool, again: int) -> None:
    """Let a machine speak, as often as it does, and beep."""
    for _ in range(again):
        await line.speak(Utterance(words), speaking_seconds(words), who)
    if beep:
        line.write(who, "beep", Kind.SOUND)


class Callee:
    """One persona on one call."""

    def __init__(self, cast: Cast, voice: Voice, chance: Chance, line: Line, handset: Handset) -> None:
        self._cast, self._voice, self._chance, self._line, self._handset = cast, voice, chance, line, handset
        self._talk = Talk()
        self._heard: list[str] = []
        self._sayings = 0
        self._questions = 0
        self._silences = 0
        self._broke_in = False

    async def listen(self) -> None:
        """Pick up, and act until the line is cut."""
        if self._voice.greeting:
            await self._line.pause(GREETING_SECONDS)
            await self._say(self._choose(self._voice.greeting, "greeting"))
        if self._voice.hangs_up_after == 0:
            self._line.hung_up.set()
        while not self._line.hung_up.is_set():
            event = await self._line.events.get()
            if self._handset.taken:
                return  # a person took the phone out of the persona's hand
            if isinstance(event, Saying):
                await self._hear(event)
            elif event.ear is self._line.ear:  # else that question has passed
                await self._reply()

    async def _hear(self, saying: Saying) -> None:
        self._heard.append(saying.text)
        self._sayings += 1
        if self._sayings == self._voice.hangs_up_during:
            await self._line.pause(saying.seconds * MIDDLE)
            self._line.hung_up.set()
        elif self._voice.interrupts and not self._broke_in and saying.seconds > self._voice.interrupt_after:
            self._broke_in = True
            await self._line.pause(self._voice.interrupt_after)
            await self._say(self._choose(self._voice.interrupts, "interrupts"))

    async def _reply(self) -> None:
        words = "".join(self._heard)
        self._heard.clear()
        self._questions += 1
        turn = self._questions
        if self._voice.presses and turn == self._voice.press_at:
            await self._line.pause(self._thought())
            keys = self._voice.presses
            await self._line.speak(Utterance(keys=keys), key_seconds(keys))
            return
        replies = think(self._cast, self._voice, self._talk, words, lambda what: self._chance(turn, what))
        for reply in replies:
            await self._line.pause(reply.seconds)
            for text in reply.texts:
                await self._say(text)
        self._silences = 0 if replies else self._silences + 1
        if (replies and self._talk.ended) or turn == self._voice.hangs_up_after or self._gives_up():
            await self._line.pause(FAREWELL_SECONDS)
            self._line.hung_up.set()

    def _gives_up(self) -> bool:
        """Tell whether somebody who did speak has nothing more to say; who never spoke just listens."""
        return self._silences >= PATIENT_QUESTIONS and self._talk.used != set()

    async def _say(self, sentence: Sentence) -> None:
        low, high = self._voice.confidence
        for text in texts_of(sentence):
            sure = round(low + (high - low) * self._chance("confidence", self._questions, text), 2)
            await self._line.speak(Utterance(text, sure), speaking_seconds(text))
            await self._line.pause(BETWEEN_SENTENCES)

    def _choose(self, sentences: list[Sentence] | list[str], what: str) -> Sentence:
        return sentences[int(self._chance(what) * len(sentences))]

    def _thought(self) -> float:
        low, high = self._voice.delay
        return low + (high - low) * self._chance("delay", self._questions)
