"""What the core gets back: the action's proposal, and what the model heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

RUNNERS_UP = 3
FALLBACK = "nlu_fallback"


class Collector(CollectingOutputChannel):
    """Keeps what the action says until the request is answered; sends nothing anywhere."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]  # Rasa asks the instance, and each turn has its channel
        """The channel the customer is on."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002
        """Keep it."""
        self.messages.append(message)


def proposal(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The action's one JSON message, if it is a whole answer; Rasa swallows failures, so none is the usual sign of one.

    {"lines": ["ask_time"], "events": [{"kind": …}], "state": {…}, "reading": "affirm"}
    """
    said = [message["custom"] for message in messages if message.get("custom")]
    if len(said) != 1 or not isinstance(said[0], Mapping):
        return None
    lines, events, state, reading = (said[0].get(name) for name in ("lines", "events", "state", "reading"))
    if not (isinstance(lines, list) and isinstance(events, list) and isinstance(state, Mapping)):
        return None
    if not (lines or events):
        return None
    answer = {"lines": lines, "events": events, "state": state}
    return {**answer, "reading": reading} if isinstance(reading, str) else answer


def heard(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """What the model heard, for the transcript. Where it was not sure, its best guess is the first runner-up."""
    intent = parsed["intent"]["name"]
    ranking = [entry for entry in parsed.get("intent_ranking", ()) if entry["name"] != intent]
    return {
        "intent": intent,
        # The fallback's own number is its threshold and would read as a measurement.
        "confidence": None if intent == FALLBACK else parsed["intent"]["confidence"],
        "runners_up": [[entry["name"], entry["confidence"]] for entry in ranking[:RUNNERS_UP]],
        "entities": parsed.get("entities", []),
    }


def heard_event(name: str) -> dict[str, Any]:
    """What a channel reported instead of words."""
    return {"intent": name, "confidence": None, "runners_up": [], "entities": []}
