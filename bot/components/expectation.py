"""What the script's step expects makes a likely reading likelier, before the fallback decides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

Ranking = Sequence[Mapping[str, Any]]

RAW_RANKING = "intent_ranking_raw"
"""The ranking as the classifier gave it, kept for whoever asks why."""

PROTECTED = frozenset({"opt_out", "complaint", "wrong_person", "ask_human"})
"""Readings that end or hand over. No expectation of ours outweighs a customer who clearly means one of them."""

ANSWERS = {"visit_time": "inform_time"}
"""What a step collects, and the intent that names it."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class Expectation(GraphComponent, IntentClassifier):
    """Re-ranks the intents by what the current step of the script asks for."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The lift in log-odds, and how far ahead a protected reading must be to be left alone."""
        return {"lift": 1.5, "clear_lead": 1.2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> Expectation:
        """Make it from its part of config.yml."""
        return cls(config)

    def __init__(self, config: dict[str, Any]) -> None:
        self._lift = config["lift"]
        self._clear_lead = config["clear_lead"]

    def process(self, messages: list[Message]) -> list[Message]:
        """Re-rank each message that says at which step it was heard."""
        for message in messages:
            raw = message.get(INTENT_RANKING_KEY) or []
            expected = expected_at(message.get("metadata") or {})
            if not raw or not expected:
                continue
            ranking = lifted(raw, expected, self._lift, self._clear_lead)
            message.set(RAW_RANKING, list(raw))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def expected_at(metadata: Mapping[str, Any]) -> frozenset[str]:
    """The intents that the current step maps or asks for; none after the end of a conversation."""
    state = metadata.get("state") or {}
    steps = (metadata.get("flow") or {}).get("steps") or {}
    step = steps.get(state.get("step"))
    if not step or state.get("ended"):
        return frozenset()
    asked = {ANSWERS[step["collect"]]} if step.get("collect") in ANSWERS else set()
    return frozenset({*step.get("replies", ()), *step.get("expects", ()), *asked})


def lifted(ranking: Ranking, expected: frozenset[str], lift: float, clear_lead: float) -> list[dict[str, Any]]:
    """The ranking with the expected intents lifted by `lift` in log-odds; confidences sum to what they did before.

    Multiplying odds keeps it bounded: what the words say outright stands, only what they leave open is moved.
    """
    if _leads_clearly(ranking, clear_lead):
        return [dict(entry) for entry in ranking]
    total = math.fsum(entry["confidence"] for entry in ranking)
    weights = [entry["confidence"] * (math.exp(lift) if entry["name"] in expected else 1.0) for entry in ranking]
    scale = total / (math.fsum(weights) or 1.0)
    moved = [{**entry, "confidence": float(weight * scale)} for entry, weight in zip(ranking, weights, strict=True)]
    return sorted(moved, key=lambda entry: -entry["confidence"])


def _leads_clearly(ranking: Ranking, clear_lead: float) -> bool:
    first, second = ranking[0], ranking[1] if len(ranking) > 1 else {"confidence": 0.0}
    return first["name"] in PROTECTED and first["confidence"] >= clear_lead * second["confidence"]
