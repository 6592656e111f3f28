"""The connection itself, so that a fault can cut it without an answer."""

from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

WIRE = "local_carrier.wire"


@dataclass(slots=True)
class Wire:
    """One request's connection."""

    cut: bool = False


class Cuttable:
    """Stands outside the application and cuts a connection that was marked, in place of its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through; `receive` belongs to uvicorn's request, which holds the transport."""
        wire = scope[WIRE] = Wire()
        cycle: Any = getattr(receive, "__self__", None)

        async def send_or_cut(message: Message) -> None:
            if not wire.cut:
                await send(message)
            elif message["type"] == "http.response.start" and cycle is not None:
                cycle.transport.abort()

        await self._app(scope, receive, send_or_cut)
