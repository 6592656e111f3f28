"""What the core asks the bot, and what the bot proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """One turn: what the customer did, with everything the bot may know."""

    conversation: UUID
    turn: int
    channel: str
    now: datetime
    zone: str
    state: Json
    facts: Json
    flow: Json
    text: str | None = None
    event: Json | None = None
    """{"name": "digit", "digit": "2"}; one of text and event is set."""


@dataclass(frozen=True)
class Proposed:
    """What the bot proposes to say and to do; nothing has happened yet."""

    lines: Sequence[str]
    events: Sequence[Json]
    state: Json
    heard: Json = field(default_factory=dict)
    """{"intent", "confidence", "runners_up", "entities"} as the model read it."""
    reading: str | None = None
    """The intent that decided."""


class NoAnswer(RuntimeError):
    """The bot gave no answer that can be used; carries a short reason without the customer's words."""


class Dialogue(Protocol):
    """Whoever answers for the bot."""

    def propose(self, asked: Asked) -> Proposed:
        """Answer one turn; raises NoAnswer."""
        ...

    def ready(self) -> bool:
        """Whether a turn could be asked now."""
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...
