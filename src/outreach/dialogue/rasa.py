"""Ask Rasa over its internal channel (bot/channels/core.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from outreach.dialogue.port import Asked, NoAnswer, Proposed

ANSWER_SECONDS = 8.0
"""A turn takes tens of milliseconds; after this the text waits and is asked again."""

CONNECTIONS = 16


class RasaDialogue:
    """Rasa, one process or several behind one address."""

    def __init__(self, url: str, secret: str, timeout: float = ANSWER_SECONDS) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {secret}"},
            timeout=httpx.Timeout(timeout, connect=2.0),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            trust_env=False,
        )

    def propose(self, asked: Asked) -> Proposed:
        """Answer one turn; raises NoAnswer for anything but a whole answer.

        {"lines": ["ask_time"], "events": [{"kind": …}], "state": {…},
         "heard": {"intent": "affirm", "confidence": 0.93, "runners_up": […], "entities": []}, "reading": "affirm"}
        """
        try:
            response = self._client.post("/webhooks/core/message", json=payload(asked))
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        if response.status_code != httpx.codes.OK:
            raise NoAnswer(f"http_{response.status_code}")
        try:
            return read(response.json())
        except (ValueError, KeyError, TypeError) as error:
            raise NoAnswer("not_an_answer") from error

    def ready(self) -> bool:
        """Whether a model is loaded and answers."""
        try:
            return self._client.get("/webhooks/core/health", timeout=2.0).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def payload(asked: Asked) -> dict[str, Any]:
    """A turn as bot/channels/turn.py reads it."""
    return {
        "conversation": f"{asked.conversation}:{asked.turn}",
        "text": asked.text,
        "event": asked.event,
        "channel": asked.channel,
        "now": asked.now.isoformat(),
        "zone": asked.zone,
        "state": asked.state,
        "facts": asked.facts,
        "flow": asked.flow,
    }


def read(answer: Any) -> Proposed:
    """A whole answer; raises ValueError, KeyError or TypeError for anything else."""
    lines, events, state, heard = answer["lines"], answer["events"], answer["state"], answer["heard"]
    whole = (
        isinstance(lines, list)
        and all(isinstance(line, str) for line in lines)
        and isinstance(events, list)
        and all(isinstance(event, Mapping) and isinstance(event.get("kind"), str) for event in events)
        and isinstance(state, Mapping)
        and isinstance(state.get("step"), str)
        and isinstance(heard, Mapping)
    )
    # Silence is proposed as an event (left_unanswered); an empty answer is a failure.
    if not whole or not (lines or events):
        raise ValueError("not an answer")
    return Proposed(lines, events, state, heard, answer.get("reading"))
