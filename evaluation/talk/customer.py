"""A simulated customer: reads what the bank says as anybody would, and answers by disposition, with words of its own.

What it says depends on nothing but the seed, so a talk that went wrong can be had again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
QUESTION = re.compile(r"[？?]|方便吗|有空过来|想了解一下情况")
FILLERS = ("嗯", "呃", "那个", "哦", "啊", "就是", "")
MOST_REPLIES = 24
"""Replies after which somebody has had enough; a talk that comes so far has failed."""


@dataclass(frozen=True)
class Kind:
    """One kind of customer, as people.yml describes it."""

    name: str
    weight: int
    ends: str | tuple[str, ...]
    then: str = "agrees"
    brings: tuple[str, ...] = ()
    says: str = "whole"
    arranges: str | None = None
    afterwards: str | None = None
    scripts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Words:
    """Everything that can be said."""

    cues: Mapping[str, re.Pattern[str]]
    answers: Mapping[str, Mapping[str, Sequence[str]]]
    short: Mapping[str, Sequence[str]]
    says: Mapping[str, Sequence[str]]

    def own(self) -> set[str]:
        """The sentences that must not be training examples; bare words are nobody's own."""
        whole = {str(one) for by in self.answers.values() for said in by.values() for one in said}
        return {
            one for one in whole | {str(one) for said in self.says.values() for one in said} if len(one) > LONGEST_BARE
        }


LONGEST_BARE = 4
NO_QUESTION = frozenset({"ask_human", "ask_repeat"})
"""What is asked for and is no question about anything."""


@cache
def kinds() -> list[Kind]:
    """Every kind of customer."""
    return [Kind(name, **_tuples(entry)) for name, entry in _read("people.yml").items()]


@cache
def words() -> Words:
    """What they say."""
    cues = {name: re.compile(pattern) for name, pattern in _read("cues.yml").items()}
    return Words(cues, _read("answers.yml"), _read("answers_short.yml"), _read("says.yml"))


@dataclass
class Customer:
    """One customer in one talk."""

    kind: Kind
    channel: str
    words: Words
    dice: Random
    agenda: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Topics and questions in the order in which they were spoken to."""
    moved: bool = False

    def __post_init__(self) -> None:
        """Draw what they will bring up."""
        for topic in self.kind.brings:
            name, many = (topic.rstrip("0123456789"), topic[len(topic.rstrip("0123456789")) :])
            every = [one for one in self.words.says if one.startswith(name[:-1]) and one not in NO_QUESTION]
            names = every if name.endswith("*") else [name]
            self.agenda += self.dice.sample(names, int(many or 1)) if len(names) > 1 else names * int(many or 1)

    def hears(self, text: str) -> str | None:
        """What they answer: words, nothing spoken (an empty text), or None when they have nothing more to say."""
        cue = self.asked(text)
        topic = self._topic(cue)
        if topic is None or len(self.said) >= MOST_REPLIES:
            return None
        self.said.append(topic)
        if topic == "silence":
            return ""
        return self._voiced(self._sentence(topic))

    def asked(self, text: str) -> str | None:
        """The question that a text puts, by its last sentence that has one; none where it asks nothing."""
        for sentence in reversed(SENTENCE.findall(text)):
            for cue, pattern in self.words.cues.items():
                if pattern.search(sentence):
                    return cue
        return None

    def closes(self) -> str | None:
        """The topic they come back with after the end, once."""
        if self.moved or not self.kind.afterwards:
            return None
        self.moved = True
        self.said.append(self.kind.afterwards)
        return self._sentence(self.kind.afterwards)

    def _topic(self, cue: str | None) -> str | None:
        if cue in {"identity", "listening"} and self.kind.then not in {"wrong_person", "silence"}:
            return cue if self.said.count(cue) < 2 else self._mood(cue)  # noqa: PLR2004 - nobody says who they are a third time
        if self.agenda:
            return self.agenda.pop(0)
        return self._mood(cue)

    def _mood(self, cue: str | None) -> str | None:
        if self.kind.then != "agrees":
            return self.kind.then
        if cue == "half" and self.kind.arranges:
            return self.kind.arranges
        return cue

    def _sentence(self, topic: str) -> str:
        if self.kind.says == "short" and topic in self.words.short:
            return self.dice.choice(self.words.short[topic])
        if topic in self.words.says:
            return self.dice.choice(self.words.says[topic])
        answers = self.words.answers[topic]
        if topic == "stop":  # who was taken to want an end to it, and does not, says so
            return self.dice.choice(answers["yes" if "opted_out" in self.kind.ends else "no"])
        return self.dice.choice(answers["yes"] if topic != "debit" or self.dice.random() < 0.5 else answers["no"])  # noqa: PLR2004

    def _voiced(self, sentence: str) -> str:
        """As a recogniser gives it: no punctuation, a filler before it now and then."""
        if self.channel == "sms":
            return sentence
        bare = re.sub(r"[^\w\s]+", "", sentence)
        return self.dice.choice(FILLERS) + bare if self.kind.says == "whole" and len(bare) > LONGEST_BARE else bare


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _read(name: str) -> Any:
    return YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))
