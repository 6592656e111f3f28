"""How far two reviewers agree on what both read: plainly, and beyond chance (Cohen 1960, kappa)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from outreach.model import Review

MOST = 20_000
"""Reviews read twice that are compared, the latest first."""


@dataclass(frozen=True)
class Agreement:
    """Two reviewers on one criterion."""

    first: str
    second: str
    criterion: str
    both: int
    """Conversations that both marked."""
    same: float
    """The share on which their marks are the same."""
    kappa: float | None
    """1 is full agreement, 0 what chance alone would give; None where both gave one and the same mark throughout."""


def of(db: Session, since: datetime) -> list[Agreement]:
    """Every pair of reviewers who read the same conversations."""
    one, other = aliased(Review), aliased(Review)
    pairs = (
        select(one.by, other.by, one.marks, other.marks)
        .join(other, (other.conversation_id == one.conversation_id) & (one.by < other.by))  # type: ignore[arg-type]
        .where(one.at > since, other.at > since)
        .order_by(col(one.at).desc())
        .limit(MOST)
    )
    marked: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for first, second, mine, theirs in db.exec(pairs).all():
        for criterion in mine.keys() & theirs.keys():
            marked[first, second, criterion].append((mine[criterion], theirs[criterion]))
    return [
        Agreement(*who, len(marks), sum(a == b for a, b in marks) / len(marks), kappa(marks))
        for who, marks in sorted(marked.items())
    ]


def kappa(marks: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa: (observed - expected by chance) / (1 - expected)."""
    count = len(marks)
    if not count:
        return None
    observed = sum(a == b for a, b in marks) / count
    mine, theirs = Counter(a for a, _ in marks), Counter(b for _, b in marks)
    expected = sum(mine[mark] * theirs[mark] for mark in _all(mine, theirs)) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _all(mine: Mapping[str, int], theirs: Mapping[str, int]) -> set[str]:
    return set(mine) | set(theirs)
