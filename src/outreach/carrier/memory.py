"""The carrier of tests: takes texts and calls, sends and places none, and answers as it is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from outreach.carrier.memory_calls import MemoryCalls
from outreach.carrier.port import Accepted, ListedText, NoSuchText, NotAnswered, OutgoingText, Report, SendError, Sent
from outreach.rules.delivery import MessageState, advance


class MemoryCarrier(MemoryCalls):
    """A carrier that remembers; `requests` holds what it was asked to send, `taken` by reference what it accepted."""

    name = "memory"

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.requests: list[OutgoingText] = []
        self.taken: dict[str, OutgoingText] = {}
        self.heard: list[ListedText] = []  # what customers sent, whether or not a webhook told of it
        self.answers = True  # False: questions find no answer
        self.closed = False
        self._now = now
        self._reports: dict[str, tuple[datetime, Report]] = {}
        self.calls = {}
        self.steered = []
        self.sounds = {}
        self._call_reports = {}
        self._planned: deque[tuple[SendError, bool]] = deque()
        self._lock = Lock()

    def fail_next(self, *errors: SendError, taken: bool = False) -> None:
        """Raise these at the next sends, in turn; `taken` sends the text all the same, as an `Unknown` may."""
        if taken and any(error.sent is not Sent.UNKNOWN for error in errors):
            raise ValueError("only what is unknown can have been taken")
        self._planned.extend((error, taken) for error in errors)

    def report(self, ref: str, state: MessageState, error_code: str | None = None) -> None:
        """Let a text move on; it is told to whoever asks, and a stale state changes nothing."""
        with self._lock:
            at, known = self._reports[ref]
            if (reached := advance(known.state, state)) is not known.state:
                self._reports[ref] = (
                    at,
                    replace(known, state=reached, error_code=error_code, sent_at=known.sent_at or self._now()),
                )

    def send_text(self, text: OutgoingText) -> Accepted:
        """Take a text, or raise what was planned."""
        with self._lock:
            self.requests.append(text)
            error, taken = self._next_failure()
            ref = f"MEM{len(self.taken) + 1}"
            if taken:
                self.taken[ref] = text
                self._reports[ref] = (self._now(), _accepted(ref, text))
        if error:
            raise error
        return Accepted(ref, MessageState.ACCEPTED)

    def fetch_text(self, ref: str) -> Report:
        """Tell what became of a text."""
        self._answer()
        if ref not in self._reports:
            raise NoSuchText("no text by this reference")
        return self._reports[ref][1]

    def find_texts(self, to: str, since: datetime) -> list[Report]:
        """List the texts to a number, the newest first."""
        self._answer()
        with self._lock:
            known = list(self._reports.values())
        return [report for at, report in reversed(known) if report.to == to and at >= since]

    def list_sent(self, sender: str, since: datetime) -> list[Report]:
        """List what was taken, the newest first."""
        self._answer()
        with self._lock:
            known = [(at, report) for at, report in self._reports.values() if self.taken[report.ref].sender == sender]
        return [report for at, report in reversed(known) if at >= since]

    def list_heard(self, to: str, since: datetime, until: datetime) -> list[ListedText]:
        """List what was heard, the newest first."""
        self._answer()
        return [text for text in reversed(self.heard) if text.heard.to == to and since <= text.at <= until]

    def close(self) -> None:
        """Remember that the connections were given back."""
        self.closed = True

    def _next_failure(self) -> tuple[SendError | None, bool]:
        return self._planned.popleft() if self._planned else (None, True)

    def _answer(self) -> None:
        if not self.answers:
            raise NotAnswered("told not to answer")


def _accepted(ref: str, text: OutgoingText) -> Report:
    return Report(ref=ref, state=MessageState.ACCEPTED, error_code=None, sent_at=None, to=text.to, body=text.body)
