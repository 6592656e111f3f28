"""Where dates are seen from, and how far a phrase is moved until it is ahead."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outreach.calendar import Calendar
from outreach.times.jionlp_dates import begins


@dataclass(frozen=True)
class Today:
    """From where dates are seen."""

    here: datetime
    calendar: Calendar

    @property
    def day(self) -> date:
        """Today."""
        return self.here.date()

    def exactly(self, phrase: str, base: date | None = None) -> date | None:
        """What a phrase names, wherever it falls."""
        found = begins(phrase, datetime.combine(base, time()) if base else self.here)
        return found.date() if found else None

    def coming(self, phrase: str, later: Callable[[date], date]) -> date | None:
        """What a phrase names from today on: seen from today, or from later weeks, months or years."""
        base = self.day
        for _ in range(4):  # 31号 may be two months off; 2月29日 is looked for no further than one could plan
            day = self.exactly(phrase, base)
            if day and day >= self.day:
                return day
            base = later(base)
        return None

    def nearest(self, month: int, day: int) -> date | None:
        """The day of a month that is nearest, ahead or past: who says 11月23号 on the 24th means no day next year."""
        years = range(self.day.year - 1, self.day.year + 5)  # 2月29日 comes every fourth
        days = (date(year, month, day) for year in years if day <= monthrange(year, month)[1])
        return min(days, key=self.distance, default=None)

    def distance(self, day: date) -> timedelta:
        """How far off a day is, ahead or past."""
        return abs(day - self.day)


def next_week(day: date) -> date:
    return day + timedelta(days=7)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def next_year(day: date) -> date:
    return date(day.year + 1, 1, 1)
