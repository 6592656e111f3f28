"""The held-out replies: written apart from the training data, by channel, intent and style.

A file of `tests/nlu/held_out/<channel>/` maps intents to styles to lines. Three lines in ten are for development: their
mistakes may be looked at. What is reported are the others, whose words nobody reads while the model is being made.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from outreach.places import ROOT

HELD_OUT = ROOT / "tests" / "nlu" / "held_out"
CHANNELS = ("texts", "spoken")
DEVELOPMENT_TENTHS = 3


@dataclass(frozen=True)
class Line:
    """One reply, what it means, and where it stands."""

    channel: str
    place: str  # channel/file
    intent: str
    style: str
    words: str

    @property
    def for_development(self) -> bool:
        """Whether its words may be looked at; decided by the words themselves, so that a new line moves no other."""
        return int(hashlib.sha256(comparable(self.words).encode()).hexdigest(), 16) % 10 < DEVELOPMENT_TENTHS


def lines(channel: str) -> Iterator[Line]:
    """Every held-out line of a channel."""
    for path in sorted((HELD_OUT / channel).glob("*.yml")):
        read: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        for intent, styles in read.items():
            for style, said in styles.items():
                yield from (Line(channel, f"{channel}/{path.name}", intent, style, words) for words in said)


def comparable(words: str) -> str:
    """The letters and digits in one width and case; of a line without any, what is there."""
    whole = unicodedata.normalize("NFKC", words).casefold().strip()
    return "".join(letter for letter in whole if unicodedata.category(letter)[0] in "LN") or whole
