"""Find the parts of the day and the hours that a message names, and tell which half of the day an hour means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from outreach.times.named import AFTERNOON, DAWN, EVENING, MORNING, NOON, PARTS, Named
from outreach.times.slot import NOON as MIDDAY
from outreach.times.slot import Part

# 早上好 and 下午好 are greetings; 下午好吗 is not.
PART = re.compile(rf"({'|'.join(PARTS)})(?!好(?:$|[,!您你我请]))")
NOT_POINTS = (
    r"(?!\d(?![\d分刻个位人点])|个?(?:要求|意见|建议|原因|理由|问题|好处|说明|疑问|看法|积分|百分点|评)|[数击水])"
)
HOUR = re.compile(
    r"(?<![\d.:第/])(?:差(?P<short>\d{1,2}分|[13]刻)钟?到?)?(?P<hour>[01]?\d|2[0-3])"
    rf"(?:点{NOT_POINTS}(?:过?(?P<minute>半|[13]刻|[0-5]\d(?![\d个位人块元万点])|\d(?=分))分?)?|:(?P<digits>[0-5]\d)(?!\d))"
    r"(?:差(?P<shy>\d{1,2}分|[13]刻))?(?P<before>前)?(?P<off>(?:多|才|能|就)*(?:放工|到家))?"
)
RATES = re.compile(r"(?:利率|利息|年化|费率|百分之|收益|第)[是约到为]?$")
ANOTHER_DAY = re.compile("[天周号月]")
QUARTERS = {"半": 30, "1刻": 15, "3刻": 45}

LAST_BARE_AFTERNOON_HOUR = 7
"""A bare 一点 to 七点 is after noon: nobody comes to a bank or wants a call before eight in the morning."""
FIRST_EVENING_HOUR = 5
HALF_A_DAY = 12


def clock_words(text: str) -> Iterator[Named]:
    """The parts and hours in a message that is already plain."""
    for match in PART.finditer(text):
        yield Named(match.start(), match.end(), part=match[1])
    left_work = None
    for match in HOUR.finditer(text):
        if RATES.search(text[: match.start()]):
            continue
        hour, minute = _said(match)
        part = _part_before(text, match.start())
        if match["off"] and part not in {DAWN, MORNING}:
            left_work = match
        same_day = left_work and not ANOTHER_DAY.search(text, left_work.start(), match.start())
        if same_day and not part and hour < HALF_A_DAY:  # nobody leaves work in the morning: 八点下班，九点打
            hour += HALF_A_DAY
        if match["before"]:  # before three leaves open when; the half of the day is all it says
            bare = time_of((hour, minute), part)
            yield Named(match.start(), match.end(), part=_word(bare) if bare else EVENING)
        else:
            end = match.start("off") if match["off"] else match.end()
            yield Named(match.start(), end, hour=(hour, minute))


def time_of(said: tuple[int, int], part: str) -> time | None:
    """Which time of day an hour means beside a part, or alone in business sense; None for one past midnight."""
    hour, minute = said
    if hour > HALF_A_DAY:
        return time(hour, minute)
    if part == EVENING:
        return time(hour + HALF_A_DAY, minute) if FIRST_EVENING_HOUR <= hour < HALF_A_DAY else None
    if part == DAWN:
        return time(hour % HALF_A_DAY, minute)
    if part == MORNING:
        return time(hour, minute)
    latest = {AFTERNOON: 11, NOON: 3}.get(part, LAST_BARE_AFTERNOON_HOUR)
    return time(hour + HALF_A_DAY if 1 <= hour <= latest else hour, minute)


def part_of(word: str) -> Part:
    """The part of the day that a word means."""
    if word in {DAWN, MORNING}:
        return Part.MORNING
    return Part.EVENING if word == EVENING else Part.AFTERNOON


def _said(match: re.Match[str]) -> tuple[int, int]:
    minute = match["minute"] or match["digits"] or "0"
    minutes = int(match["hour"]) * 60 + (QUARTERS[minute] if minute in QUARTERS else int(minute))
    if short := match["short"] or match["shy"]:
        minutes -= QUARTERS[short] if short in QUARTERS else int(short.removesuffix("分"))
    # 差五分一点 is still said of the afternoon.
    minutes %= HALF_A_DAY * 60 if minutes < 0 else 24 * 60
    return minutes // 60, minutes % 60


def _part_before(text: str, start: int) -> str:
    return next((part for part in PARTS if text[:start].endswith(part)), "")


def _word(hour: time) -> str:
    """The part of the day that is over at an hour: before twelve is in the morning."""
    if hour == MIDDAY:
        return MORNING
    return {Part.MORNING: MORNING, Part.AFTERNOON: AFTERNOON, Part.EVENING: EVENING}[Part.of(hour)]
