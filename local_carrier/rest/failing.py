"""What the fault plan does to a create: before the text is taken, or after, when only the answer is lost."""

import asyncio

from fastapi import Request, Response

from local_carrier.faults import Fault, Rule
from local_carrier.refusals import RefusedError
from local_carrier.wire import WIRE


async def suffers_before(rule: Rule, request: Request) -> Response | None:
    """Fail a create that must leave no message behind; none means that the text is to be taken."""
    if rule.do is Fault.REFUSE_500:
        raise RefusedError(20500)
    if rule.do is Fault.THROTTLE_429:
        raise RefusedError(20429)
    return None if rule.accepted else await fail(rule, request)


async def fail(rule: Rule, request: Request) -> Response | None:
    """Lose, spoil or delay the answer; none means that it is given after all."""
    if rule.do is Fault.ACCEPT_THEN_500:
        raise RefusedError(20500)
    if rule.do in (Fault.DELAY, Fault.HANG):
        await asyncio.sleep(rule.seconds)
    if rule.do in (Fault.RESET, Fault.HANG):
        request.scope[WIRE].cut = True
        return Response(status_code=500)  # never leaves: the wire is cut instead
    return None
