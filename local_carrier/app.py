"""The carrier as one web application: Twilio's REST API, the control API and the phone page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from .carrier import Carrier
from .clock import machine_now
from .control import calls as control_calls
from .control import handsets, run
from .destinations import MAGIC_VALID_FROM
from .outbound import Lane
from .page import phone
from .personas.cast import Cast
from .refusals import RefusedError
from .rest import accounts, calls, messages, numbers, recordings
from .rest.access import Pace
from .settings import Settings

NOT_FOUND, WRONG_METHOD = 404, 405


def build(settings: Settings, cast: Cast) -> FastAPI:
    """Build a carrier that starts with its application and ends with it."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        carrier = Carrier(settings, cast)
        app.state.carrier = carrier
        app.state.began = machine_now()
        app.state.pace = Pace(settings.requests_per_second)
        app.state.lanes = {n: Lane(settings.texts_per_second) for n in (*settings.numbers, MAGIC_VALID_FROM)}
        running = asyncio.create_task(carrier.run())
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    app = FastAPI(title="local carrier", lifespan=living, docs_url=None, redoc_url=None, openapi_url=None)
    for router in (
        messages.router,
        calls.router,
        recordings.router,
        numbers.router,
        accounts.router,
        handsets.router,
        control_calls.router,
        run.router,
        phone.router,
    ):
        app.include_router(router)
    app.add_api_route("/health", health, methods=["GET"])
    app.add_exception_handler(RefusedError, _refuse)
    app.add_exception_handler(HTTPException, _not_served)
    return app


async def health(request: Request) -> dict[str, Any]:
    """Tell that the carrier runs and how much it remembers."""
    carrier: Carrier = request.app.state.carrier
    return {
        "status": "ok",
        "messages": len(carrier.ledger),
        "calls": len(carrier.exchange),
        "calls_going_on": carrier.exchange.going_on(),
        "handsets": len(carrier.handsets),
        "planned_answers": len(carrier.schedule),
        "alerts": len(carrier.webhooks.alerts),
    }


async def _refuse(_: Request, error: Exception) -> Response:
    return error.response() if isinstance(error, RefusedError) else RefusedError(20500).response()


async def _not_served(request: Request, error: Exception) -> Response:
    """Say in Twilio's words that a resource of the REST API does not exist, in plain ones elsewhere."""
    if not isinstance(error, HTTPException):
        return RefusedError(20500).response()
    if request.url.path.startswith("/2010-04-01/"):
        if error.status_code == NOT_FOUND:
            return RefusedError(20404, request.url.path).response()
        if error.status_code == WRONG_METHOD:
            return RefusedError(20004).response()
    return JSONResponse({"detail": error.detail}, error.status_code, headers=error.headers)
