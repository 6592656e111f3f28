"""A process that is about to end says so: to a balancer that asks, and to whoever keeps a connection to it."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

LEAVING = "leaving"
"""The word of /health for a web process that goes on answering for a moment and is to be sent nothing new."""
CLOSE = (b"connection", b"close")


def say(config: uvicorn.Config) -> None:
    """From now on /health says so, and each answer asks for a new connection, which leads to another process."""
    assert isinstance(config.app, FastAPI)
    config.app.state.leaving = True
    if CLOSE not in config.encoded_headers:
        config.encoded_headers.append(CLOSE)


def is_said(app: FastAPI) -> bool:
    """Whether this process is about to end."""
    return bool(getattr(app.state, "leaving", False))
