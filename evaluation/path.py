"""What a line is read as: by the rules before the model, as the product does, or by the model alone, as stock does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.held_out import Line
from evaluation.models import Ranked
from outreach.rules import keywords, machines

FALLBACK = "nlu_fallback"
UNSURE_STOP = "opt_out_unsure"
"""The reading on which the product asks whether the customer means to stop."""


@dataclass(frozen=True)
class Reading:
    """What one way of reading makes of a line."""

    line: Line
    best: str
    """The likeliest intent, which accuracy and F1 are about."""
    does: str
    """What is acted on: the likeliest intent, or a question back."""
    confidence: float | None
    """The model's; none where a rule decided."""

    @property
    def right(self) -> bool:
        return self.best == self.line.intent

    @property
    def asks_again(self) -> bool:
        return self.does == FALLBACK

    @property
    def asks_about_stop(self) -> bool:
        return self.does == UNSURE_STOP


def products(lines: Sequence[Line], ranked: Sequence[Ranked]) -> list[Reading]:
    """The product's: keywords, machines' phrases, then the model."""
    return [_ruled(line) or _modelled(line, words) for line, words in zip(lines, ranked, strict=True)]


def models(lines: Sequence[Line], ranked: Sequence[Ranked]) -> list[Reading]:
    """A model's alone."""
    return [_modelled(line, words) for line, words in zip(lines, ranked, strict=True)]


def _ruled(line: Line) -> Reading | None:
    if line.channel == "spoken" and machines.recognise(line.words):
        return Reading(line, "machine_answer", "machine_answer", None)
    keyword = keywords.decide(line.words)
    return Reading(line, keyword.kind, keyword.kind, None) if keyword else None


def _modelled(line: Line, words: Ranked) -> Reading:
    best, confidence = words.ranking[0]
    return Reading(line, best, words.intent, confidence)
