"""How fast one person, or one address, may ask."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


class Pace:
    """So many requests in so long, such as "600/minute"; counted by this process."""

    def __init__(self, most: str) -> None:
        self._most = parse(most)
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allows(self, who: str) -> bool:
        """Count a request, and say whether it is within the pace."""
        return self._counted.hit(self._most, who)
