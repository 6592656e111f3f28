"""How long each part of a turn took, for whoever asks why one was slow."""

from __future__ import annotations

import time


class Took:
    """Notes how long each part took. As text: the value of a Server-Timing header, in milliseconds."""

    def __init__(self) -> None:
        self._since = time.perf_counter()
        self._parts: dict[str, float] = {}

    def part(self, name: str) -> None:
        """A part ends here, and the next begins."""
        now = time.perf_counter()
        self._parts[name] = (now - self._since) * 1000
        self._since = now

    def __str__(self) -> str:
        return ", ".join(f"{name};dur={milliseconds:.2f}" for name, milliseconds in self._parts.items())
