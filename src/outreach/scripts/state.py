"""Where a conversation stands, and what the customer just did. Both travel with every turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

SAID = "said "
"""What the counter of a line begins with, before its name."""


@dataclass(frozen=True)
class Heard:
    """What the customer did: words with the model's intent, or an event of the channel."""

    intent: str
    text: str = ""
    digit: str | None = None


@dataclass(frozen=True)
class State:
    """Where a conversation stands. Travels with every turn; kept in the store, nowhere else."""

    step: str
    pending: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    ended: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "step": self.step,
            "pending": self.pending,
            "counts": dict(self.counts),
            "kept": dict(self.kept),
            "reason": self.reason,
            "ended": self.ended,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        return cls(**data)

    def counting(self, name: str) -> State:
        """The same with one more of `name`."""
        return replace(self, counts={**self.counts, name: self.counts.get(name, 0) + 1})

    def saying(self, line: str) -> State:
        """The same with a line said once more."""
        return self.counting(f"{SAID}{line}")

    def said(self, line: str | None) -> int:
        """How often a line was said."""
        return self.counts.get(f"{SAID}{line}", 0)

    def reopened(self) -> State:
        """Open again, with nothing used up; what was said was said all the same."""
        counts = {name: count for name, count in self.counts.items() if name.startswith(SAID)}
        return replace(self, ended=None, counts=counts, reason=None)

    def without(self, name: str) -> State:
        """The same with the count of `name` begun anew."""
        return replace(self, counts={key: count for key, count in self.counts.items() if key != name})

    def keeping(self, name: str, value: object) -> State:
        """The same with `value` collected under `name`."""
        return replace(self, kept={**self.kept, name: value})
