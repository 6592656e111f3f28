"""Which messages a list shows: To, From, and DateSent on, before or after a moment."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from starlette.datastructures import QueryParams

from local_carrier.carrier import Carrier
from local_carrier.message import Message
from local_carrier.refusals import RefusedError

DAY = timedelta(days=1)


def matching(carrier: Carrier, query: QueryParams) -> Iterator[Message]:
    """Walk the messages that a list asks for, newest first. A message that has not left yet counts by its creation."""
    to, from_ = query.get("To", ""), query.get("From", "")
    earliest, latest = _span(query)
    handset = next((number for number in (to, from_) if number and number not in carrier.numbers), None)
    for message in carrier.ledger.newest_first(handset):
        sent = (message.sent or message.created).replace(microsecond=0)
        if (not to or message.to == to) and (not from_ or message.from_ == from_) and earliest <= sent < latest:
            yield message


def _span(query: QueryParams) -> tuple[datetime, datetime]:
    """Read the three forms of DateSent; a bare day counts whole, a moment to its second."""
    try:
        return _bounds(query)
    except OverflowError:
        raise RefusedError(20001, "DateSent is out of range") from None


def _bounds(query: QueryParams) -> tuple[datetime, datetime]:
    earliest, latest = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if on := query.get("DateSent"):
        begin, length = _moment(on)
        earliest, latest = begin, begin + max(length, DAY if begin.time() == time() else timedelta(seconds=1))
    if after := query.get("DateSent>"):
        earliest = max(earliest, _moment(after)[0])
    if before := query.get("DateSent<"):
        begin, length = _moment(before)
        latest = min(latest, begin + length)
    return earliest, latest


def _moment(text: str) -> tuple[datetime, timedelta]:
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
            raise RefusedError(20001, f"Invalid DateSent: {text}") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0), timedelta(seconds=1)
