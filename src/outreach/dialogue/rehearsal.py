"""A bot in memory: the same flow as the action server's, with readings given instead of a model."""

from __future__ import annotations

from collections.abc import Callable

from outreach.dialogue.port import Asked, NoAnswer, Proposed
from outreach.scripts import flow
from outreach.scripts.script import Flow
from outreach.scripts.state import Heard, State


class Rehearsal:
    """Answers every turn with the real flow; `read` stands for the model. Set `down` to have it fail."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self.down = False
        self.asked: list[Asked] = []

    def propose(self, asked: Asked) -> Proposed:
        """Answer one turn."""
        self.asked.append(asked)
        if self.down:
            raise NoAnswer("down")
        if asked.event is not None:
            heard = Heard(intent=asked.event["name"], digit=asked.event.get("digit"))
        else:
            heard = Heard(intent=self._read(asked.text or ""), text=asked.text or "")
        state = State.from_json(asked.state)
        answer = flow.respond(Flow.from_json(asked.flow), state, heard, asked.now, asked.zone, asked.facts)
        confidence = None if asked.event else 1.0
        return Proposed(
            answer.lines,
            answer.events,
            answer.state.to_json(),
            {"intent": heard.intent, "confidence": confidence, "runners_up": [], "entities": []},
            answer.reading,
        )

    def ready(self) -> bool:
        """Whether it answers."""
        return not self.down

    def close(self) -> None:
        """Nothing is held."""
