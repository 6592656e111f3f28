"""The personas that there are, and which one lives on a number."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML

from .script import Script, Sentence, texts_of
from .voice import Voice

FOLDER = Path(__file__).parent
CUES, ANSWERS, SPOKEN = "_cues.yml", "_answers.yml", "_spoken.yml"  # files of the folder that are no persona
NOBODY = "silent"  # who lives on every number when personas are switched off


class BadPersonaError(Exception):
    """A persona file or a mix cannot be used."""


class Persona(Script):
    """One kind of customer."""

    title: str
    weight: float = Field(default=1, ge=0)
    unreachable: list[int] = Field(default_factory=list)  # error codes; its handset never gets a text
    voice: Voice | None = None  # on the phone; without it the persona speaks as it writes

    def sentences(self) -> list[str]:
        """List everything this persona can text or say."""
        return [*super().sentences(), *(self.voice.sentences() if self.voice else [])]


@dataclass(frozen=True, slots=True)
class Cast:
    """All personas, what they listen for, and how likely each is."""

    personas: Mapping[str, Persona]
    cues: Mapping[str, re.Pattern[str]]
    answers: Mapping[str, list[Sentence]]
    weights: Mapping[str, float] = field(default_factory=dict)
    spoken_answers: Mapping[str, list[Sentence]] = field(default_factory=dict)
    passing: Mapping[str, Voice] = field(default_factory=dict)  # what may come between a caller and who lives there

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

    @property
    def on_the_phone(self) -> "Cast":
        """Show the same people with what they answer aloud."""
        return replace(self, answers=self.spoken_answers)

    def answering(self, resident: str, seed: int, number: str, nth: int) -> str:
        """Name who or what picks up the nth call to a number: its resident, or what comes in between."""
        for name, voice in self.passing.items():
            which = () if voice.lasting else (nth,)
            if draw(seed, number, "phone", name, *which) < voice.share:
                return name
        return resident

    def sentences(self) -> set[str]:
        """List everything that any handset can text or say by itself."""
        groups = [*self.answers.values(), *self.spoken_answers.values()]
        shared = {text for group in groups for sentence in group for text in texts_of(sentence)}
        return shared.union(*(persona.sentences() for persona in self.personas.values()))


def load(mix: str | None = None, folder: Path = FOLDER) -> Cast:
    """Read all personas; `mix` is a YAML file of weights, or "none" for handsets that never answer by themselves."""
    personas = {path.stem: _persona(path) for path in sorted(folder.glob("[!_]*.yml"))}
    cues = {name: re.compile(pattern) for name, pattern in _read(folder / CUES).items()}
    answers: dict[str, list[Sentence]] = _read(folder / ANSWERS)
    spoken: dict[str, list[Sentence]] = _read(folder / SPOKEN)
    scripts = [*personas.values(), *(persona.voice for persona in personas.values() if persona.voice)]
    if unknown := {*answers, *spoken, *(cue for script in scripts for cue in script.answers)} - set(cues):
        raise BadPersonaError(f"answers to unknown cues: {', '.join(sorted(unknown))}")
    voices = {name: persona.voice for name, persona in personas.items() if persona.voice and persona.voice.share}
    voices = dict(
        sorted(voices.items(), key=lambda item: not item[1].lasting)
    )  # a number without a phone is never engaged
    return Cast(personas, cues, answers, _weights(mix, personas), spoken, voices if mix is None else {})


def draw(seed: int, number: str, *what: object) -> float:
    """Draw a fraction that depends on nothing but the seed, the number and what it is for."""
    key = "|".join(map(str, (seed, number, *what)))
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64


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
