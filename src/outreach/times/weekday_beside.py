"""Read a weekday by what is said beside it: 周二（12月1号） is one day, 下个月的周五 one of a month, 下周三或周四 of one week."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from outreach.times.named import Named

CONTRADICTION = "weekday and date contradict each other"
BESIDE = re.compile(r"的|是|吧?,?")
ALTERNATIVES = re.compile(r"都|两天|[或和跟]")


def together(text: str, named: Iterable[Named]) -> list[Named]:
    """The mentions, with each weekday and the date beside it made one."""
    found: list[Named] = []
    week: Named | None = None
    for one in sorted(named, key=lambda one: one.start):
        one = _of_the_same_week(one, week)  # noqa: PLW2901 - it is the same one, read better
        week = one if one.weekday else week
        gap = text[found[-1].end : one.start] if found else "-"
        alternatives = ALTERNATIVES.match(text, one.end)
        joined = _one(found[-1], one, gap) if BESIDE.fullmatch(gap) and not alternatives else None
        if joined:
            found[-1] = joined
        else:
            found.append(one)
    return found


def _one(first: Named, second: Named, gap: str) -> Named | None:
    """The day that both name; None where they are no weekday and date, or two alternatives."""
    weekday, other = (first, second) if first.weekday else (second, first)
    if weekday.date is None or other.date is None or not weekday.weekday or other.weekday:
        return None
    listed = gap not in {"", "的"}
    if other.within:
        earliest, latest = other.within
        day = earliest + timedelta(days=(weekday.date - earliest).days % 7) if weekday.weekly else weekday.date
        return Named(first.start, second.end, date=day) if earliest <= day <= latest and gap != "是" else None
    if weekday.date.weekday() == other.date.weekday() if weekday.weekly else weekday.date == other.date:
        return Named(first.start, second.end, date=other.date)
    # 不是明天是周四 names two days.
    return None if listed else Named(first.start, second.end, why=CONTRADICTION)


def _of_the_same_week(one: Named, before: Named | None) -> Named:
    """下周三到家，周四去 is Thursday of that week, and so is 周二 after a 周一 that is next week's."""
    if not one.weekly or one.date is None or before is None or before.date is None:
        return one
    later = one.date.weekday() - before.date.weekday()
    day = before.date + timedelta(days=later)
    next_to_it = later == 1 or (later > 1 and not before.weekly)  # 周一到周五 is every week's
    return replace(one, date=day, weekly=False) if next_to_it and day > one.date else one
