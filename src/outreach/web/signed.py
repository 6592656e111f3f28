"""A signed webhook: verified, read, answered. The database being away is a 503: the carrier tries again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import structlog
from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from prometheus_client import Histogram
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from outreach.carrier import signature
from outreach.carrier.callbacks import NotUnderstood
from outreach.runtime import Runtime

log = structlog.get_logger()

ANSWERED = Histogram("outreach_webhook_seconds", "How long the carrier waited for our answer", ["path", "status"])
LONGEST_BODY = 256 * 1024
"""Bytes; a text has at most 1,600 characters, so anything near this is not the carrier's."""
XML = "text/xml"
Verb = Callable[[Mapping[str, str]], Response]


async def answer_signed(
    runtime: Runtime, request: Request, verb: Verb, hands: CapacityLimiter | None = None
) -> Response:
    """Verify a webhook, read its form, and answer as `verb` does; what cannot be believed or read is refused.

    `hands` limits how many verbs run at once; those that wait for nothing but the store are done sooner when they are few.
    """
    since = time.monotonic()
    answer = await _answered(runtime, request, verb, hands)
    # The route's path, not the request's: ids would make a time series each.
    ANSWERED.labels(request.scope["route"].path, answer.status_code).observe(time.monotonic() - since)
    return answer


async def _answered(runtime: Runtime, request: Request, verb: Verb, hands: CapacityLimiter | None) -> Response:
    body = await _read(request)
    if body is None:
        return Response(status_code=413)
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{runtime.settings.public_url}{request.url.path}{query}"
    if not signature.valid(runtime.tokens, url, body, request.headers.get("X-Twilio-Signature")):
        log.warning("webhook_not_signed", path=request.url.path)
        return Response(status_code=403)
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return await to_thread.run_sync(_undisturbed, verb, form, limiter=hands)
    except NotUnderstood as error:
        log.warning("webhook_not_understood", path=request.url.path, field=error.field)
        return Response(status_code=400, content=str(error), media_type="text/plain")
    except (DBAPIError, PoolTimeout) as error:
        log.warning("store_away", error=type(error).__name__)
        return Response(status_code=503)


def _undisturbed(verb: Verb, form: Mapping[str, str]) -> Response:
    """Run a verb, once more where the database broke off one of two that were waiting for each other."""
    try:
        return verb(form)
    except OperationalError as error:
        if not isinstance(error.orig, DeadlockDetected):
            raise
        log.warning("deadlock_broken")
        return verb(form)


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)
