"""A real `rasa run` with a stand-in for the action server, started once for all tests of this folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
BOT_PYTHON = ROOT / "bot/.venv/bin/python"
SECRET = "a secret for tests"
STARTS_WITHIN = 120


class Actions:
    """Answers as rasa-sdk would, keeps what it was asked, and fails on demand: `state["actions"]` says how."""

    def __init__(self) -> None:
        self.asked: dict[str, dict[str, Any]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: dict[str, Any]) -> tuple[int, Any]:
        self.asked[request["sender_id"]] = request
        heard = request["tracker"]["latest_message"]
        said = {
            "lines": [request["next_action"]],
            "events": [],
            "state": {"step": "ask_time", "text": heard["text"], "conversation": request["sender_id"]},
            "reading": heard["intent"]["name"],
        }
        match heard["metadata"]["state"].get("actions"):
            case "fail":
                return 500, {"error": "broke", "request": request}
            case "reject":
                return 400, {"action_name": request["next_action"], "error": "rejected"}
            case "say_nothing":
                return 200, {"events": [], "responses": []}
            case "say_nothing_whole":
                said |= {"lines": []}
            case "slow":
                time.sleep(0.2)
        return 200, {"events": [], "responses": [{"custom": said}]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        actions = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, body = actions.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None: ...

        return Handler


class Bot:
    """The running bot as the core sees it."""

    def __init__(self, url: str, log: Path, pid: int) -> None:
        self._client = httpx.Client(base_url=url, timeout=20, trust_env=False)
        self.log, self.pid = log, pid

    def post(self, body: Any = None, secret: str | None = SECRET, **given: Any) -> httpx.Response:
        """One turn; what is not given is filled in."""
        headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
        if body is None:
            body = turn(**given)
        if isinstance(body, (bytes, str)):
            return self._client.post("/webhooks/core/message", headers=headers, content=body)
        return self._client.post("/webhooks/core/message", headers=headers, json=body)

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def memory(self) -> int:
        """Resident kB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def close(self) -> None:
        self._client.close()


def turn(**given: Any) -> dict[str, Any]:
    """A turn's body with a fresh conversation id."""
    body = {
        "conversation": f"{uuid.uuid4()}:1",
        "text": None,
        "event": None,
        "channel": "sms",
        "now": "2026-11-24T09:30:00+08:00",
        "zone": "Asia/Shanghai",
        "state": {"step": "ask_time"},
        "facts": {"customer": {"name": "王芳"}},
        "flow": {"steps": {"ask_time": {"name": "ask_time", "replies": {"inform_time": "book"}}}},
    }
    return {**body, **given}


@pytest.fixture(scope="session")
def model() -> Path:
    """The model, trained if something it depends on has changed."""
    subprocess.run([BOT_PYTHON, "-m", "bot.train"], cwd=ROOT, check=True, capture_output=True, timeout=600)
    return ROOT / "models/outreach.tar.gz"


@pytest.fixture(scope="session")
def actions() -> Iterator[Actions]:
    stand_in = Actions()
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="session")
def bot(model: Path, actions: Actions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(model, actions.url, tmp_path_factory.mktemp("bot") / "log") as started:
        yield started


@contextmanager
def running(model: Path, actions_url: str, log: Path) -> Iterator[Bot]:
    """`python -m bot.serve` on a free port, until it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "OUTREACH_SECRET": SECRET, "OUTREACH_ACTIONS_URL": actions_url}
    command = [BOT_PYTHON, "-m", "bot.serve", "--port", str(port), "--model", str(model)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    bot = Bot(f"http://127.0.0.1:{port}", log, process.pid)
    try:
        _wait_until_ready(bot, process)
        yield bot
    finally:
        bot.close()
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(bot: Bot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the bot ended with {process.returncode}:\n{bot.log.read_text()}")
        try:
            if bot.get("/webhooks/core/health").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the bot was not ready within {STARTS_WITHIN} s:\n{bot.log.read_text()}")
