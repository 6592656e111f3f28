"""Which day is meant by a stretch of days: the end of a month, next week, after a holiday. A working day, if there is one."""

from __future__ import annotations

from datetime import date, timedelta

from outreach.calendar import Calendar, CalendarUnknown, DayKind

ONE_DAY = timedelta(days=1)
RESTING = {DayKind.WEEKEND, DayKind.HOLIDAY}

HOLIDAYS = {
    "元旦": "元旦", "春节": "春节", "过年": "春节", "清明": "清明", "五一": "五一", "劳动节": "五一",
    "端午": "端午", "中秋": "中秋", "国庆": "国庆",
}  # fmt: skip
"""What customers call the holidays, and what the calendar does."""

FIRST_DAYS = {"初": 1, "上旬": 1, "中旬": 11, "中": 15, "下旬": 21}


def month(today: date, words: str) -> date:
    """The first day of the month that 这个月, 下个月, 下下个月 or 上个月 means."""
    return _first(today, words.count("下") - words.count("上"))


def in_month(words: str, when: str, today: date, calendar: Calendar) -> date:
    """The day meant by 月底, 下个月初, 3月中旬; of a bare one the next that is still to come."""
    point = when.removeprefix("月")
    if words.removesuffix("月").isdigit():
        number = int(words.removesuffix("月"))
        first = today.replace(month=number, day=1)
        day = _point(first, point, today, calendar)
        return day if day >= today else _point(first.replace(year=first.year + 1), point, today, calendar)
    if words:
        return _point(month(today, words), point, today, calendar)
    day = _point(_first(today, 0), point, today, calendar)
    return day if day >= today else _point(_first(today, 1), point, today, calendar)


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
    while found > today and _rests(found, calendar):
        found -= ONE_DAY
    return day if _rests(found, calendar) else found


def first_working(day: date, calendar: Calendar) -> date:
    """The first working day from a day on."""
    while _rests(day, calendar):
        day += ONE_DAY
    return day


def _point(first: date, point: str, today: date, calendar: Calendar) -> date:
    if point == "底":
        return last_working(_first(first, 1) - ONE_DAY, today, calendar)
    return first_working(first.replace(day=FIRST_DAYS.get(point, 1)), calendar)


def _first(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _rests(day: date, calendar: Calendar) -> bool:
    # In a year that nobody knows, its weekday is all that can be told.
    return calendar.day(day).kind in RESTING if calendar.knows(day.year) else day.weekday() > 4  # noqa: PLR2004
