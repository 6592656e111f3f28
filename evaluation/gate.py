"""Whether a candidate model may take the place of the model in use: not if it is worse on stops, or on any intent."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation import measures
from evaluation.path import Reading

MISSED_STOPS = 0.0
"""By how much the recall of stops may fall: not at all, since a missed stop breaks the law."""

FALSE_STOPS = 0.001
"""By how much the share of other lines that are carried out as a stop may rise: one line in a thousand."""

INTENT = 0.05
"""By how much the F1 of an intent may fall; an intent has some fifty lines, of which two may turn by chance."""


def objections(candidate: Sequence[Reading], in_use: Sequence[Reading]) -> list[str]:
    """What speaks against publishing, a sentence each; none where it is no worse."""
    found = []
    new, old = measures.stops(candidate), measures.stops(in_use)
    if new.recall < old.recall - MISSED_STOPS:
        found.append(f"opt_out: recall falls from {old.recall:.4f} to {new.recall:.4f}; it may not fall")
    if new.false > old.false + FALSE_STOPS:
        found.append(
            f"opt_out: false stops rise from {old.false:.4f} to {new.false:.4f}; {FALSE_STOPS} more is the most"
        )
    after = measures.f1(candidate)
    for intent, before in measures.f1(in_use).items():
        if after[intent] < before - INTENT:
            found.append(f"{intent}: F1 falls from {before:.3f} to {after[intent]:.3f}; {INTENT} less is the most")
    return found
