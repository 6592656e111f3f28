"""How long: `30m`, `48h`, `7d`, as campaign files write it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from outreach.said import Listed, Said, listed, named, said
from outreach.scripts.form import Form, Path

WRITTEN = re.compile(r"(\d{1,4})\s*(m|h|d)")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST = timedelta(days=366)


def read(form: Form, path: Path, value: Any) -> timedelta:
    """A span of time above nothing; what cannot be read becomes a problem with its line."""
    found = WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    span = int(found[1]) * UNITS[found[2]] if found else timedelta()
    if timedelta() < span <= LONGEST:
        return span
    form.refuse(path, said("is %(value)s", value=repr(value)), said("a span such as 30m, 48h or 7d"))
    return timedelta(days=1)


def in_words(span: timedelta) -> Listed:
    """A span as people read it."""
    minutes = round(span.total_seconds() / 60)
    days, left = divmod(minutes, 24 * 60)
    hours, minutes = divmod(left, 60)
    parts = [_count(count, unit) for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return listed(parts or [_count(0, "min")], " ")


def _count(count: int, unit: str) -> Said:
    return said("%(count)s %(unit)s", count=count, unit=named(unit))
