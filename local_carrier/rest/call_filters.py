"""Which calls a list shows: To, From, Status, the call that dialled, and StartTime on, before or after a moment."""

from collections.abc import Iterator

from starlette.datastructures import QueryParams

from local_carrier.calls.call import Call, shown_status
from local_carrier.carrier import Carrier

from .spans import span


def matching(carrier: Carrier, query: QueryParams) -> Iterator[Call]:
    """Walk the calls that a list asks for, newest first. A call that has not left yet counts by its creation."""
    to, from_, status, parent = (query.get(name, "") for name in ("To", "From", "Status", "ParentCallSid"))
    earliest, latest = span(query, "StartTime")
    for call in reversed(carrier.exchange.of(to)) if to else carrier.exchange.newest_first():
        started = (call.started or call.created).replace(microsecond=0)
        wanted = (to, from_, status, parent)
        has = (call.to, call.from_, shown_status(call), call.parent_sid)
        if all(not want or want == is_ for want, is_ in zip(wanted, has, strict=True)) and earliest <= started < latest:
            yield call
