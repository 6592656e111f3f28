"""Serve both doors from one process, each on its own port."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Iterator

import uvicorn
import uvloop
from anyio.to_thread import current_default_thread_limiter

from outreach.runtime import Runtime
from outreach.web import bank_door, carrier_door, leaving

GRACE_SECONDS = 15
LEAVE_SECONDS = 3
"""From SIGTERM until nothing new is taken: a balancer that asks /health sends it elsewhere by then, and loses nothing."""
REQUESTS_AT_ONCE = 160
"""A turn of a call keeps a thread until the bot has answered, four seconds at most; texts must not wait behind calls."""


class _Quiet(uvicorn.Server):
    """A server that leaves signals to the process, which has two servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the handlers alone."""
        yield


def serve(runtime: Runtime, host: str) -> None:
    """Serve until SIGINT, or until a little after SIGTERM; requests under way are answered first."""
    runtime.prepare()
    doors = (
        (carrier_door.build(runtime), runtime.settings.port),
        (bank_door.build(runtime), runtime.settings.console_port),
    )
    servers = [
        _Quiet(
            uvicorn.Config(
                app, host=host, port=port, log_config=None, log_level="warning", access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS, server_header=False,
            ),
        )
        for app, port in doors
    ]  # fmt: skip
    keep_what_is_made()
    uvloop.run(_run(servers))
    runtime.at_once.close()


def keep_what_is_made() -> None:
    """Let the garbage collector leave alone what stands before the first request: it would go through all of it again and
    again, while requests wait, and find nothing.
    """
    gc.collect()
    gc.freeze()


async def _run(servers: list[_Quiet]) -> None:
    loop = asyncio.get_running_loop()
    current_default_thread_limiter().total_tokens = REQUESTS_AT_ONCE

    def leave() -> None:
        for server in servers:
            leaving.say(server.config)
        loop.call_later(LEAVE_SECONDS, stop)

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop.add_signal_handler(signal.SIGTERM, leave)
    loop.add_signal_handler(signal.SIGINT, stop)
    await asyncio.gather(*(server.serve() for server in servers))
