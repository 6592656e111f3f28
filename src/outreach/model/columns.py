"""Column types that every table shares: aware UTC times, states as text with a CHECK, JSON."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from outreach.model import naming  # noqa: F401 - before the first table
from outreach.said import again, kept

Json = JSONB
"""A JSON column; values are replaced whole, never changed in place."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: naive values are refused, what comes back is in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse an instant without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the store takes aware instants only")
        return value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the instant in UTC."""
        return value.astimezone(UTC) if value is not None else None


class Word(TypeDecorator[str]):
    """One of a fixed set of words, kept as text. Pair it with `one_of` so that the database checks it too."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse a word that is not of the set."""
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Give the member of the set."""
        return None if value is None else self.words(value)


class Telling(TypeDecorator[str]):
    """A text that people read; a sentence of ours can still be said in another language (`outreach.said`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep what the sentence was made of."""
        return None if value is None else kept(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Give the sentence again."""
        return None if value is None else again(value)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The CHECK that keeps a column inside its set of words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): ordered by time, so that indexes grow at their end."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62
    return UUID(int=value | random & (2**62 - 1))
