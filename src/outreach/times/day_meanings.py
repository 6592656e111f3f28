"""Which date each kind of phrase means.

Each has its own way of being ahead: a bare weekday means this week's or the next, 十五号 this month's or the next, 三月五号
this year's or the next; what names its week, month or year stays there, even if that has gone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta

from lunar_python import Lunar, Solar

from outreach.times import long_spans
from outreach.times import nth_of_month as nth
from outreach.times.jionlp_dates import begins
from outreach.times.named import Named
from outreach.times.today import Today, next_month, next_week, next_year

Match = re.Match[str]
FIRST_DAYS = "一二三四五六七八九十"
LAST_LUNAR_MONTH = 12
NO_SUCH_DAY = "no such day"
VAGUE = "no day named"
SOON = timedelta(days=60)
MINUTES = re.compile(r"[1-5][05]")

NAMED = {
    "大年三十": "除夕", "年三十": "除夕", "腊八节": "腊月初八", "腊八": "腊月初八", "小年": "腊月二十三",
    "妇女节": "3月8日", "儿童节": "6月1日", "双十一": "11月11日", "双11": "11月11日", "双十二": "12月12日",
    "双12": "12月12日", "平安夜": "12月24日",
}  # fmt: skip
"""Days with a name that jionlp does not know, and what it does know them by."""


def _at(match: Match, day: date | None, why: str = NO_SUCH_DAY) -> Named:
    return Named(match.start(), match.end(), date=day, why="" if day else why)


def exactly(match: Match, today: Today) -> Named:
    return _at(match, today.exactly(match[0]))


def moment(match: Match, today: Today) -> Named:
    then = begins(match[0], today.here)
    if then is None:
        return _at(match, None)
    return Named(match.start(), match.end(), date=then.date(), moment=time(then.hour, then.minute))


def at_once(match: Match, today: Today) -> Named:
    now = time(today.here.hour, today.here.minute)
    return Named(match.start(), match.end(), date=today.day, moment=now)


def this_hour(match: Match, today: Today) -> Named:
    now = time(today.here.hour, today.here.minute)
    return Named(match.start(), match.end(), date=today.exactly(match["day"]), moment=now)


def after_days(match: Match, today: Today) -> Named:
    count = {"半": 0.5}.get(match["count"]) or int(match["count"])
    days = {"天": 1, "周": 7, "月": 30, "年": 365}[match["unit"]] * count
    named = _at(match, today.exactly(f"{round(days)}天{match['way']}"))
    return _week(named) if match["unit"] == "周" else named


def weekday(match: Match, today: Today) -> Named:
    if match["week"]:
        return replace(exactly(match, today), weekday=True)
    day = today.coming(match[0], next_week)
    return Named(match.start(), match.end(), date=day, weekly=True, weekday=True)


def same_weekday(match: Match, today: Today) -> Named:
    return _at(match, today.day + timedelta(weeks=match["weeks"].count("下")))


def weekend(match: Match, today: Today) -> Named:
    monday = today.day - timedelta(days=today.day.weekday())
    weeks = {"下下": 2, "下": 1, "上": -1}.get(match["week"] or "", 0)
    saturday = monday + timedelta(days=5 + 7 * weeks)
    named = _at(match, today.day if saturday == today.day - timedelta(days=1) else saturday)
    return replace(named, within=(saturday, saturday + timedelta(days=1)))


def month_and_day(match: Match, today: Today) -> Named:
    if match["year"]:
        return _at(match, today.exactly(f"{match['year']}{match['month']}月{match['day']}日"))
    return _at(match, today.nearest(int(match["month"]), int(match["day"])))


def dotted(match: Match, today: Today) -> Named:
    """12.1 is a date; 9.30 is an hour, unless that is a day soon to come."""
    day = today.nearest(int(match["month"]), int(match["day"]))
    soon = day is not None and today.day <= day <= today.day + SOON
    if MINUTES.fullmatch(match["day"]) and match["dot"] == "." and match["said"] is None and not soon:
        return Named(match.start(), match.end(), hour=(int(match["month"]), int(match["day"])))
    return _at(match, day)


def no_such_day(match: Match, _today: Today) -> Named:
    return _at(match, None)


def written(match: Match, today: Today) -> Named:
    phrase = f"{match['y']}年{int(match['m'])}月{int(match['d'])}日"
    return _at(match, today.exactly(phrase))


def day_of_month(match: Match, today: Today) -> Named:
    phrase = f"{match['day']}号"
    if not match["month"]:
        return _at(match, today.coming(phrase, next_month))
    first = long_spans.month(today, match["month"])
    day = today.exactly(phrase, first)
    return _at(match, day if day and day.month == first.month else None)


def lunar_date(match: Match, today: Today) -> Named:
    return _at(match, today.coming(re.sub(r"^大?年", "正月", match[0]), next_year))


def lunar_numbers(match: Match, today: Today) -> Named:
    """农历十月二十, the next one that is still to come."""
    month, day = int(match["month"]), int(match["day"])
    for year in (today.day.year - 1, today.day.year, today.day.year + 1):
        try:
            solar = Lunar.fromYmd(year, month, day).getSolar()
        except Exception:  # noqa: BLE001, S112 - it raises a bare Exception for a day that the month does not have
            continue
        found = date(solar.getYear(), solar.getMonth(), solar.getDay())
        if found >= today.day:
            return _at(match, found)
    return _at(match, None)


def lunar_day(match: Match, today: Today) -> Named:
    number = FIRST_DAYS.index(match["day"]) + 1
    days = (today.day + timedelta(days=ahead) for ahead in range(61))
    lunar = [(day, Solar.fromYmd(day.year, day.month, day.day).getLunar()) for day in days]
    # Before the new year, 初八 is the new year's.
    new_year = abs(lunar[0][1].getMonth()) == LAST_LUNAR_MONTH  # a leap month is counted as minus its number
    found = (day for day, moon in lunar if moon.getDay() == number and (moon.getMonth() == 1 or not new_year))
    return _at(match, next(found, None))


def named_day(match: Match, today: Today) -> Named:
    return _at(match, today.coming(NAMED.get(match[0], match[0]), next_year))


def holiday(match: Match, today: Today) -> Named:
    if match["way"] == "前":
        return _at(match, None, VAGUE)
    name = long_spans.HOLIDAYS[match["name"]]
    if match["way"] or match["over"]:
        return _from(_at(match, long_spans.after_holiday(name, today.day, today.calendar)))
    return _at(match, today.coming(f"{name}", next_year))


def after_new_year(match: Match, today: Today) -> Named:
    return _from(_at(match, long_spans.after_holiday("春节", today.day, today.calendar)))


def after_next_holiday(match: Match, today: Today) -> Named:
    return _from(_at(match, long_spans.after_next_holiday(today.day, today.calendar)))


def in_month(match: Match, today: Today) -> Named:
    if match["month"] == f"{today.day.month}月" and not (match["year"] or match["when"]):
        return _at(match, None, VAGUE)
    day, within = long_spans.in_month(match["month"] or "", match["year"] or "", match["when"] or "", today)
    return replace(_at(match, day), within=within)


def nth_of_month(match: Match, today: Today) -> Named:
    first = long_spans.month(today, match["month"], match["year"] or "")
    named = _at(match, nth.day(first, match["nth"][1], match["weekday"] or match["unit"], today.calendar))
    return _week(named) if match["unit"] == "周" else named


def in_week(match: Match, today: Today) -> Named:
    return _week(_at(match, long_spans.in_week(match["week"], match["when"] or "", today.day, today.calendar)))


def year_end(match: Match, today: Today) -> Named:
    year = today.day.year + long_spans.YEARS[f"{match['year'] or '今'}年"]
    return _at(match, long_spans.last_working(date(year, 12, 31), today.day, today.calendar))


def vague(match: Match, _today: Today) -> Named:
    return _at(match, None, VAGUE)


def october_holiday(match: Match, today: Today) -> Named:
    """十一 is the National Day only beside 后 or 假期; alone it is a number."""
    return _from(_at(match, long_spans.after_holiday("国庆", today.day, today.calendar)))


def _week(named: Named) -> Named:
    """The same, as a week from Monday to Sunday."""
    if named.date is None:
        return named
    monday = named.date - timedelta(days=named.date.weekday())
    return replace(named, within=(monday, monday + timedelta(days=6)))


def _from(named: Named) -> Named:
    """The same, as the week that begins with it."""
    return replace(named, within=(named.date, named.date + timedelta(days=6))) if named.date else named
