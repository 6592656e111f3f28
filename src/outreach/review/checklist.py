"""What a reviewer looks at in every conversation, and the marks there are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

CRITERIA = ("identified_itself", "heard_rightly", "answered_what_was_asked", "respected_every_no", "ended_fittingly")


class Mark(StrEnum):
    """How one criterion was met."""

    GOOD = "good"  #: as it should be
    POOR = "poor"  #: to be done better
    NOT_ASKED = "not_asked"  #: it did not come up


def score(marks: Mapping[str, str]) -> int | None:
    """Good marks in a hundred of those that were good or poor; None where nothing came up."""
    counted = [mark for mark in marks.values() if mark != Mark.NOT_ASKED]
    return round(100 * counted.count(Mark.GOOD) / len(counted)) if counted else None
