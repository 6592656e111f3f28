"""What kind of day a date is in mainland China: working, weekend, holiday, or a weekend made a working day.

The years that the State Council has announced come from chinesecalendar. Later years come from
`config/holidays.yml` (holidays.py), by rule and marked provisional until somebody enters the announced days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from chinese_calendar import constants

CENTURY = range(2000, 2100)
"""Years that anything of ours may be about; beyond them reckoning in days and zones leaves the years that there are."""


class DayKind(StrEnum):
    """What a date is to people who work in mainland China."""

    WORKING = "working"  #: Monday to Friday, nothing special
    ADJUSTED_WORKING = "adjusted_working"  #: a weekend day on which people work, to make up for a holiday
    WEEKEND = "weekend"  #: Saturday or Sunday
    HOLIDAY = "holiday"  #: a statutory holiday or a day off around it


@dataclass(frozen=True)
class Day:
    """One date and what is known of it."""

    date: date
    kind: DayKind
    name: str = ""
    """The holiday, or the one an adjusted working day makes up for; empty otherwise."""
    provisional: bool = False
    """Whether the year's holidays follow from rules and are not announced yet."""


class CalendarUnknown(ValueError):
    """Nobody has said what the holidays of a year are."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not known; extend config/holidays.yml")
        self.year = year


NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "五一",
    "Dragon Boat Festival": "端午",
    "Mid-autumn Festival": "中秋",
    "National Day": "国庆",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
"""chinesecalendar's names, as customers say them."""

OFFICIAL_YEARS = range(min(constants.holidays).year, max(constants.holidays).year + 1)
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days of the announced years, and of the years that the holidays file adds."""

    years: Mapping[int, bool] = field(default_factory=dict)
    """The years of the file, and whether each is provisional; what was entered as announced goes before the library."""
    listed: Mapping[date, Day] = field(default_factory=dict)
    """The days of those years that are not what their weekday says."""

    def knows(self, year: int) -> bool:
        """Whether the days of a year can be told."""
        return year in OFFICIAL_YEARS or year in self.years

    def provisional(self, year: int) -> bool:
        """Whether a year's holidays follow from rules and are not announced yet."""
        if not self.knows(year):
            raise CalendarUnknown(year)
        return year not in OFFICIAL_YEARS and self.years[year]

    def day(self, day: date) -> Day:
        """What kind of day a date is; raises CalendarUnknown for a year that nobody has listed."""
        provisional = self.provisional(day.year)
        usual = Day(day, DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING, "", provisional)
        if self.years.get(day.year, True) and day.year in OFFICIAL_YEARS:
            return _official(day) or usual
        return self.listed.get(day, usual)

    def span(self, name: str, year: int) -> tuple[date, date]:
        """The first and last day off of a holiday; one that joins another has the days of both."""
        days = (date(year, 1, 1) + timedelta(days=count) for count in range(366))
        named = (day for day in days if day.year == year and self._off(day) and self.day(day).name == name)
        inside = next(named, None)
        if inside is None:
            if not self.knows(year):
                raise CalendarUnknown(year)
            raise ValueError(f"{name!r} is no holiday of {year}; known are {', '.join(NAMES.values())}")
        first = last = inside
        while self._off(first - ONE_DAY):
            first -= ONE_DAY
        while self._off(last + ONE_DAY):
            last += ONE_DAY
        return first, last

    def next_working_day(self, after: date) -> date:
        """The first day after a date on which people work."""
        day = after + ONE_DAY
        while self.day(day).kind in {DayKind.WEEKEND, DayKind.HOLIDAY}:
            day += ONE_DAY
        return day

    def _off(self, day: date) -> bool:
        return self.knows(day.year) and self.day(day).kind is DayKind.HOLIDAY


def _official(day: date) -> Day | None:
    for kind, days in ((DayKind.HOLIDAY, constants.holidays), (DayKind.ADJUSTED_WORKING, constants.workdays)):
        if day in days:
            return Day(day, kind, NAMES.get(str(days[day]), str(days[day])))
    return None
