"""The figures: shares, F1, stops, calibration and confusions. Each takes readings and gives numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sklearn.metrics import precision_recall_fscore_support

from evaluation.path import Reading

STOP = "opt_out"
OUTSIDE = "out_of_scope"
BINS = 10


def accuracy(readings: Sequence[Reading]) -> float:
    return _share([reading.right for reading in readings])


def f1(readings: Sequence[Reading]) -> Mapping[str, float]:
    """By intent, for the intents that occur."""
    intents = sorted({reading.line.intent for reading in readings})
    right, read = [reading.line.intent for reading in readings], [reading.best for reading in readings]
    _, _, scores, _ = precision_recall_fscore_support(right, read, labels=intents, zero_division=0)
    return dict(zip(intents, map(float, scores), strict=True))


def macro_f1(readings: Sequence[Reading]) -> float:
    scores = f1(readings)
    return sum(scores.values()) / len(scores)


@dataclass(frozen=True)
class Stops:
    """How stops are treated, by what is done and not by what was likeliest."""

    recall: float
    """Stops that were carried out or asked about."""
    asked: float
    """Of all stops, those asked about."""
    precision: float
    false: float
    """Other lines that were carried out as a stop."""
    false_asked: float
    """Other lines after which we ask whether they mean to stop."""


def stops(readings: Sequence[Reading]) -> Stops:
    meant = [reading for reading in readings if reading.line.intent == STOP]
    others = [reading for reading in readings if reading.line.intent != STOP]
    done = [reading for reading in readings if reading.does == STOP]
    return Stops(
        recall=_share([reading.does == STOP or reading.asks_about_stop for reading in meant]),
        asked=_share([reading.asks_about_stop for reading in meant]),
        precision=_share([reading.line.intent == STOP for reading in done]),
        false=_share([reading.does == STOP for reading in others]),
        false_asked=_share([reading.asks_about_stop for reading in others]),
    )


@dataclass(frozen=True)
class Outside:
    """What becomes of lines that no script has an answer to, and of those taken for one."""

    left: float
    """Out-of-scope lines that nothing is done about: read as such, or asked again."""
    lost: float
    """Other lines that are taken for out-of-scope, or asked again."""


def outside(readings: Sequence[Reading]) -> Outside:
    left = [reading.does == OUTSIDE or reading.asks_again for reading in readings if reading.line.intent == OUTSIDE]
    lost = [reading.does == OUTSIDE or reading.asks_again for reading in readings if reading.line.intent != OUTSIDE]
    return Outside(_share(left), _share(lost))


@dataclass(frozen=True)
class Bin:
    """Lines of about one confidence: how sure the model was, and how often it was right."""

    lines: int
    confidence: float
    right: float


def reliability(readings: Sequence[Reading]) -> list[Bin]:
    bins: list[list[Reading]] = [[] for _ in range(BINS)]
    for reading in readings:
        if reading.confidence is not None:
            bins[min(int(reading.confidence * BINS), BINS - 1)].append(reading)
    return [
        Bin(len(held), sum(one.confidence or 0 for one in held) / len(held), accuracy(held)) if held else Bin(0, 0, 0)
        for held in bins
    ]


def calibration_error(readings: Sequence[Reading]) -> float:
    """The expected calibration error (ECE): how far confidence is from being right, over all lines."""
    bins = reliability(readings)
    return sum(one.lines * abs(one.confidence - one.right) for one in bins) / (sum(one.lines for one in bins) or 1)


def confusions(readings: Sequence[Reading]) -> list[tuple[str, str, int, str]]:
    """Right intent, what it was taken for, how often, in which styles; the most frequent first."""
    counted = Counter((one.line.intent, one.best) for one in readings if not one.right)
    styles = {
        pair: Counter(one.line.style for one in readings if (one.line.intent, one.best) == pair) for pair in counted
    }
    return [
        (right, read, times, ", ".join(f"{style} {n}" for style, n in styles[right, read].most_common(4)))
        for (right, read), times in counted.most_common()
    ]


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 0.0
