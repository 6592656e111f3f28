"""Everything the carrier remembers of messages, oldest forgotten first."""

from collections import deque
from collections.abc import Iterator

from .message import Message


class Ledger:
    """All messages by SID and by handset; holds at most `kept` of them."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._by_sid: dict[str, Message] = {}
        self._threads: dict[str, deque[Message]] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, message: Message) -> None:
        """Remember a message; the oldest makes room."""
        self._by_sid[message.sid] = message
        self._threads.setdefault(message.handset, deque()).append(message)
        while len(self._by_sid) > self._kept:
            self.forget(next(iter(self._by_sid.values())))

    def forget(self, message: Message) -> None:
        """Drop a message, and its handset's thread with the last of it."""
        self._by_sid.pop(message.sid, None)
        thread = self._threads.get(message.handset)
        if thread and message in thread:
            thread.remove(message)  # the oldest stands first, so this looks at one entry
        if not thread:
            self._threads.pop(message.handset, None)

    def find(self, sid: str) -> Message | None:
        """Look a message up by SID."""
        return self._by_sid.get(sid)

    def thread(self, handset: str) -> list[Message]:
        """List what one handset sent and received, oldest first."""
        return list(self._threads.get(handset, ()))

    def handsets(self) -> list[str]:
        """List the handsets that have a thread."""
        return list(self._threads)

    def newest_first(self, handset: str | None = None) -> Iterator[Message]:
        """Walk all messages, or one handset's, from the newest."""
        return reversed(self._by_sid.values() if handset is None else self._threads.get(handset, ()))

    def clear(self) -> None:
        """Forget everything."""
        self._by_sid.clear()
        self._threads.clear()
