"""Read `config/holidays.yml`: the holidays of the years that nobody has announced yet, and those that somebody entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lunar_python import Lunar

from outreach import documents
from outreach.calendar import ONE_DAY, SATURDAY, Calendar, Day, DayKind
from outreach.documents import Refused
from outreach.explained import Explained


class HolidaysWrong(Explained):
    """The holidays file was not accepted; names the file, the entry and what would be right."""


def load(path: Path) -> Calendar:
    """Read the holidays file; raises HolidaysWrong with the entry that cannot be used."""
    try:
        root = documents.read_file(path).root
    except Refused as refused:
        raise HolidaysWrong(str(refused)) from None
    read = _Reader(str(path))
    top = read.mapping(root, "the file", "`usual:` and `years:`", {"usual", "years"})
    usual = read.mapping(top.get("usual"), "usual", "one line for each holiday, as `元旦: {solar: 01-01}`", None)
    years: dict[int, bool] = {}
    listed: dict[date, Day] = {}
    for year, entry in read.mapping(top.get("years"), "years", "one entry for each year, as `2027:`", None).items():
        years[year], days = read.year(year, entry, usual)
        listed |= days
    return Calendar(years, listed)


@dataclass(frozen=True)
class _Reader:
    """Reads entries of the holidays file and says which one is wrong."""

    file: str

    def year(self, year: Any, entry: Any, usual: Mapping[str, Any]) -> tuple[bool, dict[date, Day]]:
        """Whether a year is provisional, and its special days."""
        where = f"years.{year}"
        if type(year) is not int or not 1901 <= year <= 2099:  # noqa: PLR2004 - what lunar_python can tell
            raise self.wrong(where, "is not a year from 1901 to 2099", "2027")
        given = self.mapping(entry, where, "`provisional: true`", {"provisional", "holidays", "working"})
        provisional = given.get("provisional", True)
        if not isinstance(provisional, bool):
            raise self.wrong(f"{where}.provisional", f"is {provisional!r}", "true, or false once it is announced")
        own = self.mapping(given.get("holidays", {}), f"{where}.holidays", "holidays as under `usual`", None)
        spans: dict[date, Day] = {}
        kernel: dict[date, Day] = {}
        for name in {**usual, **own}:
            place = f"{where}.holidays.{name}" if name in own else f"usual.{name}"
            rule = {**self.rule(usual.get(name, {}), f"usual.{name}"), **self.rule(own.get(name, {}), place)}
            on, first, last = self.span(rule, year, place)
            for count in range((last - first).days + 1):
                day = first + timedelta(days=count)
                spans.setdefault(day, Day(day, DayKind.HOLIDAY, name, provisional))
            # Mid-autumn inside the National Day week keeps its own day, so that it can be asked for by name.
            kernel[on] = Day(on, DayKind.HOLIDAY, name, provisional)
        days = spans | kernel
        for day, name in self.working(given.get("working", {}), f"{where}.working"):
            days[day] = Day(day, DayKind.ADJUSTED_WORKING, name, provisional)
        return provisional, days

    def rule(self, entry: Any, where: str) -> Mapping[str, Any]:
        keys = {"solar", "lunar", "starts", "days", "bridged", "first", "last"}
        return self.mapping(entry, where, "`{solar: 01-01, days: 3}`", keys)

    def span(self, rule: Mapping[str, Any], year: int, where: str) -> tuple[date, date, date]:
        """The festival itself, and the first and last day off around it."""
        if "first" in rule or "last" in rule:
            first, last = (self.date(rule.get(end), f"{where}.{end}") for end in ("first", "last"))
            if last < first:
                raise self.wrong(f"{where}.last", f"{last} is before {first}", "the last day off")
            on = self.festival(rule, year, where) if rule.keys() & {"solar", "lunar"} else first
            return on if first <= on <= last else first, first, last
        on = self.festival(rule, year, where)
        if rule.get("bridged"):
            before, after = BRIDGES[on.weekday()]
            return on, on - before * ONE_DAY, on + after * ONE_DAY
        starts, days = rule.get("starts", 0), rule.get("days", 1)
        for key, number, least in (("starts", starts, -7), ("days", days, 1)):
            if type(number) is not int or not least <= number <= LONGEST:
                raise self.wrong(f"{where}.{key}", f"is {number!r}", f"a number of days from {least} to {LONGEST}")
        first = on + starts * ONE_DAY
        return on, first, first + (days - 1) * ONE_DAY

    def festival(self, rule: Mapping[str, Any], year: int, where: str) -> date:
        """The date in a year of a festival that has a solar or lunar month and day."""
        key = "lunar" if "lunar" in rule and "solar" not in rule else "solar"
        right = "a month and a day in quotes or bare, as 05-01; or `lunar: 08-15`"
        try:
            month, day = (int(number) for number in str(rule[key]).split("-"))
            return date(year, month, day) if key == "solar" else _lunar(year, month, day)
        except (KeyError, ValueError):
            raise self.wrong(f"{where}.{key}", f"is {rule.get(key)!r}", right) from None

    def working(self, entry: Any, where: str) -> list[tuple[date, str]]:
        """The weekend days that are worked, and for which holiday."""
        pairs = self.mapping(entry, where, "weekend days and what they make up for, as `2027-02-20: 春节`", None)
        days = [(self.date(day, where), str(name)) for day, name in pairs.items()]
        for day, _ in days:
            if day.weekday() < SATURDAY:
                raise self.wrong(f"{where}.{day}", "is not a weekend", "a Saturday or Sunday that is worked")
        return days

    def date(self, given: Any, where: str) -> date:
        try:
            return date.fromisoformat(str(given))
        except ValueError:
            raise self.wrong(where, f"is {given!r}", "a date, as 2027-02-05") from None

    def mapping(self, given: Any, where: str, right: str, keys: set[str] | None) -> Mapping[Any, Any]:
        if not isinstance(given, dict):
            raise self.wrong(where, "is not a mapping", right)
        for key in given:
            if keys is not None and key not in keys:
                raise self.wrong(f"{where}.{key}", "is not known", ", ".join(sorted(keys)))
        return given

    def wrong(self, where: str, problem: str, right: str) -> HolidaysWrong:
        return HolidaysWrong(f"{self.file}: {where}: {problem} (right would be: {right})")


LONGEST = 15
"""Days off in a row; more is a slip of the pen."""

BRIDGES = {0: (2, 0), 1: (2, 0), 2: (0, 0), 3: (0, 2), 4: (0, 2), 5: (0, 2), 6: (1, 1)}
"""Days off before and after a one-day holiday, by its weekday: three in a row, or one on a Wednesday."""


def _lunar(year: int, month: int, day: int) -> date:
    """A day of the moon's calendar as one of the sun's."""
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
