"""Which messages a list shows: To, From, and DateSent on, before or after a moment."""

from collections.abc import Iterator

from starlette.datastructures import QueryParams

from local_carrier.carrier import Carrier
from local_carrier.message import Message

from .spans import span


def matching(carrier: Carrier, query: QueryParams) -> Iterator[Message]:
    """Walk the messages that a list asks for, newest first. A message that has not left yet counts by its creation."""
    to, from_ = query.get("To", ""), query.get("From", "")
    earliest, latest = span(query, "DateSent")
    handset = next((number for number in (to, from_) if number and number not in carrier.numbers), None)
    for message in carrier.ledger.newest_first(handset):
        sent = (message.sent or message.created).replace(microsecond=0)
        if (not to or message.to == to) and (not from_ or message.from_ == from_) and earliest <= sent < latest:
            yield message
