"""A time as customers name it: a date, a part of the day, an hour, or some of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, Self

NOON = time(12)
EVENING = time(18)


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"  #: before noon
    AFTERNOON = "afternoon"  #: noon to six
    EVENING = "evening"  #: from six on


@dataclass(frozen=True)
class Slot:
    """What was named so far; an hour implies its part of the day."""

    date: date | None = None
    part: Part | None = None
    hour: time | None = None

    def __post_init__(self) -> None:
        """Fill the part of the day from the hour."""
        if self.hour is not None:
            object.__setattr__(self, "part", part_of(self.hour))

    @property
    def complete(self) -> bool:
        """Whether somebody could come: a date with a part of the day or an hour."""
        return self.date is not None and self.part is not None

    def merge(self, newer: Slot) -> Slot:
        """What holds after something newer was said: it replaces what it names, and an hour of another part."""
        hour = newer.hour or (None if newer.part not in {None, self.part} else self.hour)
        return Slot(newer.date or self.date, newer.part or self.part, hour)

    def to_json(self) -> dict[str, Any]:
        """{"date": "2026-11-24", "part": "afternoon", "hour": "15:00"}, null for what was not named."""
        return {
            "date": self.date.isoformat() if self.date else None,
            "part": str(self.part) if self.part else None,
            "hour": f"{self.hour:%H:%M}" if self.hour else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; missing keys are not named."""
        day, part, hour = data.get("date"), data.get("part"), data.get("hour")
        return cls(
            date.fromisoformat(day) if day else None,
            Part(part) if part else None,
            time.fromisoformat(hour) if hour else None,
        )


def part_of(hour: time) -> Part:
    """The part of the day an hour falls in."""
    if hour < NOON:
        return Part.MORNING
    return Part.AFTERNOON if hour < EVENING else Part.EVENING
