"""The carrier's door for calls: what to say next, and what became of a call. Each route calls one verb and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import structlog
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from outreach import queue
from outreach.campaigns import recordings, settle_calls
from outreach.carrier import call_callbacks, twiml
from outreach.carrier.port import CarrierError
from outreach.carrier.speech import Speech
from outreach.runtime import CALL_PATH, Runtime
from outreach.web.signed import XML, answer_signed

log = structlog.get_logger()

Form = Mapping[str, str]


def add(app: FastAPI, runtime: Runtime) -> None:
    """Put the routes of calls on the carrier's door."""

    @app.post(CALL_PATH + "/{call_id}/answer")
    async def answer(request: Request, call_id: UUID) -> Response:
        """The call was picked up."""
        return await answer_signed(
            runtime, request, _document(lambda form: runtime.calls.answered(call_id, _ref(form)))
        )

    @app.post(CALL_PATH + "/{call_id}/turn/{number}")
    async def hear(request: Request, call_id: UUID, number: int) -> Response:
        """The customer spoke, pressed a key, or was silent."""
        return await answer_signed(
            runtime,
            request,
            _document(lambda form: runtime.calls.heard(call_id, number, call_callbacks.read_heard(form))),
        )

    @app.post(CALL_PATH + "/{call_id}/turn/{number}/wait")
    async def wait(request: Request, call_id: UUID, number: int) -> Response:
        """The filler was said."""
        return await answer_signed(
            runtime, request, _document(lambda form: runtime.calls.waited(call_id, number, _ref(form)))
        )

    @app.post(CALL_PATH + "/{call_id}/fallback")
    async def fail(request: Request, call_id: UUID) -> Response:
        """An answer of ours did not arrive, or could not be performed; with the store away an apology is left."""
        return await answer_signed(runtime, request, lambda form: _after_failure(runtime, call_id, form))

    @app.post(CALL_PATH + "/{call_id}/whisper")
    async def whisper(request: Request, call_id: UUID) -> Response:
        """Somebody picked up to take the call over."""
        return await answer_signed(runtime, request, _document(lambda _form: runtime.calls.whispered(call_id)))

    @app.post(CALL_PATH + "/{call_id}/dialled")
    async def dial(request: Request, call_id: UUID) -> Response:
        """A transfer ended."""
        return await answer_signed(
            runtime,
            request,
            _document(lambda form: runtime.calls.dialled(call_id, *call_callbacks.read_dialled(form))),
        )

    @app.post(CALL_PATH + "/{call_id}/status")
    async def report(request: Request, call_id: UUID) -> Response:
        """A call moved on."""
        return await answer_signed(runtime, request, lambda form: _report(runtime, call_id, form))

    @app.post(CALL_PATH + "/{call_id}/machine")
    async def detect(request: Request, call_id: UUID) -> Response:
        """The carrier found out who, or what, picked up."""
        return await answer_signed(runtime, request, lambda form: _detected(runtime, call_id, form))

    @app.post(CALL_PATH + "/{call_id}/recording")
    async def record(request: Request, call_id: UUID) -> Response:
        """The sound of a call can be fetched."""
        return await answer_signed(runtime, request, lambda form: _recorded(runtime, call_id, form))


def _ref(form: Form) -> str:
    return call_callbacks.read_heard(form).ref


def _document(verb: Callable[[Form], str]) -> Callable[[Form], Response]:
    """A verb that answers with a document; a call that is not ours is a 404."""

    def answer(form: Form) -> Response:
        try:
            return Response(content=verb(form), media_type=XML)
        except LookupError as error:
            log.warning("call_not_known", error=str(error))
            return Response(status_code=404)

    return answer


def _after_failure(runtime: Runtime, call_id: UUID, form: Form) -> Response:
    log.warning("call_fell_back", call=str(call_id), code=form.get("ErrorCode"))
    calling = runtime.house.bank.calling
    try:
        document = runtime.calls.failed(call_id, _ref(form))
    except (LookupError, DBAPIError, PoolTimeout):
        document = twiml.spoken(Speech((calling.apology,)), calling.voice)
    return Response(content=document, media_type=XML)


def _report(runtime: Runtime, call_id: UUID, form: Form) -> Response:
    said = call_callbacks.read_status(form)
    known = settle_calls.report(runtime.sessions, runtime.clock, runtime.house, runtime.carrier.name, call_id, said)
    if not known:
        log.warning("status_of_unknown_call", ref=said.ref)
    runtime.queue.defer(queue.SEND)  # what follows a call by text, and the line that is free again
    return Response(status_code=204)


def _detected(runtime: Runtime, call_id: UUID, form: Form) -> Response:
    ref, found = call_callbacks.read_detection(form)
    said = settle_calls.detected(runtime.sessions, runtime.clock, runtime.house, call_id, ref, found)
    if said is not None:
        document = twiml.spoken(said, runtime.house.bank.calling.voice) if said.pieces else None
        try:
            runtime.carrier.steer_call(ref, document)
        except CarrierError as error:
            # Its next request for words is answered with the same end.
            log.warning("call_not_steered", call=str(call_id), reason=error.reason)
    return Response(status_code=204)


def _recorded(runtime: Runtime, call_id: UUID, form: Form) -> Response:
    ready = call_callbacks.read_recorded(form)
    if ready is not None and recordings.announce(runtime.sessions, runtime.clock, call_id, ready):
        runtime.queue.defer(queue.SETTLE)
    return Response(status_code=204)
