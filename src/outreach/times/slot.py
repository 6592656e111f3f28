"""When a customer will come or wants to be called: a date, a part of the day, an hour, or what is known of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, Self

NOON = time(12)
SIX = time(18)


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"  #: before 12:00
    AFTERNOON = "afternoon"  #: from 12:00 to 18:00
    EVENING = "evening"  #: from 18:00

    @classmethod
    def of(cls, hour: time) -> Part:
        """The part that an hour lies in."""
        if hour < NOON:
            return cls.MORNING
        return cls.AFTERNOON if hour < SIX else cls.EVENING

    @property
    def starts(self) -> time:
        """The first minute of the part."""
        return {Part.MORNING: time(0), Part.AFTERNOON: NOON, Part.EVENING: SIX}[self]


@dataclass(frozen=True)
class Slot:
    """What is known of a time, at the place where it is meant; an hour always has its part beside it."""

    date: date | None = None
    part: Part | None = None
    hour: time | None = None

    def __post_init__(self) -> None:
        """Let the hour decide the part, to the minute."""
        if self.hour is not None:
            hour = self.hour.replace(second=0, microsecond=0, tzinfo=None)
            object.__setattr__(self, "hour", hour)
            object.__setattr__(self, "part", Part.of(hour))

    @property
    def complete(self) -> bool:
        """Whether it says enough to arrange something: a date, and a part or an hour."""
        return self.date is not None and self.part is not None

    def merge(self, newer: Slot) -> Slot:
        """What holds after a correction or addition, which replaces what it names and leaves the rest."""
        hour = newer.hour
        if hour is None and newer.part in {None, self.part}:
            hour = self.hour  # "下午三点", then "下午": still three o'clock
        return Slot(newer.date or self.date, newer.part or self.part, hour)

    def to_json(self) -> dict[str, str | None]:
        """As it is stored and sent: {"date": "2026-11-24", "part": "afternoon", "hour": "15:00"}, with nulls."""
        return {
            "date": self.date.isoformat() if self.date else None,
            "part": self.part.value if self.part else None,
            "hour": f"{self.hour:%H:%M}" if self.hour else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; what is absent is null."""
        day, part, hour = (stored.get(key) for key in ("date", "part", "hour"))
        return cls(
            date.fromisoformat(day) if day else None,
            Part(part) if part else None,
            time.fromisoformat(hour) if hour else None,
        )
