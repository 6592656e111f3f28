"""The calls of the carrier of tests: remembered, never placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from outreach.carrier.call_port import CallReport, CallStatus, NoSuchCall, OutgoingCall, PlacedCall
from outreach.carrier.port import Accepted
from outreach.rules.delivery import MessageState


class MemoryCalls:
    """What `MemoryCarrier` knows of calls: `calls` by reference, `steered` what they were told meanwhile."""

    calls: dict[str, OutgoingCall]
    steered: list[tuple[str, str | None]]
    sounds: dict[str, bytes]
    _call_reports: dict[str, tuple[datetime, CallReport]]
    _now: Callable[[], datetime]
    _lock: Any

    def _next_failure(self) -> tuple[Exception | None, bool]:
        raise NotImplementedError

    def _answer(self) -> None:
        raise NotImplementedError

    def place_call(self, call: OutgoingCall) -> Accepted:
        """Take a call, or raise what was planned."""
        with self._lock:
            error, taken = self._next_failure()
            ref = f"MEMCALL{len(self.calls) + 1}"
            if taken:
                self.calls[ref] = call
                self._call_reports[ref] = (self._now(), CallReport(ref=ref, status=CallStatus.WAITING))
        if error:
            raise error
        return Accepted(ref, MessageState.ACCEPTED)

    def report_call(self, ref: str, status: CallStatus) -> None:
        """Let a call move on; it is told to whoever asks."""
        with self._lock:
            at, known = self._call_reports[ref]
            self._call_reports[ref] = (at, replace(known, status=status))

    def fetch_call(self, ref: str) -> CallReport:
        """Tell what became of a call."""
        self._answer()
        if ref not in self._call_reports:
            raise NoSuchCall("no call by this reference")
        return self._call_reports[ref][1]

    def find_calls(self, to: str, since: datetime) -> list[CallReport]:
        """List the calls to a number, the newest first."""
        self._answer()
        with self._lock:
            known = list(self._call_reports.items())
        return [report for ref, (at, report) in reversed(known) if self.calls[ref].to == to and at >= since]

    def list_placed(self, since: datetime) -> list[PlacedCall]:
        """List all calls, the newest first."""
        self._answer()
        with self._lock:
            known = list(self._call_reports.items())
        return [PlacedCall(self.calls[ref].to, report) for ref, (at, report) in reversed(known) if at >= since]

    def steer_call(self, ref: str, document: str | None) -> None:
        """Note what a call was told."""
        self.steered.append((ref, document))

    def fetch_recording(self, ref: str) -> bytes:
        """The sound that was put under this reference."""
        self._answer()
        if ref not in self.sounds:
            raise NoSuchCall("no recording by this reference")
        return self.sounds[ref]

    def delete_recording(self, ref: str) -> None:
        """Forget a sound."""
        self._answer()
        self.sounds.pop(ref, None)
