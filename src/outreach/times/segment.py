"""Make a slot of what one stretch of a message names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outreach.times.clock_words import part_of, time_of
from outreach.times.named import AFTERNOON, EVENING, MORNING, NOON, Named
from outreach.times.slot import NOON as MIDDAY
from outreach.times.slot import Part, Slot

PARTS = {Part.MORNING: MORNING, Part.AFTERNOON: AFTERNOON, Part.EVENING: EVENING, None: ""}
FIRST_MORNING_HOUR = 7


def slot_of(segment: Sequence[Named], before: Slot, here: datetime) -> Slot:
    """What a stretch names, seen from here and after what was named before: of each kind the first, of dates one that is not over."""
    moment = next((one for one in segment if one.moment), None)
    if moment:
        return Slot(moment.date, None, moment.moment)
    days = [one.date for one in segment if one.date]
    ahead = [day for day in days if day >= here.date()] or days
    day = max(ahead, key=ahead.count, default=None)  # 周三还是周四，周四吧
    part = next((one.part for one in segment if one.part), "")
    said = next((one for one in segment if one.hour), None)
    if said is None or said.hour is None:
        if part == NOON:
            return Slot(day, None, MIDDAY)
        return Slot(day, part_of(part) if part else None, None)
    beside = _part_beside(said, segment, before)
    hour = time_of(said.hour, beside)
    if hour and not beside and hour < MIDDAY and day == here.date() and hour <= here.time():
        hour = hour.replace(hour=hour.hour + 12)  # nine o'clock today, said at ten, is tonight's
    return Slot(day, None if hour else part_of(beside), hour)


def _part_beside(said: Named, segment: Sequence[Named], before: Slot) -> str:
    """The part of the day that an hour lies in: one said right before it, or one further off that can be."""
    parts = [one for one in segment if one.part]
    near = next((one for one in reversed(parts) if one.end <= said.start), parts[0] if parts else None)
    if near and said.start - near.end <= 1 and near.start - said.end <= 1:
        return near.part
    part = near.part if near else PARTS[before.part]
    # 上午十点不行，两点吧 is no hour of the night, and 下午四点，不，十点 none either.
    hour = said.hour[0] if said.hour else 0
    night = (
        1 <= hour < FIRST_MORNING_HOUR
        if part in {MORNING, NOON}
        else part == AFTERNOON and not near and hour > FIRST_MORNING_HOUR
    )
    return "" if night else part
