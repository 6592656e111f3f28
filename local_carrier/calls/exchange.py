"""Every call the carrier remembers, and the queue in which new ones wait for their turn."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .call import Call, CallStatus
from .recording import Recording


class Exchange:
    """All calls by SID and by number; holds at most `kept` of them."""

    def __init__(self, kept: int, per_second: float) -> None:
        self._kept = kept
        self._gap = 1 / per_second if per_second else 0.0
        self._free: datetime | None = None
        self._by_sid: dict[str, Call] = {}
        self._by_number: dict[str, list[Call]] = {}
        self._recordings: dict[str, Recording] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, call: Call) -> None:
        """Remember a call; the oldest makes room, unless it is still going on."""
        self._by_sid[call.sid] = call
        self._by_number.setdefault(call.to, []).append(call)
        if len(self._by_sid) > self._kept:
            oldest = next(iter(self._by_sid.values()))
            if not oldest.live:
                self.forget(oldest)

    def forget(self, call: Call) -> None:
        """Drop a call and its recordings."""
        self._by_sid.pop(call.sid, None)
        self._by_number[call.to].remove(call)
        if not self._by_number[call.to]:
            del self._by_number[call.to]
        for recording in call.recordings:
            self._recordings.pop(recording.sid, None)

    def find(self, sid: str) -> Call | None:
        """Look a call up by SID."""
        return self._by_sid.get(sid)

    def newest_first(self) -> Iterator[Call]:
        """Walk all calls from the newest."""
        return reversed(self._by_sid.values())

    def of(self, number: str) -> list[Call]:
        """List a phone's calls, oldest first."""
        return list(self._by_number.get(number, ()))

    def on(self, number: str) -> Call | None:
        """Find the call that rings or goes on at a phone now."""
        alive = (CallStatus.RINGING, CallStatus.IN_PROGRESS)
        return next((call for call in reversed(self.of(number)) if call.status in alive), None)

    def going_on(self) -> int:
        """Count the calls that have left the queue and are not over."""
        return sum(call.live and call.status is not CallStatus.QUEUED for call in self._by_sid.values())

    def wait(self, now: datetime) -> float:
        """Take the next place in the queue and tell how many product seconds away it is."""
        starts = max(self._free or now, now)
        self._free = starts + timedelta(seconds=self._gap)
        return (starts - now).total_seconds()

    def record(self, call: Call, recording: Recording) -> None:
        """Remember a recording of a call."""
        call.recordings.append(recording)
        self._recordings[recording.sid] = recording

    def recording(self, sid: str) -> Recording | None:
        """Look a recording up by SID."""
        return self._recordings.get(sid)

    def erase(self, recording: Recording) -> None:
        """Forget a recording."""
        self._recordings.pop(recording.sid, None)
        if call := self._by_sid.get(recording.call_sid):
            call.recordings.remove(recording)

    def clear(self) -> None:
        """Forget everything, the queue too; who waits for a call's end waits no longer."""
        for call in self._by_sid.values():
            call.over.set()
        self._by_sid.clear()
        self._by_number.clear()
        self._recordings.clear()
        self._free = None
