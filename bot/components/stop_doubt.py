"""A stop that is not certain is asked about: neither carried out on a guess, nor passed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import read_yaml_file

from bot.components.plain import plain

STOP = "opt_out"
UNSURE = "opt_out_unsure"
WORDS = Path(__file__).resolve().parents[1] / "dictionary" / "stopping.yml"

ENDS_CONTACT = frozenset({"complaint", "wrong_person"})
"""Readings that end contact with the number as well: asking about a stop beside them adds nothing, unless it was put in words."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class StopDoubt(GraphComponent, IntentClassifier):
    """Reads `opt_out_unsure` where a stop is likely enough to ask about and not certain enough to carry out.

    A wrong stop silences the bank for good, a missed one breaks the law, and a question costs one turn.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The confidence from which a stop is carried out, is asked about, and is asked about beside a word of stopping."""
        return {"certain": 0.8, "possible": 0.05, "possible_in_words": 0.003}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> StopDoubt:
        """Make it from its part of config.yml."""
        return cls(config)

    def __init__(self, config: dict[str, Any]) -> None:
        self._certain, self._possible = config["certain"], config["possible"]
        self._possible_in_words = config["possible_in_words"]
        self._words = [word for line in read_yaml_file(WORDS) for word in line.split()]

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the reading of each message that may be a stop; the ranking stays as it is."""
        for message in messages:
            confidences = {entry["name"]: entry["confidence"] for entry in message.get(INTENT_RANKING_KEY) or []}
            stop = confidences.get(STOP, 0.0)
            read = (message.get(INTENT) or {}).get("name")
            if not (read == STOP and stop >= self._certain) and self._may_be_meant(message, read, stop):
                message.set(INTENT, {"name": UNSURE, "confidence": stop}, add_to_output=True)
        return messages

    def _may_be_meant(self, message: Message, read: str | None, stop: float) -> bool:
        if stop >= self._possible and read not in ENDS_CONTACT:
            return True
        return stop >= self._possible_in_words and self._in_words(message.get(TEXT) or "")

    def _in_words(self, text: str) -> bool:
        shown = plain(text)
        return any(word in shown for word in self._words)
