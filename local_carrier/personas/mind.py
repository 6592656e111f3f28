"""How a persona decides what to say to a text: close, prove who it is, speak its mind, answer what was asked."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from local_carrier.handset import Talk

from .cast import Cast
from .script import Script, Sentence, texts_of

FRAME = re.compile(r"^\s*【[^】]*】|[，,。\s]*(拒收|退订)请?回复?\s*[A-Za-z退订]{1,3}\s*$")
QUESTION = re.compile(r"[?？]|吗[。!！~]?\s*$|呢[。!！~]?\s*$")
SENTENCE = re.compile(r"[^。！!？?\n；;]+[。！!？?；;]*")

HALVES = {
    "morning": re.compile(r"上午|早|九点|十点|十一点"),
    "afternoon": re.compile(r"下午|午后|一点|两点|三点|四点|晚"),
}
ARRANGING = frozenset({"part", "day", "hour"})  # cues whose answers must agree with each other

type Draw = Callable[[object], float]  # a fraction for a purpose, always the same for this text


@dataclass(frozen=True, slots=True)
class Reply:
    """Texts to send, and how many product seconds to take over it."""

    texts: list[str]
    seconds: float
    reopens: bool = False


def think(cast: Cast, persona: Script, talk: Talk, text: str, draw: Draw) -> list[Reply]:
    """Read a text of the bank and decide on the replies, mostly one, often none."""
    words = FRAME.sub("", FRAME.sub("", text))
    talk.turn += 1
    if talk.turn > persona.patience or talk.ended:
        return []
    if talk.turn > 1 and _closes(cast, words):
        talk.ended = True
        return _last_words(persona, talk, draw)
    sentence = _answer(cast, persona, talk, words, draw)
    return [Reply(texts_of(sentence), _between(persona.delay, draw("delay")))] if sentence else []


def asked(cast: Cast, words: str) -> str | None:
    """Name the cue of the last sentence that has one; where a sentence has several, the earlier in the file wins."""
    for sentence in reversed(SENTENCE.findall(words)):
        for cue, pattern in cast.cues.items():
            if cue != "closing" and pattern.search(sentence):
                return cue
    return None


def _answer(cast: Cast, persona: Script, talk: Talk, words: str, draw: Draw) -> Sentence | None:
    cue = asked(cast, words)
    own = persona.answers.get(cue, []) if cue else []
    shared = cast.answers.get(cue, []) if cue and persona.shares_answers else []
    if cue == "identity" and cue not in talk.told and (own or shared):
        talk.told.add(cue)
        return _fresh(own or shared, talk, draw)
    if talk.agenda < len(persona.agenda):
        talk.agenda += 1
        return _fresh(persona.agenda[talk.agenda - 1], talk, draw)
    choices = own or shared or persona.otherwise
    if cue not in ARRANGING:
        return _fresh(choices, talk, draw)
    agreeing = [choice for choice in choices if not talk.part or _half(choice) in ("", talk.part)]
    sentence = _fresh(agreeing or choices, talk, draw)
    talk.part = (_half(sentence) if sentence else "") or talk.part
    return sentence


def _half(sentence: Sentence) -> str:
    """Name the half of the day that a sentence speaks of; empty for none or for both."""
    words = "".join(texts_of(sentence))
    named = [half for half, pattern in HALVES.items() if pattern.search(words)]
    return named[0] if len(named) == 1 else ""


def _last_words(persona: Script, talk: Talk, draw: Draw) -> list[Reply]:
    if talk.after < len(persona.after):
        thought = persona.after[talk.after]
        talk.after += 1
        sentence = _fresh(thought.say, talk, draw)
        return [Reply(texts_of(sentence), _between(thought.delay, draw("after")), thought.reopens)] if sentence else []
    if draw("closing") >= persona.closing_share:
        return []
    sentence = _fresh(persona.closing, talk, draw)
    return [Reply(texts_of(sentence), _between(persona.delay, draw("delay")))] if sentence else []


def _closes(cast: Cast, words: str) -> bool:
    return bool(cast.cues["closing"].search(words)) and not QUESTION.search(words)


def _fresh(choices: list[Sentence], talk: Talk, draw: Draw) -> Sentence | None:
    """Choose a sentence that has not been said yet; when all have, nothing."""
    left = [choice for choice in choices if texts_of(choice)[0] not in talk.used]
    if not left:
        return None
    chosen = left[int(draw("sentence") * len(left))]
    talk.used.add(texts_of(chosen)[0])
    return chosen


def _between(bounds: tuple[float, float], fraction: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * fraction
