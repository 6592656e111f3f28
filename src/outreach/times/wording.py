"""Name a time in the words of a text."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.times.opening_hours import WEEKDAYS, Hours
from outreach.times.slot import Part, Slot

NEAR = ("今天", "明天", "后天")
DAYS = "一二三四五六日"
PARTS = {Part.MORNING: "上午", Part.AFTERNOON: "下午", Part.EVENING: "晚上"}


def say(slot: Slot, now: datetime, zone: str) -> str:
    """A time as one reads it back: 明天（11月24日周二）下午3点."""
    return _day(slot, now, zone) + _time(slot)


def say_hours(hours: Hours) -> str:
    """Opening hours, days with the same hours together: 周一至周五9:00-17:00."""
    told = []
    groups: list[tuple[int, int, str]] = []
    for index, day in enumerate(WEEKDAYS):
        open_at = "、".join(f"{start.hour}:{start:%M}-{end.hour}:{end:%M}" for start, end in hours.week.get(day, ()))
        if groups and groups[-1][2] == open_at and groups[-1][1] == index - 1:
            groups[-1] = (groups[-1][0], index, open_at)
        else:
            groups.append((index, index, open_at))
    for first, last, open_at in groups:
        if open_at:
            days = f"周{DAYS[first]}" if first == last else f"周{DAYS[first]}至周{DAYS[last]}"
            told.append(days + open_at)
    return "，".join(told)


def _day(slot: Slot, now: datetime, zone: str) -> str:
    if slot.date is None:
        return ""
    ahead = (slot.date - now.astimezone(ZoneInfo(zone)).date()).days
    dated = f"{slot.date.month}月{slot.date.day}日周{DAYS[slot.date.weekday()]}"
    return f"{NEAR[ahead]}（{dated}）" if 0 <= ahead < len(NEAR) else dated


def _time(slot: Slot) -> str:
    part = PARTS[slot.part] if slot.part else ""
    if slot.hour is None:
        return part
    hour = slot.hour.hour - 12 if slot.hour.hour > 12 else slot.hour.hour  # noqa: PLR2004
    if slot.hour.minute == 0:
        return f"{part}{hour}点"
    return f"{part}{hour}点半" if slot.hour.minute == 30 else f"{part}{hour}点{slot.hour.minute}分"  # noqa: PLR2004
