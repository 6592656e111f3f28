"""Serve both doors from one process, each on its own port."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import uvicorn

from outreach.runtime import Runtime
from outreach.web import bank_door, carrier_door

GRACE_SECONDS = 15


class _Quiet(uvicorn.Server):
    """A server that leaves signals to the process, which has two servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the handlers alone."""
        yield


def serve(runtime: Runtime, host: str) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered first."""
    doors = (
        (carrier_door.build(runtime), runtime.settings.port),
        (bank_door.build(runtime), runtime.settings.console_port),
    )
    servers = [
        _Quiet(
            uvicorn.Config(
                app, host=host, port=port, log_level="warning", access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS, server_header=False,
            ),
        )
        for app, port in doors
    ]  # fmt: skip
    asyncio.run(_run(servers))


async def _run(servers: list[_Quiet]) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await asyncio.gather(*(server.serve() for server in servers))
