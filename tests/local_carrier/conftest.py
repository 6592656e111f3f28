"""One carrier process for the whole session, and a bank that records what the carrier posts."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from carrier_on_test import ACCOUNT, SENDER, TOKEN, Bank, Heard, Local, LocalTwilioClient, free_port, healthy, until
from twilio.rest import Client

ROOT = Path(__file__).parents[2]
START_SECONDS = 20

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the carrier stands beside src/, where an installed product does not look


@contextmanager
def launched(*switches: str) -> Iterator[str]:
    """Run a carrier with these switches and hand out its address."""
    port = free_port()
    told = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "OUTREACH_SENDER": SENDER}
    command = [sys.executable, "-W", "error", "-m", "local_carrier", "--port", str(port), "--seed", "7", *switches]
    base = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=os.environ | told, cwd=ROOT) as process:
        try:
            until(lambda: healthy(base) or process.poll() is not None, START_SECONDS, "the carrier's start")
            assert process.poll() is None
            yield base
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def connected(base: str) -> Iterator[Local]:
    """Hold a running carrier with Twilio's client and its control API."""
    http = LocalTwilioClient(base)
    with httpx.Client(base_url=base, trust_env=False) as control:
        yield Local(base, Client(ACCOUNT, TOKEN, http_client=http), control)
    http.close()


@pytest.fixture(scope="session")
def carrier_process() -> Iterator[str]:
    switches = ["--delivery-seconds", "0.05", "--requests-per-second", "0", "--calls-per-second", "0"]
    with launched(*switches) as base:
        yield base


@pytest.fixture(scope="module")
def narrow() -> Iterator[Local]:
    """Hand out a carrier with a low rate, one text a second, no keywords, and the United States only."""
    switches = ["--requests-per-second", "4", "--texts-per-second", "1", "--keywords", "off", "--regions", "US"]
    with launched(*switches, "--delivery-seconds", "0.05", "--personas", "none") as base, connected(base) as local:
        yield local


@pytest.fixture(scope="module")
def slow_exchange() -> Iterator[Local]:
    """Hand out a carrier with one call a second of product time, two at once, nobody at home, and dialled phones busy."""
    switches = ["--requests-per-second", "0", "--calls-at-once", "2", "--personas", "none", "--dialled", "busy"]
    with launched(*switches) as base, connected(base) as local:
        yield local


@pytest.fixture
def carrier(carrier_process: str) -> Iterator[Local]:
    with connected(carrier_process) as local:
        local.control.delete("/control/state").raise_for_status()
        local.control.put("/control/clock", json={"rate": 1}).raise_for_status()
        local.inbound_url("", sms_method="POST", sms_fallback_url="", friendly_name=SENDER)
        yield local


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
            document = bank.next_document(self.path).encode() if told == 204 else b""
            try:
                self.send_response(200 if document else int(told))
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(document)))
                self.end_headers()
                self.wfile.write(document)
            except ConnectionError:
                self.close_connection = True  # the carrier had stopped waiting

        do_GET = do_POST  # noqa: N815 (http.server's name)

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
