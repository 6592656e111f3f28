"""The running carrier and the listening bank, as the tests hold them."""

import queue
import socket
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "token-of-the-tests"
SENDER = "+13125550199"


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

    def post(
        self, path: str = "/Messages.json", auth=(ACCOUNT, TOKEN), timeout: float = 10, **form: Any
    ) -> httpx.Response:
        return httpx.post(self.base + self.path + path, data=form, auth=auth, timeout=timeout, trust_env=False)

    def get(self, path: str, auth=(ACCOUNT, TOKEN), **query: Any) -> httpx.Response:
        return httpx.get(self.base + self.path + path, params=query, auth=auth, trust_env=False)

    def text(self, to: str, body: str = "您好，请问方便聊两句吗？", **fields: Any):
        return self.twilio.messages.create(to=to, from_=SENDER, body=body, **fields)

    def settled(self, sid: str, status: str = "delivered"):
        return until(lambda: (m := self.twilio.messages(sid).fetch()).status == status and m, what=f"{sid} {status}")

    def say(self, number: str, body: str, **more: Any) -> dict[str, Any]:
        return (
            self.control.post(f"/control/handsets/{number}/messages", json={"body": body, **more})
            .raise_for_status()
            .json()
        )

    def call(self, to: str, url: str = "", **form: Any) -> str:
        """Place a call as the bank would and hand back its SID."""
        source = {} if "Twiml" in form else {"Url": url}
        answer = self.post("/Calls.json", To=to, From=SENDER, **source, **form)
        assert answer.status_code == 201, answer.text
        return answer.json()["sid"]

    def heard(self, sid: str) -> dict[str, Any]:
        return self.control.get(f"/control/calls/{sid}").raise_for_status().json()

    def over(self, sid: str, status: str = "completed", seconds: float = 10) -> dict[str, Any]:
        """Wait for a call's end and hand back what was heard."""
        last = ("completed", "busy", "no-answer", "failed", "canceled")
        call = until(lambda: (c := self.heard(sid))["status"] in last and c, seconds, f"the end of {sid}")
        assert call["status"] == status, call
        return call

    def act(self, number: str, **what: Any) -> httpx.Response:
        return self.control.post(f"/control/calls/{number}/say", json=what)

    def rate(self, rate: float) -> None:
        self.control.put("/control/clock", json={"rate": rate}).raise_for_status()

    def take(self, number: str) -> None:
        self.control.put(f"/control/handsets/{number}/hand", json={"taken": True}).raise_for_status()

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
    documents: dict[str, list[str]] = field(default_factory=dict)
    answers: "queue.SimpleQueue[int | float]" = field(default_factory=queue.SimpleQueue)

    def answer(self, *statuses: float) -> None:
        """Answer the next requests so: a status, or below 100 the seconds to keep silent first."""
        for status in statuses:
            self.answers.put(status)

    def document(self, path: str, *documents: str) -> str:
        """Answer a path with TwiML, one document after the other, the last for ever; hand back the address."""
        self.documents[path] = [f"<Response>{d}</Response>" if not d.startswith("<?") else d for d in documents]
        return self.base + path

    def next_document(self, path: str) -> str:
        waiting = self.documents.get(path.partition("?")[0], [""])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def at(self, path: str) -> list[Heard]:
        return [request for request in self.heard if request.url.startswith(self.base + path)]

    def wait(self, path: str, count: int = 1, seconds: float = 5) -> list[Heard]:
        return until(lambda: len(self.at(path)) >= count and self.at(path), seconds, f"{count} at {path}")


def healthy(base: str) -> bool:
    try:
        return httpx.get(base + "/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
