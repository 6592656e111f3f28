"""The personas that there are, and which one lives on a number."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML

FOLDER = Path(__file__).parent
CUES, ANSWERS = "_cues.yml", "_answers.yml"  # files of the folder that are no persona
NOBODY = "silent"  # who lives on every number when personas are switched off

type Sentence = str | list[str]  # a list is sent as several texts, one right after the other
type Seconds = tuple[float, float]  # product seconds: at least, at most


class BadPersonaError(Exception):
    """A persona file or a mix cannot be used."""


class Afterthought(BaseModel):
    """Something said some time after the bank had closed the conversation."""

    model_config = ConfigDict(extra="forbid")
    delay: Seconds
    say: list[Sentence]
    reopens: bool = False


class Persona(BaseModel):
    """One kind of customer."""

    model_config = ConfigDict(extra="forbid")
    title: str
    weight: float = Field(default=1, ge=0)
    delay: Seconds = (20, 300)
    agenda: list[list[Sentence]] = []  # brought up in this order, once each, before cues are answered
    answers: dict[str, list[Sentence]] = {}  # by cue; the shared answers fill what is missing
    shares_answers: bool = True  # false: says nothing beyond its own words
    otherwise: list[Sentence] = []  # to a text that asks nothing it knows
    closing: list[Sentence] = []  # the last word, when the bank closes
    closing_share: float = Field(default=1, ge=0, le=1)
    after: list[Afterthought] = []
    unreachable: list[int] = []  # error codes; its handset never gets a text
    patience: int = 12  # texts it answers before it stops

    def sentences(self) -> list[str]:
        """List every text this persona can send."""
        groups = [
            *self.agenda,
            *self.answers.values(),
            self.otherwise,
            self.closing,
            *(item.say for item in self.after),
        ]
        return [text for group in groups for sentence in group for text in texts_of(sentence)]


@dataclass(frozen=True, slots=True)
class Cast:
    """All personas, what they listen for, and how likely each is."""

    personas: Mapping[str, Persona]
    cues: Mapping[str, re.Pattern[str]]
    answers: Mapping[str, list[Sentence]]
    weights: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Persona:
        return self.personas[name]

    def choose(self, seed: int, number: str) -> str:
        """Choose who lives on a number; the same seed and number give the same persona in any order of arrival."""
        total = sum(self.weights.values())
        if not total:
            return NOBODY
        mark = draw(seed, number, "persona") * total
        for name, weight in sorted(self.weights.items()):
            mark -= weight
            if mark < 0:
                return name
        return NOBODY

    def sentences(self) -> set[str]:
        """List every text that any handset can send by itself."""
        shared = {text for group in self.answers.values() for sentence in group for text in texts_of(sentence)}
        return shared.union(*(persona.sentences() for persona in self.personas.values()))


def load(mix: str | None = None, folder: Path = FOLDER) -> Cast:
    """Read all personas; `mix` is a YAML file of weights, or "none" for handsets that never answer by themselves."""
    personas = {path.stem: _persona(path) for path in sorted(folder.glob("[!_]*.yml"))}
    cues = {name: re.compile(pattern) for name, pattern in _read(folder / CUES).items()}
    answers: dict[str, list[Sentence]] = _read(folder / ANSWERS)
    if unknown := {cue for persona in personas.values() for cue in persona.answers} - set(cues) | set(answers) - set(
        cues
    ):
        raise BadPersonaError(f"answers to unknown cues: {', '.join(sorted(unknown))}")
    return Cast(personas, cues, answers, _weights(mix, personas))


def draw(seed: int, number: str, *what: object) -> float:
    """Draw a fraction that depends on nothing but the seed, the number and what it is for."""
    key = "|".join(map(str, (seed, number, *what)))
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64


def texts_of(sentence: Sentence) -> list[str]:
    """Show the texts of a sentence: one, or several in a row."""
    return [sentence] if isinstance(sentence, str) else sentence


def _weights(mix: str | None, personas: Mapping[str, Persona]) -> dict[str, float]:
    if mix == "none":
        return {}
    if mix is None:
        return {name: persona.weight for name, persona in personas.items()}
    weights = {str(name): float(weight) for name, weight in _read(Path(mix)).items()}
    if unknown := set(weights) - set(personas):
        raise BadPersonaError(f"{mix} names unknown personas: {', '.join(sorted(unknown))}")
    return weights


def _persona(path: Path) -> Persona:
    try:
        return Persona.model_validate(_read(path))
    except ValidationError as error:
        raise BadPersonaError(f"{path.name}: {error}") from error


def _read(path: Path) -> dict[str, Any]:
    content = YAML(typ="safe").load(path)
    if not isinstance(content, dict):
        raise BadPersonaError(f"{path.name} is not a mapping")
    return content
