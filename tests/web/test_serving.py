"""A web process that is about to end: it says so, and sends whoever keeps a connection elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from outreach import runtime
from outreach.settings import Settings
from outreach.web import carrier_door, leaving, serving
from tests.running import free_ports

PATIENCE_SECONDS = 30


@contextmanager
def served(app: FastAPI) -> Iterator[tuple[uvicorn.Config, str]]:
    (port,) = free_ports(1)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, log_level="warning")
    server = serving._Quiet(config)
    running = Thread(target=server.run)
    running.start()
    try:
        until(lambda: server.started)
        yield config, f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        running.join()


def until(true) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_leaves_answers_and_closes_each_connection():
    app = FastAPI()
    app.get("/")(lambda: "here")
    with served(app) as (config, address), httpx.Client(trust_env=False) as client:
        assert "connection" not in client.get(address).headers
        leaving.say(config)
        leaving.say(config)
        until(lambda: client.get(address).headers.get("connection") == "close")
        assert client.get(address).json() == "here"


def test_who_leaves_says_so_to_a_balancer(database_url, tmp_path):
    settings = Settings(
        database_url=database_url, data_dir=tmp_path, twilio_api_base="http://127.0.0.1:9"
    ).with_secrets()
    built = runtime.build(settings)
    app = carrier_door.build(built)
    with TestClient(app) as client:
        assert client.get("/health").json()["web"] == "ready"
        leaving.say(uvicorn.Config(app))
        said = client.get("/health")
        assert (said.status_code, said.json()["web"]) == (503, "leaving")
    built.sessions.engine.dispose()
