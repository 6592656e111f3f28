"""Read the time in a customer's words. jionlp reads dates; what it gets wrong for visits is decided here.

Its known faults (rasa.md 3, carrier.md 10): 两点 is read as two at night, a date without a month stays in the past,
国庆后 is a span that has gone, 月底 and 下班以后 are not read at all.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from outreach import calendar as calendars
from outreach.calendar import Calendar, CalendarUnknown
from outreach.places import CONFIG
from outreach.times.colloquial import plain
from outreach.times.slot import Part, Slot

NOT_TIMES = re.compile(
    r"尾号\d+|\d+(?:\.\d+)?(?:元|块|万|%|折|人|个人|次|张|米|公里)|[一二两三四五六七八九十\d]+个?(?:人|次|张)|\d+分(?!钟)|差一?点|有点|一点儿?(?=也|都)|快点|早点|晚点|\d{5,}",
)
"""Numbers that only look like times."""
PARTS: tuple[tuple[re.Pattern[str], Part], ...] = (
    (re.compile(r"上午|早上|凌晨|一大早"), Part.MORNING),
    (re.compile(r"中午|下午|傍晚"), Part.AFTERNOON),
    (re.compile(r"晚上|下班[以之]?后|下了班|下班"), Part.EVENING),
)
EITHER = re.compile(r"(?:上午|早上).{0,3}(?:下午).{0,4}(?:都|均)")
DIGITS: Mapping[str, int] = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    "十一": 11, "十二": 12,
}  # fmt: skip
HOUR = re.compile(
    r"(?P<hour>\d{1,2}|十[一二]?|[零一二两三四五六七八九])(?:点|[:时](?=\d|$))(?P<rest>半|[一三]刻|\d{1,2}|[二三四五]?十[五]?)?",
)
HALF_DAY_HOURS = 12
FIRST_BUSINESS_HOUR = 8
"""A bare hour before this is meant in the afternoon: nobody comes to a branch at five in the morning."""
DATE_WORDS = re.compile(
    r"今天|明天|后天|大后天|昨天|前天|周[一二三四五六日1-6]|周末|[\d一二三四五六七八九十廿]+[号日]|月|初[一二三四五六七八九十]|"
    r"\d{1,2}[/\-]\d{1,2}|[一二两三四五六七八九十\d]+天[以之]?后|过[一二两三几\d]+天|下周|(?:半个?|[一二两三\d]+个?半?)(?:小时|钟头)[以之]?后|分钟[以之]?后",
)
HOLIDAYS: Mapping[str, str] = {
    "国庆": "国庆", "十一长假": "国庆", "春节": "春节", "过年": "春节", "年": "春节", "元旦": "元旦", "五一": "五一", "中秋": "中秋",
    "端午": "端午", "清明": "清明",
}  # fmt: skip
AFTER_HOLIDAY = re.compile(rf"(?:过完?|等)?({'|'.join(HOLIDAYS)})(?:节|假期|长假|假)?(?:[以之]?后|完)|过完(年)|(年)后")
MONTH_END = re.compile(r"(这个|本|下个?)?月(?:底|末)")
LATER_TODAY = re.compile(r"(半个?|[一二两三四五\d]+个?半?)(?:小时|钟头)[以之]?后")
VAGUE = re.compile(r"发工资|时间不定|随时|不一定|到时候|有空再|改天|哪天|什么时候|几点|几号|有时间")


@dataclass(frozen=True)
class Past:
    """A time that has gone."""

    slot: Slot


@dataclass(frozen=True)
class Unclear:
    """No time that could be kept."""

    why: str


Reading = Slot | Past | Unclear


def read(words: str, now: datetime, zone: str, calendar: Calendar | None = None) -> Reading:
    """Read the time that the words name, seen from `now` in `zone`. Never raises; never gives a time that has gone."""
    here = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    text = NOT_TIMES.sub("#", plain(words))
    try:
        return _read(text, here, calendar or _shipped())
    except (CalendarUnknown, OverflowError, ValueError):
        return Unclear("no date that exists")


def _read(text: str, here: datetime, calendar: Calendar) -> Reading:
    if match := LATER_TODAY.search(text):
        then = here + _hours(match[1])
        return Slot(then.date(), None, time(then.hour, then.minute))
    day = _date(text, here, calendar)
    if isinstance(day, Past):
        return day
    part, hour = _part(text), _hour(text)
    if part is None and "现在" in text:
        return Slot(here.date(), None, time(here.hour, here.minute))
    slot = Slot(day, part if hour is None else None, hour)
    if slot == Slot():
        return Unclear("vague" if VAGUE.search(text) else "no time")
    return slot


def _date(text: str, here: datetime, calendar: Calendar) -> date | Past | None:
    today = here.date()
    if match := AFTER_HOLIDAY.search(text):
        name = HOLIDAYS[next(group for group in match.groups() if group)]
        return _after_holiday(name, today, calendar)
    if match := MONTH_END.search(text):
        return _month_end(today, calendar, ahead=1 if (match[1] or "").startswith("下") else 0)
    if not DATE_WORDS.search(text):
        return None
    if "周末" in text:
        return _weekend(today, next_week="下周末" in text)
    parsed = _parse(text, here)
    if parsed is None:
        return None
    if parsed < today:
        rolled = _rolled(text, parsed, today)
        return rolled if rolled else Past(Slot(parsed))
    return parsed


def _rolled(text: str, parsed: date, today: date) -> date | None:
    """A day without a month, or a month without a year, is meant ahead; 昨天 is not."""
    if re.search(r"昨天|前天|上周|上个?月|去年", text):
        return None
    if re.search(r"周[一二三四五六日1-6]", text):
        return parsed + timedelta(days=7) if parsed + timedelta(days=7) >= today else None
    if re.search(r"月", text) or re.search(r"\d{1,2}[/\-]\d{1,2}", text):
        ahead = parsed.replace(year=parsed.year + 1)
        return ahead if ahead >= today else None
    month = parsed.replace(day=1) + timedelta(days=32)
    return month.replace(day=parsed.day)


def _parse(text: str, here: datetime) -> date | None:
    for found in _jionlp(text, here):
        detail = found.get("detail") or {}
        if found.get("type") == "time_delta":
            days = (detail.get("time") or {}).get("day")
            return here.date() + timedelta(days=int(days)) if days and days < 60 else None  # noqa: PLR2004
        moments = detail.get("time")
        if isinstance(moments, list) and moments:
            try:
                first = datetime.fromisoformat(str(moments[0])).date()
                last = datetime.fromisoformat(str(moments[-1])).date()
            except ValueError:
                continue
            if found.get("type") == "time_span" or (last - first).days > 2:  # noqa: PLR2004 - a week, a month: no date
                continue
            return first
    return None


def _part(text: str) -> Part | None:
    if EITHER.search(text):
        return Part.MORNING
    found = [(match.start(), part) for pattern, part in PARTS if (match := pattern.search(text))]
    return min(found)[1] if found else None


def _hour(text: str) -> time | None:
    match = HOUR.search(text)
    if match is None:
        return None
    hour = int(match["hour"]) if match["hour"].isdigit() else DIGITS[match["hour"]]
    minute = _minute(match["rest"])
    before = text[: match.start()]
    late = re.search(r"下午|晚上|傍晚|中午|下班", before) is not None
    early = re.search(r"上午|早上|凌晨", before) is not None
    if hour < HALF_DAY_HOURS and not early and (late or hour < FIRST_BUSINESS_HOUR):
        noon = "中午" in before and hour >= 11  # noqa: PLR2004
        hour += 0 if noon else HALF_DAY_HOURS
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def _minute(rest: str | None) -> int:
    if not rest:
        return 0
    if rest.isdigit():
        return int(rest)
    named = {"半": 30, "一刻": 15, "三刻": 45, "十": 10, "十五": 15, "二十": 20, "二十五": 25, "三十": 30, "三十五": 35}
    return named.get(rest, {"四十": 40, "四十五": 45, "五十": 50, "五十五": 55}.get(rest, 0))


def _after_holiday(name: str, today: date, calendar: Calendar) -> date:
    for year in (today.year, today.year + 1):
        if not calendar.knows(year):
            continue
        _, last = calendar.span(name, year)
        if last >= today:
            return calendar.next_working_day(last)
    raise CalendarUnknown(name)


def _month_end(today: date, calendar: Calendar, ahead: int) -> date:
    first = today.replace(day=1)
    for _ in range(ahead + 1):
        first = (first + timedelta(days=32)).replace(day=1)
    day = first - timedelta(days=1)
    while calendar.day(day).kind not in {calendars.DayKind.WORKING, calendars.DayKind.ADJUSTED_WORKING}:
        day -= timedelta(days=1)
    return day if day >= today else _month_end(today, calendar, ahead + 1)


def _weekend(today: date, next_week: bool) -> date:
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    if today.weekday() == 6:  # noqa: PLR2004 - on a Sunday the weekend is today
        saturday = today
    return saturday + timedelta(days=7) if next_week else saturday


def _hours(words: str) -> timedelta:
    if words.startswith("半"):
        return timedelta(minutes=30)
    half = words.endswith("半")
    number = words.rstrip("半").rstrip("个")
    hours = int(number) if number.isdigit() else DIGITS.get(number, 1)
    return timedelta(hours=min(hours, 23), minutes=30 if half else 0)


def _jionlp(text: str, here: datetime) -> list[dict[str, Any]]:
    try:
        found = _parser()(text, time_base=here.timestamp(), with_parsing=True)
    except Exception:  # noqa: BLE001 - it raises whatever it likes on odd input; no time is an answer
        return []
    return list(found or [])


@cache
def _parser() -> Any:
    """jionlp, imported once and late: it takes a second, prints a banner and warns of its own syntax."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        import jionlp  # noqa: PLC0415

        return jionlp.ner.extract_time


@cache
def _shipped() -> Calendar:
    return calendars.load(CONFIG / "holidays.yml")


