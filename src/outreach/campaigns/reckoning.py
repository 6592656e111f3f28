"""What reports reckon with: prices, windows and thresholds, from config/reckoning.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.documents import Document, Problem, Refused
from outreach.model import FactKind
from outreach.places import CONFIG

PRICES = ("currency", "segment", "call_minute")
LONGEST_WINDOW = 365
EVENTS = tuple(kind for kind in FactKind if kind is not FactKind.BALANCE)
"""Facts that can be what a campaign is for: things that happen once."""


@dataclass(frozen=True)
class Reckoning:
    """What reports reckon with."""

    currency: str
    segment_price: Decimal
    minute_price: Decimal
    facts: Mapping[str, FactKind]
    """Script to the fact it is for."""
    window_days: int
    kept_share: float
    value_client_from: Decimal
    confidence: float
    power: float

    def cost(self, segments: int, minutes: int) -> Decimal:
        """What so many segments of text and minutes of calls cost."""
        return segments * self.segment_price + minutes * self.minute_price


@cache
def shipped() -> Reckoning:
    """What this bank reckons with."""
    return read(CONFIG / "reckoning.yml")


def read(path: Path) -> Reckoning:
    """Read the file; raises Refused with every problem, its line and what would be right."""
    document = documents.read_file(path)
    root, problems = document.root, list[Problem]()
    prices = root.get("prices") or {}
    for key in PRICES:
        if key not in prices:
            problems.append(document.problem(["prices", key], "is missing", f"`{key}:`"))
    facts = root.get("facts") or {}
    problems += [
        document.problem(["facts", script], f"is {fact!r}", f"one of {', '.join(EVENTS)}")
        for script, fact in facts.items()
        if fact not in EVENTS
    ]
    values = {
        "segment_price": _number(document, ["prices", "segment"], prices.get("segment"), problems),
        "minute_price": _number(document, ["prices", "call_minute"], prices.get("call_minute"), problems),
        "window_days": int(_within(document, "window_days", 1, LONGEST_WINDOW, problems)),
        "kept_share": float(_within(document, "kept_share", 0, 1, problems)),
        "value_client_from": _number(document, ["value_client_from"], root.get("value_client_from"), problems),
        "confidence": float(_within(document, "confidence", 0.5, 0.999, problems)),
        "power": float(_within(document, "power", 0.5, 0.999, problems)),
    }
    if problems:
        raise Refused(problems)
    kinds = {str(script): FactKind(fact) for script, fact in facts.items()}
    return Reckoning(currency=str(prices["currency"]), facts=kinds, **values)  # type: ignore[arg-type]


def _within(document: Document, key: str, least: float, most: float, problems: list[Problem]) -> Decimal:
    value = _number(document, [key], document.root.get(key), problems)
    if not Decimal(str(least)) <= value <= Decimal(str(most)):
        problems.append(document.problem([key], f"is {value}", f"from {least} to {most}"))
    return value


def _number(document: Document, path: list[Any], value: Any, problems: list[Problem]) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or isinstance(value, bool):
        problems.append(document.problem([str(key) for key in path], f"is {value!r}", "a number from 0"))
        return Decimal(0)
    return number
