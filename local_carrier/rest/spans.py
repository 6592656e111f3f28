"""A span of time that a list is narrowed to: DateSent or StartTime, on, before or after a moment."""

from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from starlette.datastructures import QueryParams

from local_carrier.refusals import RefusedError

DAY = timedelta(days=1)


def span(query: QueryParams, name: str) -> tuple[datetime, datetime]:
    """Read the three forms of a moment; a bare day counts whole, a moment to its second."""
    try:
        return _bounds(query, name)
    except OverflowError:
        raise RefusedError(20001, f"{name} is out of range") from None


def _bounds(query: QueryParams, name: str) -> tuple[datetime, datetime]:
    earliest, latest = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if on := query.get(name):
        begin, length = _moment(on, name)
        earliest, latest = begin, begin + max(length, DAY if begin.time() == time() else timedelta(seconds=1))
    if after := query.get(name + ">"):
        earliest = max(earliest, _moment(after, name)[0])
    if before := query.get(name + "<"):
        begin, length = _moment(before, name)
        latest = min(latest, begin + length)
    return earliest, latest


def _moment(text: str, name: str) -> tuple[datetime, timedelta]:
    """Read a day, an ISO 8601 moment or an RFC 2822 date, and how long it lasts."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC), DAY
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1) if text[:1].isdigit() else text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            raise RefusedError(20001, f"Invalid {name}: {text}") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0), timedelta(seconds=1)
