"""Which day is the first Monday of a month, its last Friday, its second week or its last day."""

from __future__ import annotations

from datetime import date, timedelta

from outreach.calendar import Calendar
from outreach.times.long_spans import first_working, rests

WEEKDAYS = "一二三四五六日"
LAST = "后"


def day(first: date, nth: str, what: str, calendar: Calendar) -> date | None:
    """The day meant, given the month's first, 1 to 5 or 后 for the last, and 天, 工作日, 周 or a weekday; None where it has none, such as a fifth Friday."""
    after = (first + timedelta(days=31)).replace(day=1)
    if what == "天":
        found = after - timedelta(days=1) if nth == LAST else first + timedelta(days=int(nth) - 1)
    elif what == "工作日":
        working = [
            one for ahead in range((after - first).days) if not rests(one := first + timedelta(days=ahead), calendar)
        ]
        found = working[-1 if nth == LAST else int(nth) - 1]
    elif what == "周":
        # The first week is the one that the month begins in, the last the one it ends in.
        inside = after - timedelta(days=1) if nth == LAST else first + timedelta(weeks=int(nth) - 1)
        found = first_working(max(first, inside - timedelta(days=inside.weekday())), calendar)
    else:
        from_first = (WEEKDAYS.index(what) - first.weekday()) % 7
        found = first + timedelta(days=from_first)
        while nth == LAST and found + timedelta(weeks=1) < after:
            found += timedelta(weeks=1)
        found += timedelta(weeks=0 if nth == LAST else int(nth) - 1)
    return found if found < after else None
