"""A voice turn: from the signed request of a Gather until its document is there, with so many calls at once.

The calls are literal: each is a row as if the carrier had placed it, and asks what to say as the carrier would.
`without a pause` every call asks again as soon as it was answered, so that all of them always wait for us at once;
`as people talk` each first listens to what was said and then speaks, as on a real line.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
from sqlmodel import select

from benchmarks.figures import Tally, take
from benchmarks.product import Product, product, reached
from outreach.carrier import signature
from outreach.clock import machine_now
from outreach.model import Call, Message
from outreach.rules.delivery import MessageState
from outreach.runtime import CALL_PATH

AT_ONCE = (1, 10, 50)
MOST_MS = 1500
SECONDS = 8.0
SPEAKING_SECONDS = 2.0
CHARACTERS_A_SECOND = 5.0
LISTENING_AT_MOST = 6.0
SAID = ("是我", "方便你说", "有年费吗", "要带什么东西", "额度是多少", "网点在哪儿", "怎么激活呀", "我再想想")
LARGEST = 160
"""Calls at once beyond which nobody looks: the web keeps so many requests under way."""
NEXT, TAG = re.compile(r"/turn/(\d+)"), re.compile(r"<[^>]+>")


def main() -> None:
    """Print a line for each number of calls, then how many keep p95 below what is wanted."""
    with product() as ours:
        lines = Lines(ours)
        take(lines.turn, 1, Tally(), seconds=2.0)
        for calls in AT_ONCE:
            _print(lines, calls, "without a pause", lines.turn)
        _print(lines, AT_ONCE[-1], "as people talk", lines.unhurried)
        print(f"voice: {_largest(lines)} calls at once, without a pause, keep p95 below {MOST_MS} ms", flush=True)


def _print(lines: Lines, calls: int, how: str, turn: Callable[[int], None]) -> None:
    tally = lines.measured(turn, calls)
    print(
        f"voice ×{calls} {how}: p50 {tally.at(50):.0f} ms p95 {tally.at(95):.0f} ms p99 {tally.at(99):.0f} ms, "
        f"{tally.per_second:.1f} turns/s",
        flush=True,
    )


def _largest(lines: Lines) -> int:
    """By halving what is left between a number that keeps below and one that does not."""
    kept, failed = 0, LARGEST + 1
    calls = 20
    while failed - kept > max(1, kept // 10):
        if lines.measured(lines.turn, calls).at(95) < MOST_MS:
            kept = calls
        else:
            failed = calls
        calls = min(LARGEST, 2 * kept) if failed > LARGEST else (kept + failed) // 2
        if kept == LARGEST:
            break
    return kept


@dataclass
class Line:
    """A call under way."""

    id: UUID
    ref: str
    number: int = 0
    said: int = 0
    listens: float = 0.0


class Lines:
    """Callers, one a client; each talks until the call ends and then takes another."""

    def __init__(self, ours: Product) -> None:
        self._runtime, self._web = ours.runtime, ours.running.web
        self._client = httpx.Client(
            timeout=30, trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=None)
        )
        self._lines: dict[int, Line] = {}
        self._placed = 0
        self._lock = threading.Lock()
        self._times: Tally | None = None

    def measured(self, turn: Callable[[int], None], calls: int) -> Tally:
        """So many calls at once for a while; only what is heard is timed, not the answering of a call."""
        for client in range(calls):
            self._line(client)
        self._times = tally = Tally()
        whole = Tally()
        take(turn, calls, whole, SECONDS)
        tally.seconds = whole.seconds
        return tally

    def turn(self, client: int) -> None:
        """Say the next thing, and wait for what is answered."""
        line = self._line(client)
        begun = time.perf_counter()
        document = self._asks(line, f"turn/{line.number}", SpeechResult=SAID[line.said % len(SAID)], Confidence="0.9")
        line.said += 1
        took = time.perf_counter() - begun
        if self._times is not None:
            self._times.times.append(took)
        if not self._follow(client, line, document):
            del self._lines[client]

    def unhurried(self, client: int) -> None:
        """Listen to what was said, speak, then take the turn."""
        time.sleep(self._line(client).listens + SPEAKING_SECONDS)
        self.turn(client)

    def _line(self, client: int) -> Line:
        if client not in self._lines:
            line = self._placed_call()
            if not self._follow(client, line, self._asks(line, "answer")):
                raise RuntimeError("a call ended as it was answered")
        return self._lines[client]

    def _follow(self, client: int, line: Line, document: str) -> bool:
        """Note where the document asks to be asked next; whether the call goes on."""
        asked = [int(number) for number in NEXT.findall(document)]
        if not asked or "<Gather" not in document:
            return False
        line.number = max(asked)
        line.listens = min(len(TAG.sub("", document)) / CHARACTERS_A_SECOND, LISTENING_AT_MOST)
        self._lines[client] = line
        return True

    def _asks(self, line: Line, path: str, **fields: str) -> str:
        settings = self._runtime.settings
        url = f"{self._web}{CALL_PATH}/{line.id}/{path}"
        form = {"AccountSid": settings.twilio_account_sid, "CallSid": line.ref, **fields}
        sealed = signature.sign(settings.twilio_auth_token or "", url, list(form.items()))
        answer = self._client.post(url, data=form, headers={"X-Twilio-Signature": sealed})
        return answer.raise_for_status().text

    def _placed_call(self) -> Line:
        """A call as it is once the carrier rings the customer."""
        with self._lock:
            self._placed += 1
            phone = f"+86139{55_000_000 + self._placed}"
        with self._runtime.sessions.begin() as db:
            conversation = reached(db, self._runtime, phone, "voice")
            opening = db.exec(select(Message).where(Message.conversation_id == conversation)).one()
            opening.state, opening.sent_at = MessageState.SENT, machine_now()
            opening.carrier, opening.carrier_ref = self._runtime.carrier.name, f"CA{uuid4().hex}"
            db.add_all([opening, Call(id=opening.id, conversation_id=conversation, claimed_at=machine_now())])
            return Line(opening.id, opening.carrier_ref)
