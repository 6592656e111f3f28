"""A small carrier on 127.0.0.1 that answers the way a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import uuid4

from outreach.carrier.port import OutgoingText
from outreach.carrier.twilio import TwilioCarrier

ACCOUNT = "AC" + "0" * 31 + "1"
KEY, SECRET = "SK" + "0" * 32, "sesame"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
RECORDINGS = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"


def dial(base: str, **timeouts: float) -> TwilioCarrier:
    """Connect the adapter to a stand-in, with little patience."""
    patience = {"connect_seconds": 1.0, "read_seconds": 1.0, "total_seconds": 1.5, **timeouts}
    return TwilioCarrier(ACCOUNT, KEY, SECRET, pool=4, api_base=base, **patience)


def text(**changes: Any) -> OutgoingText:
    """A text to the one customer of these tests."""
    about = {
        "id": uuid4(), "to": "+8613800138000", "sender": "+85264500001", "body": "【示例银行】您好，拒收请回复R",
        "status_url": "https://bank.example/tw/status/1", "valid_for_seconds": 3600,
    }  # fmt: skip
    return OutgoingText(**{**about, **changes})


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode(), keep_blank_values=True)


@dataclass
class Error:
    """An error answer; with `taken` the text was accepted all the same."""

    status: int
    code: int | None = None
    taken: bool = False
    body: bytes | None = None


@dataclass
class Breaks:
    """An answer that never comes whole: hangs, resets, drips, or ends early."""

    how: str
    taken: bool = False


@dataclass
class StandIn:
    planned: list = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    texts: dict[str, dict] = field(default_factory=dict)
    calls: dict[str, dict] = field(default_factory=dict)
    sounds: dict[str, bytes] = field(default_factory=dict)
    connections: int = 0
    server: ThreadingHTTPServer | None = None
    finished: bool = False

    @property
    def posts(self) -> int:
        return sum(request.method == "POST" for request in self.asked)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> StandIn:
        stand_in = self

        class Handler(_Handler):
            carrier = stand_in

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        self.finished = True
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def take(self, form: dict[str, list[str]]) -> dict:
        sid = f"SM{len(self.texts) + 1:032x}"
        one = {key: values[0] for key, values in form.items()}
        self.texts[sid] = _message(sid, one.get("To"), one.get("From"), one.get("Body"))
        return self.texts[sid]

    def call(self, form: dict[str, list[str]]) -> dict:
        sid = f"CA{len(self.calls) + 1:032x}"
        self.calls[sid] = _call(sid, form["To"][0], form["From"][0])
        return self.calls[sid]

    def hear(self, sender: str, to: str, body: str) -> None:
        sid = f"SM{len(self.texts) + 1:032x}"
        self.texts[sid] = {**_message(sid, to, sender, body), "direction": "inbound", "status": "received"}


def _call(sid: str, to: str, sender: str) -> dict:
    now = formatdate(usegmt=False, localtime=False).replace("-0000", "+0000")
    return {
        "sid": sid, "account_sid": ACCOUNT, "to": to, "from": sender, "status": "queued", "direction": "outbound-api",
        "date_created": now, "date_updated": now, "start_time": None, "end_time": None, "duration": None,
        "answered_by": None, "price": None, "price_unit": "USD", "queue_time": "0", "uri": f"{CALLS}/{sid}.json",
    }  # fmt: skip


def _message(sid: str, to: str | None, sender: str | None, body: str | None) -> dict:
    now = formatdate(usegmt=False, localtime=False).replace("-0000", "+0000")
    return {
        "sid": sid, "account_sid": ACCOUNT, "to": to, "from": sender, "body": body, "status": "queued",
        "direction": "outbound-api", "date_created": now, "date_updated": now, "date_sent": None,
        "error_code": None, "error_message": None, "num_media": "0", "num_segments": "1", "price": None,
        "price_unit": "USD", "api_version": "2010-04-01", "messaging_service_sid": None,
        "subresource_uris": {}, "uri": f"{MESSAGES}/{sid}.json",
    }  # fmt: skip


def _sid(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


class _Handler(BaseHTTPRequestHandler):
    carrier: StandIn
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        self.carrier.connections += 1
        super().setup()

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        asked = self._note()
        plan = self.carrier.planned.pop(0) if self.carrier.planned else None
        taken = self._take(asked) if plan is None or plan.taken else None
        if isinstance(plan, Breaks):
            self._break(plan.how, json.dumps(taken or {"sid": None}).encode())
        elif isinstance(plan, Error):
            self._fail(plan)
        else:
            self._reply(201, json.dumps(taken).encode())

    def do_DELETE(self) -> None:
        asked = self._note()
        ref = asked.path.removeprefix(f"{RECORDINGS}/").removesuffix(".json")
        if self.carrier.sounds.pop(ref, None) is None:
            self._fail(Error(404, 20404))
        else:
            self.send_response(204)
            self.end_headers()

    def _take(self, asked: Asked) -> dict:
        if asked.path == f"{CALLS}.json":
            return self.carrier.call(asked.form)
        if asked.path.startswith(f"{CALLS}/"):
            return self.carrier.calls[_sid(asked.path)]
        return self.carrier.take(asked.form)

    def do_GET(self) -> None:
        asked = self._note()
        plan = self.carrier.planned.pop(0) if self.carrier.planned else None
        if isinstance(plan, Breaks):
            self._break(plan.how, b"{}")
        elif isinstance(plan, Error):
            self._fail(plan)
        elif asked.path == f"{MESSAGES}.json":
            self._list("messages", self.carrier.texts, dict(parse_qsl(asked.query)))
        elif asked.path == f"{CALLS}.json":
            self._list("calls", self.carrier.calls, dict(parse_qsl(asked.query)))
        elif (placed := self.carrier.calls.get(_sid(asked.path))) is not None:
            self._reply(200, json.dumps(placed).encode())
        elif (sound := self.carrier.sounds.get(_sid(asked.path))) is not None:
            self._reply(200, sound)
        elif (
            known := self.carrier.texts.get(asked.path.removeprefix(f"{MESSAGES}/").removesuffix(".json"))
        ) is not None:
            self._reply(200, json.dumps(known).encode())
        else:
            self._fail(Error(404, 20404))

    def _list(self, key: str, known: dict[str, dict], query: dict[str, str]) -> None:
        listed = [one for one in reversed(known.values()) if one["to"] == query["To"]]
        size = int(query.get("PageSize", 50))
        page = {key: listed[:size], "next_page_uri": None, "page": 0, "page_size": size, "uri": self.path}
        self._reply(200, json.dumps(page).encode())

    def _note(self) -> Asked:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, parts.path, parts.query, body, dict(self.headers))
        self.carrier.asked.append(asked)
        return asked

    def _fail(self, error: Error) -> None:
        body = {"code": error.code, "message": "The 'To' number +8613800138000 …", "status": error.status}
        if error.status in (301, 302, 307):
            self._reply(error.status, b"", location=f"{self.carrier.base}/elsewhere")
        else:
            self._reply(error.status, error.body if error.body is not None else json.dumps(body).encode())

    def _reply(self, status: int, body: bytes, location: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def _break(self, how: str, body: bytes) -> None:
        self.close_connection = True
        if how == "hangs":
            self._wait_for_the_caller_to_leave()
        elif how == "resets":
            self._reset()
        elif how == "closes":
            return
        elif how == "ends early":
            self._head(len(body))
            self.wfile.write(body[: len(body) // 2])
        elif how == "resets mid-response":
            self._head(len(body))
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            time.sleep(0.05)  # the first half is on its way before the reset overtakes it
            self._reset()
        elif how == "drips":
            self._head(10_000)
            self._wait_for_the_caller_to_leave(drip=b" ")
        else:
            raise AssertionError(how)

    def _head(self, length: int) -> None:
        self.send_response(201)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _wait_for_the_caller_to_leave(self, drip: bytes = b"") -> None:
        self.connection.settimeout(0.02)
        while not self.carrier.finished:
            try:
                if drip:
                    self.connection.sendall(drip)
                if self.connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        # The handler's own files are closed after us; they must find nothing left to write.
        self.wfile = open("/dev/null", "wb")  # noqa: SIM115, PTH123


def unused_port() -> int:
    """A port that refuses connections."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
