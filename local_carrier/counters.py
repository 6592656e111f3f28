"""What the carrier saw, counted apart from what it answered: the proof that nothing was sent twice."""

from dataclasses import dataclass
from typing import Any

TEXTS_KEPT = 100_000  # distinct (To, Body) pairs, and called numbers; further ones are not counted one by one


@dataclass(slots=True)
class Count:
    """How often one text or call was posted, and how often it became a message or a call."""

    posts: int = 0
    accepted: int = 0


class Counters:
    """Counts since the start or the last clearing."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Start from zero."""
        self.posts = 0
        self.accepted = 0
        self.refused: dict[int, int] = {}
        self.callbacks = 0
        self.inbound = 0
        self.call_callbacks = 0
        self.voice = 0
        self._texts: dict[tuple[str, str], Count] = {}
        self._calls: dict[str, Count] = {}

    def posted(self, to: str, body: str) -> None:
        """Count a POST that reached the carrier, whatever came of it."""
        self.posts += 1
        if (text := self._text(to, body)) is not None:
            text.posts += 1

    def took(self, to: str, body: str) -> None:
        """Count a POST that became a message."""
        self.accepted += 1
        if (text := self._text(to, body)) is not None:
            text.accepted += 1

    def asked_to_call(self, to: str) -> None:
        """Count a POST of a call that reached the carrier, whatever came of it."""
        if (call := self._call(to)) is not None:
            call.posts += 1

    def placed(self, to: str) -> None:
        """Count a POST that became a call."""
        if (call := self._call(to)) is not None:
            call.accepted += 1

    def turned_down(self, code: int) -> None:
        """Count a refusal by Twilio's code."""
        self.refused[code] = self.refused.get(code, 0) + 1

    def as_json(self, to: str | None = None) -> dict[str, Any]:
        """Show the counts; `to` limits the texts to one handset."""
        texts = [
            {"to": number, "body": body, "posts": text.posts, "accepted": text.accepted}
            for (number, body), text in self._texts.items()
            if to in (None, number)
        ]
        calls = [
            {"to": number, "posts": call.posts, "placed": call.accepted}
            for number, call in self._calls.items()
            if to in (None, number)
        ]
        return {
            "posts": self.posts,
            "accepted": self.accepted,
            "refused": self.refused,
            "status_callbacks": self.callbacks,
            "inbound": self.inbound,
            "accepted_twice": sum(text.accepted > 1 for text in self._texts.values()),
            "texts": texts,
            "call_posts": sum(call.posts for call in self._calls.values()),
            "calls_placed": sum(call.accepted for call in self._calls.values()),
            "placed_twice": sum(call.accepted > 1 for call in self._calls.values()),
            "voice_requests": self.voice,
            "call_status_callbacks": self.call_callbacks,
            "calls": calls,
        }

    def _text(self, to: str, body: str) -> Count | None:
        if (to, body) not in self._texts and len(self._texts) >= TEXTS_KEPT:
            return None
        return self._texts.setdefault((to, body), Count())

    def _call(self, to: str) -> Count | None:
        if to not in self._calls and len(self._calls) >= TEXTS_KEPT:
            return None
        return self._calls.setdefault(to, Count())
