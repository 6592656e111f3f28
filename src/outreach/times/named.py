"""One thing that a message names about a time, and where in the message it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

DAWN, MORNING, NOON, AFTERNOON, EVENING = "凌晨", "上午", "中午", "下午", "晚上"
PARTS = (DAWN, MORNING, NOON, AFTERNOON, EVENING)

type Stretch = tuple[date, date]
"""The first and the last of several days."""


@dataclass(frozen=True)
class Named:
    """A date, a part of the day, an hour, or a moment (a date and an hour); nothing where no such day exists."""

    start: int
    end: int
    date: date | None = None
    weekly: bool = False
    """Whether it is a bare weekday, which means the next one when today's is over."""
    weekday: bool = False
    """Whether it is a weekday, bare or of a week that is named."""
    within: Stretch | None = None
    """Where it is a stretch of days, these days; its date is the one meant where nothing says more."""
    part: str = ""
    """One of PARTS."""
    hour: tuple[int, int] | None = None
    """As it was said: 三点 is (3, 0) until it is known which half of the day is meant."""
    moment: time | None = None
    """An hour that needs no reading: half an hour from now."""
    why: str = ""
    """Why it is no date although it looks like one."""
