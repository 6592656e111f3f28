"""Which day is meant by a stretch of days: the end of a month, next week, after a holiday. A working day, if there is one."""

from __future__ import annotations

from datetime import date, timedelta

from outreach.calendar import Calendar, CalendarUnknown, DayKind
from outreach.times.named import Stretch
from outreach.times.today import Today

ONE_DAY = timedelta(days=1)
RESTING = {DayKind.WEEKEND, DayKind.HOLIDAY}

HOLIDAYS = {
    "元旦": "元旦", "春节": "春节", "过年": "春节", "清明": "清明", "五一": "五一", "劳动节": "五一",
    "端午": "端午", "中秋": "中秋", "国庆": "国庆",
}  # fmt: skip
"""What customers call the holidays, and what the calendar does."""

YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
FIRST_DAYS = {"初": 1, "上旬": 1, "中旬": 11, "中": 15, "下旬": 21}


def month(today: Today, words: str, year: str = "") -> date:
    """The first day of the month that 这个月, 下个月, 3月 or 明年3月 means; of a bare 3月 the nearest."""
    if words.endswith("个月"):
        return _first(today.day, words.count("下") - words.count("上"))
    number = int(words.removesuffix("月"))
    if year:
        return date(_year(today, year), number, 1)
    years = (today.day.year - 1, today.day.year, today.day.year + 1)
    return min((date(year, number, 1) for year in years), key=today.distance)


def in_month(words: str, year: str, when: str, today: Today) -> tuple[date, Stretch]:
    """The day meant by 月底, 下个月初, 3月中旬, and the days it may be; of a bare one the next that is still to come."""
    point = when.removeprefix("月")
    if words:
        return _point(month(today, words, year), point, today)
    found = _point(_first(today.day, 0), point, today)
    return found if found[0] >= today.day else _point(_first(today.day, 1), point, today)


def in_week(words: str, when: str, today: date, calendar: Calendar) -> date:
    """The day meant by 下周: its first working day, or its middle."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=words.count("下") - words.count("上"))
    return first_working(monday + timedelta(days=2) if when == "中" else monday, calendar)


def after_holiday(name: str, today: date, calendar: Calendar) -> date | None:
    """The first working day after a holiday that is not over yet; None where its dates are not known."""
    try:
        for year in (today.year, today.year + 1):
            _, last = calendar.span(name, year)
            if last >= today:
                return calendar.next_working_day(last)
    except CalendarUnknown:
        pass
    return None


def after_next_holiday(today: date, calendar: Calendar) -> date | None:
    """The first working day after the holiday that is on or comes next."""
    days = [day for name in set(HOLIDAYS.values()) if (day := after_holiday(name, today, calendar))]
    return min(days, default=None)


def last_working(day: date, today: date, calendar: Calendar) -> date:
    """The last working day up to a day, but not before today."""
    found = day
    while found > today and rests(found, calendar):
        found -= ONE_DAY
    return day if rests(found, calendar) else found


def first_working(day: date, calendar: Calendar) -> date:
    """The first working day from a day on."""
    while rests(day, calendar):
        day += ONE_DAY
    return day


def _point(first: date, point: str, today: Today) -> tuple[date, Stretch]:
    last = _first(first, 1) - ONE_DAY
    if point == "底":
        return last_working(last, today.day, today.calendar), (last - timedelta(days=6), last)
    since = first.replace(day=FIRST_DAYS.get(point, 1))
    return first_working(since, today.calendar), (since, since + timedelta(days=9) if point else last)


def _year(today: Today, words: str) -> int:
    return today.day.year + YEARS[words] if words in YEARS else int(words.removesuffix("年"))


def _first(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def rests(day: date, calendar: Calendar) -> bool:
    """Whether a day is no working day."""
    # In a year that nobody knows, its weekday is all that can be told.
    return calendar.day(day).kind in RESTING if calendar.knows(day.year) else day.weekday() > 4  # noqa: PLR2004
