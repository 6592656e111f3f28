"""The carrier's door: signed webhooks and a short /health, nothing else.

A route verifies, parses, calls one verb and answers. The database being away is a 503: the carrier tries again.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import structlog
from anyio import CapacityLimiter
from fastapi import FastAPI, Request, Response

from outreach import queue
from outreach.campaigns import settle
from outreach.carrier import callbacks, twiml
from outreach.conversations import inbound
from outreach.conversations.inbound import Arrived
from outreach.runtime import STATUS_PATH, Runtime
from outreach.web import health, leaving, voice_door
from outreach.web.signed import XML, answer_signed

log = structlog.get_logger()

INBOUND_PATH = "/twilio/sms/inbound"
TEXTS_AT_ONCE = 8
"""Texts and reports taken in at the same moment. More threads would only wait for each other and for the store's connections;
in a crowd all of them would be late, and the calls with them."""


def build(runtime: Runtime) -> FastAPI:
    """The application of the carrier's door."""
    app = FastAPI(title="Outreach: the carrier's door", docs_url=None, redoc_url=None, openapi_url=None)
    hands = CapacityLimiter(TEXTS_AT_ONCE)

    @app.post(INBOUND_PATH)
    async def receive_text(request: Request) -> Response:
        """Record a text the moment it arrives; it is answered after the carrier has our word."""
        token = request.headers.get("I-Twilio-Idempotency-Token")
        return await answer_signed(runtime, request, lambda form: _receive_text(runtime, form, token), hands)

    @app.post(STATUS_PATH + "/{message_id}")
    async def receive_status(request: Request, message_id: UUID) -> Response:
        """Record what the carrier says of a text we sent."""
        return await answer_signed(runtime, request, lambda form: _receive_status(runtime, form, message_id), hands)

    voice_door.add(app, runtime)

    @app.get("/health")
    def short_health() -> Response:
        """200 when every part is ready, else 503; one word per part."""
        return health.answer(health.parts(runtime) | ({"web": leaving.LEAVING} if leaving.is_said(app) else {}))

    return app


def _receive_text(runtime: Runtime, form: Mapping[str, str], idempotency: str | None) -> Response:
    heard = callbacks.read_text(form, idempotency)
    arrived = Arrived(
        carrier=runtime.carrier.name,
        ref=heard.ref,
        phone_hash=runtime.sealer.find(heard.sender),
        text=heard.body,
        media=heard.media,
        at=runtime.clock.now(),
    )
    with runtime.sessions.begin() as db:
        waiting = inbound.accept(db, runtime.house, arrived)
    if waiting is not None:
        runtime.at_once.heard(waiting)
    else:
        runtime.queue.defer(queue.SEND)  # what a keyword is answered
    return Response(content=twiml.empty(), media_type=XML)


def _receive_status(runtime: Runtime, form: Mapping[str, str], message_id: UUID) -> Response:
    said = callbacks.read_status(form)
    if form.get("AccountSid") not in {None, runtime.settings.twilio_account_sid}:
        return Response(status_code=403)
    known = settle.report(runtime.sessions, runtime.clock, runtime.house, runtime.carrier.name, message_id, said)
    if not known:
        log.warning("status_of_unknown_text", ref=said.ref)
    return Response(status_code=204)
