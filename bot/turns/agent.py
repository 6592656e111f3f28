"""Rasa's agent with our processor and kept connections."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent

from bot.turns.connection import KeptEndpoint
from bot.turns.processor import TurnProcessor


class TurnAgent(Agent):
    """Holds the model, and the connections to the action server."""

    @classmethod
    def of(cls, model: str, actions_url: str) -> TurnAgent:
        """An agent with a model: a file, or the newest of a folder."""
        agent = cls(action_endpoint=KeptEndpoint(actions_url))
        agent.load_model(model)
        return agent

    def load_model(self, model_path: Any, fingerprint: str | None = None) -> None:
        """Load a model into our processor."""
        self.processor = TurnProcessor(model_path, self.tracker_store, self.lock_store, self.nlg, self.action_endpoint)
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)

    async def close(self) -> None:
        """Let the connections go."""
        await self.action_endpoint.close()
