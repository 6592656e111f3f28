"""What kind of day a date is in mainland China.

The holiday library knows the years the State Council has announced; for later years `config/holidays.yml` says when
statutory days fall, by rule, widened to the usual spans and marked provisional. A year that neither knows is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays, workdays
from lunardate import LunarDate

from outreach import documents

SATURDAY = 5
NAMES: Mapping[str, str] = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明",
    Holiday.labour_day.value: "五一",
    Holiday.dragon_boat_festival.value: "端午",
    Holiday.national_day.value: "国庆",
    Holiday.mid_autumn_festival.value: "中秋",
}
"""The library's names in the words customers use."""


class DayKind(StrEnum):
    """What a date is for work."""

    WORKING = "working"  #: an ordinary working day
    ADJUSTED_WORKING = "adjusted_working"  #: a weekend that was made a working day
    WEEKEND = "weekend"  #: an ordinary Saturday or Sunday
    HOLIDAY = "holiday"  #: a statutory holiday, or a day that was made part of one


class CalendarUnknown(ValueError):  # noqa: N818 - it names what is the case
    """Neither the library nor config/holidays.yml knows the year."""


@dataclass(frozen=True)
class Day:
    """A date and what it is."""

    date: date
    kind: DayKind
    name: str = ""
    provisional: bool = False


class Calendar:
    """Days by the library's years, and the file's for later ones."""

    def __init__(self, later: Mapping[date, str], years: frozenset[int]) -> None:
        self._later, self._years = later, years
        self._official = frozenset(day.year for day in holidays)

    def day(self, day: date) -> Day:
        """What a date is; raises CalendarUnknown for a year nobody knows."""
        if day.year in self._official:
            return _official(day)
        if day.year not in self._years:
            raise CalendarUnknown(f"no holidays are known for {day.year}; add the year to config/holidays.yml")
        if day in self._later:
            return Day(day, DayKind.HOLIDAY, self._later[day], provisional=True)
        weekend = day.weekday() >= SATURDAY
        return Day(day, DayKind.WEEKEND if weekend else DayKind.WORKING, provisional=True)

    def knows(self, year: int) -> bool:
        """Whether contacts in that year can be judged."""
        return year in self._official or year in self._years

    def provisional(self, year: int) -> bool:
        """Whether that year's holidays are our rule rather than the announced days."""
        return self.knows(year) and year not in self._official

    def span(self, name: str, year: int) -> tuple[date, date]:
        """First and last day off of a holiday such as 国庆; raises CalendarUnknown where it is not known."""
        days = [day for day in _days_of(year) if self.knows(year) and self._holiday(day) == name]
        if not days:
            raise CalendarUnknown(f"{name} of {year} is not known")
        return days[0], days[-1]

    def next_working_day(self, after: date) -> date:
        """The first working day after a date."""
        day = after + timedelta(days=1)
        while self.day(day).kind not in {DayKind.WORKING, DayKind.ADJUSTED_WORKING}:
            day += timedelta(days=1)
        return day

    def _holiday(self, day: date) -> str:
        return self.day(day).name


def load(path: Path) -> Calendar:
    """Read the later years from the file; raises Refused naming the entry that cannot be read."""
    document = documents.read_file(path)
    later: dict[date, str] = {}
    years = set()
    problems = []
    for index, year in enumerate(document.root.get("years", ())):
        if not isinstance(year, int) or isinstance(year, bool):
            problems.append(document.problem(["years", index], f"{year!r} is not a year", "a year such as 2027"))
            continue
        years.add(year)
        for position, entry in enumerate(document.root.get("holidays", ())):
            try:
                later |= dict.fromkeys(_span(entry, year), str(entry["name"]))
            except (KeyError, TypeError, ValueError) as error:
                fix = "`{name: 国庆, solar: 10-01, before: 0, after: 6}` or `lunar: 01-01`"
                problems.append(document.problem(["holidays", position], f"cannot be read ({error})", fix))
    if problems:
        raise documents.Refused(problems)
    return Calendar(later, frozenset(years))


def _span(entry: Mapping[str, str | int], year: int) -> Iterator[date]:
    """The days off around a statutory day, which is given by the sun's or the moon's calendar."""
    month, day = (int(part) for part in str(entry.get("solar") or entry["lunar"]).split("-"))
    middle = date(year, month, day) if "solar" in entry else LunarDate(year, month, day).to_solar_date()
    for offset in range(-int(entry.get("before", 0)), int(entry.get("after", 0)) + 1):
        yield middle + timedelta(days=offset)


def _official(day: date) -> Day:
    if day in holidays:
        return Day(day, DayKind.HOLIDAY, NAMES.get(str(holidays[day]), str(holidays[day])))
    if day in workdays:
        return Day(day, DayKind.ADJUSTED_WORKING)
    off, name = chinese_calendar.get_holiday_detail(day)
    if name:
        return Day(day, DayKind.HOLIDAY, NAMES.get(name, name))
    return Day(day, DayKind.WEEKEND if off else DayKind.WORKING)


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    yield from (first + timedelta(days=offset) for offset in range(366) if (first + timedelta(days=offset)).year == year)
