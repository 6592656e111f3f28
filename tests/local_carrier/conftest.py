"""One carrier process for the whole session, and a bank that records what the carrier posts."""

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "token-of-the-tests"
SENDER = "+13125550199"
START_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition, seconds: float = 5.0, what: str = "it"):
    """Wait for a condition and hand back what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what} did not happen within {seconds} s")


class LocalTwilioClient(TwilioHttpClient):
    """Twilio's own HTTP client, sent to this machine."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self._base = base

    def request(self, method, url, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", self._base), *args, **kwargs)

    def close(self) -> None:
        self.session.close()


@dataclass
class Local:
    """The running carrier as the tests see it."""

    base: str
    twilio: Client
    control: httpx.Client
    path: str = f"/2010-04-01/Accounts/{ACCOUNT}"

    def post(self, path: str = "/Messages.json", auth=(ACCOUNT, TOKEN), timeout: float = 10, **form: Any) -> httpx.Response:
        return httpx.post(self.base + self.path + path, data=form, auth=auth, timeout=timeout, trust_env=False)

    def get(self, path: str, auth=(ACCOUNT, TOKEN), **query: Any) -> httpx.Response:
        return httpx.get(self.base + self.path + path, params=query, auth=auth, trust_env=False)

    def text(self, to: str, body: str = "您好，请问方便聊两句吗？", **fields: Any):
        return self.twilio.messages.create(to=to, from_=SENDER, body=body, **fields)

    def settled(self, sid: str, status: str = "delivered"):
        return until(lambda: (m := self.twilio.messages(sid).fetch()).status == status and m, what=f"{sid} {status}")

    def say(self, number: str, body: str, **more: Any) -> dict[str, Any]:
        return self.control.post(f"/control/handsets/{number}/messages", json={"body": body, **more}).raise_for_status().json()

    def thread(self, number: str) -> list[dict[str, Any]]:
        return self.control.get(f"/control/handsets/{number}").raise_for_status().json()["thread"]

    def pin(self, number: str, persona: str) -> None:
        self.control.put(f"/control/handsets/{number}/persona", json={"persona": persona}).raise_for_status()

    def faults(self, *rules: dict[str, Any]) -> None:
        self.control.put("/control/faults", json=list(rules)).raise_for_status()

    def counters(self) -> dict[str, Any]:
        return self.control.get("/control/counters").raise_for_status().json()

    def inbound_url(self, url: str, **more: str) -> None:
        self.twilio.incoming_phone_numbers.list()[0].update(sms_url=url, **more)


@dataclass
class Heard:
    """One request that reached the bank."""

    method: str
    url: str
    form: dict[str, str]
    headers: dict[str, str]

    @property
    def signed(self) -> bool:
        return RequestValidator(TOKEN).validate(self.url, self.form, self.headers["x-twilio-signature"])


@dataclass
class Bank:
    """A server that answers as it is told and remembers what it heard."""

    base: str
    heard: list[Heard] = field(default_factory=list)
    answers: "queue.SimpleQueue[int | float]" = field(default_factory=queue.SimpleQueue)

    def answer(self, *statuses: float) -> None:
        """Answer the next requests so: a status, or below 100 the seconds to keep silent first."""
        for status in statuses:
            self.answers.put(status)

    def at(self, path: str) -> list[Heard]:
        return [request for request in self.heard if request.url.startswith(self.base + path)]

    def wait(self, path: str, count: int = 1, seconds: float = 5) -> list[Heard]:
        return until(lambda: len(self.at(path)) >= count and self.at(path), seconds, f"{count} at {path}")


@pytest.fixture(scope="session")
def carrier_process() -> Iterator[str]:
    port = free_port()
    told = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "OUTREACH_SENDER": SENDER}
    command = [sys.executable, "-W", "error", "-m", "local_carrier", "--port", str(port), "--seed", "7"]
    command += ["--delivery-seconds", "0.05", "--requests-per-second", "0"]
    base = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=os.environ | told) as process:
        try:
            until(lambda: _healthy(base) or process.poll() is not None, START_SECONDS, "the carrier's start")
            assert process.poll() is None
            yield base
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def carrier(carrier_process: str) -> Iterator[Local]:
    http = LocalTwilioClient(carrier_process)
    with httpx.Client(base_url=carrier_process, trust_env=False) as control:
        control.delete("/control/state").raise_for_status()
        control.put("/control/clock", json={"rate": 1}).raise_for_status()
        local = Local(carrier_process, Client(ACCOUNT, TOKEN, http_client=http), control)
        local.inbound_url("", sms_method="POST", sms_fallback_url="", friendly_name=SENDER)
        yield local
    http.close()


@pytest.fixture
def bank() -> Iterator[Bank]:
    bank = Bank("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            headers = {key.lower(): value for key, value in self.headers.items()}
            bank.heard.append(Heard(self.command, f"http://{self.headers['Host']}{self.path}", form, headers))
            told = 204 if bank.answers.empty() else bank.answers.get()
            if told < 100:
                time.sleep(told)
                told = 204
            try:
                self.send_response(int(told))
                self.send_header("Content-Length", "0")
                self.end_headers()
            except ConnectionError:
                self.close_connection = True     # the carrier had stopped waiting

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            """Keep customers' numbers out of the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    bank.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield bank
    server.shutdown()
    thread.join()
    server.server_close()


def _healthy(base: str) -> bool:
    try:
        return httpx.get(base + "/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
