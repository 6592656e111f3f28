"""Split a whole number fairly, so that the parts add up to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def by_weight(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Parts in proportion to weights, by largest remainder (Hamilton's method); ties go to the earlier name."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {name: total * weight // whole for name, weight in weights.items()}
    owed = sorted(weights, key=lambda name: -(total * weights[name] % whole))
    for name in owed[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def evenly(total: int, places: int) -> list[int]:
    """Parts that differ by one at most, the larger ones spread over all places rather than heaped at one end."""
    return [(place + 1) * total // places - place * total // places for place in range(places)]
