"""How a time and opening hours are worded in a text or read out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from outreach.times.opening_hours import Hours, Interval
from outreach.times.slot import NOON, SIX, Part, Slot

WEEKDAYS = "一二三四五六日"
NEAR = ("今天", "明天", "后天")
PARTS = {Part.MORNING: "上午", Part.AFTERNOON: "下午", Part.EVENING: "晚上"}
DAWN = time(6)
ONE = time(13)


def say(slot: Slot, now: datetime, zone: str) -> str:
    """Word a slot as staff would: 明天（11月24日周二）下午3点, 11月27日周五上午; what it lacks is left out."""
    day = _day(slot.date, now.astimezone(ZoneInfo(zone)).date()) if slot.date else ""
    if slot.hour is not None:
        return day + _hour(slot.hour)
    return day + (PARTS[slot.part] if slot.part else "")


def say_hours(hours: Hours) -> str:
    """Word opening hours: 周一至周五9:00-17:00，周六10:00-15:00."""
    worded = "，".join(_days(first, last) + _intervals(hours.week[first]) for first, last in _runs(hours))
    return f"{worded}，节假日照常" if hours.on_holidays else worded


def _day(day: date, today: date) -> str:
    dated = f"{day.month}月{day.day}日周{WEEKDAYS[day.weekday()]}"
    if day.year != today.year:
        dated = f"{day.year}年{dated}"
    ahead = (day - today).days
    return f"{NEAR[ahead]}（{dated}）" if 0 <= ahead < len(NEAR) else dated


def _hour(hour: time) -> str:
    """下午3点, 上午10点半, 中午12点05分."""
    twelve = (hour.hour - 1) % 12 + 1 if hour.hour else 0
    minutes = {0: "", 30: "半"}.get(hour.minute, f"{hour.minute:02}分")
    return f"{_part(hour)}{twelve}点{minutes}"


def _part(hour: time) -> str:
    if hour < DAWN:
        return "凌晨"
    if hour < NOON:
        return "上午"
    if hour < ONE:
        return "中午"
    return "下午" if hour < SIX else "晚上"


def _runs(hours: Hours) -> Iterator[tuple[int, int]]:
    """The first and last weekday of each run of open days with the same hours."""
    first = 0
    for earlier, later in pairwise((*range(len(hours.week)), None)):
        if earlier is not None and (later is None or hours.week[later] != hours.week[earlier]):
            if hours.week[earlier]:
                yield first, earlier
            first = earlier + 1


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "每天"
    if first == last:
        return f"周{WEEKDAYS[first]}"
    return f"周{WEEKDAYS[first]}至周{WEEKDAYS[last]}"


def _intervals(intervals: tuple[Interval, ...]) -> str:
    return "、".join(f"{_clock(start)}-{_clock(end)}" for start, end in intervals)


def _clock(hour: time) -> str:
    return f"{hour.hour}:{hour.minute:02}"
