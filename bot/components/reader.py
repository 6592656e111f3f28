"""Which intent a message has: a linear model over its characters, their sounds and its kinds of words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.lexicon import Lexicon
from bot.components.views import Views

WEIGHTS, NAMES = "weights.npz", "names.json"
DICTIONARY = Path(__file__).resolve().parents[1] / "dictionary"

FOLDS = 5
"""Parts of the examples that are read by a model that has not seen them, to learn how sure it may be."""

SHARPNESS = (0.1, 50.0)
"""Between which the factor is looked for that turns margins into confidence."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class Reader(GraphComponent, IntentClassifier):
    """Linear support vectors, one intent against the rest, over three views of a message; docs/nlu.md compares others.

    Confidence is the softmax of the margins, made as sharp as the examples allow when each is read by a model that was
    not taught it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How much each view counts, and how freely the model may follow its examples (scikit-learn's C)."""
        return {"characters": 1.0, "sounds": 1.0, "concepts": 0.7, "freedom": 0.7}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> Reader:
        """Make an untrained one."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> Reader:
        """Read a trained one."""
        reader = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            reader._read(folder)
        return reader

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._sharpness = 1.0

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        intents = np.array([example.get(INTENT) for example in examples], dtype=str)
        self._views = Views(self._config, Lexicon.from_files(DICTIONARY))
        features = self._views.learn([example.get(TEXT) for example in examples])
        self._sharpness = self._sharpest(features, intents)
        self._keep(self._fitted(features, intents))
        with self._model_storage.write_to(self._resource) as folder:
            self._write(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank every intent for each message."""
        for message in messages:
            features = self._views.of([message.get(TEXT) or ""])
            # Only the n-grams that occur: scipy's own product would turn all sixty thousand rows into doubles first.
            margins = features.data @ self._weights[features.indices] + self._intercepts
            # Of a text that holds nothing known the intercepts alone would speak, which say nothing about it.
            if not features.nnz:
                margins = np.zeros_like(margins)
            ranking = ranked(self._intents, softmax(self._sharpness * margins))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _fitted(self, features: csr_matrix, intents: np.ndarray) -> LinearSVC:
        # Balanced: an intent with few examples is not a rare one.
        return LinearSVC(C=self._config["freedom"], class_weight="balanced", random_state=0).fit(features, intents)

    def _keep(self, model: LinearSVC) -> None:
        # One row for each n-gram, since a text has a few dozen of them.
        self._weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        self._intercepts, self._intents = model.intercept_, model.classes_

    def _sharpest(self, features: csr_matrix, intents: np.ndarray) -> float:
        """The factor on the margins under which unseen examples are likeliest (temperature scaling, Guo et al. 2017)."""
        names, meant = np.unique(intents, return_inverse=True)
        rarest = np.bincount(meant).min()
        if rarest < FOLDS or len(names) < 3:  # a toy, as in tests: nothing to learn it from  # noqa: PLR2004
            return 1.0
        margins = np.empty((len(meant), len(names)))
        for taught, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(features, meant):
            margins[unseen] = self._fitted(features[taught], intents[taught]).decision_function(features[unseen])
        rows = np.arange(len(meant))
        return float(
            minimize_scalar(
                lambda factor: -log_softmax(factor * margins, axis=1)[rows, meant].mean(),
                bounds=SHARPNESS,
                method="bounded",
            ).x
        )

    def _write(self, folder: Path) -> None:
        # Numbers and names only, so that reading a model back can execute nothing.
        (folder / NAMES).write_text(json.dumps(self._views.names(), ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            folder / WEIGHTS,
            weights=self._weights,
            intercepts=self._intercepts,
            intents=np.array(self._intents, dtype=str),
            sharpness=self._sharpness,
            **self._views.rarities(),
        )

    def _read(self, folder: Path) -> None:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
            self._views = Views.restored(self._config, names, kept)
            self._weights, self._intercepts = kept["weights"], kept["intercepts"]
            self._intents, self._sharpness = kept["intents"], float(kept["sharpness"])


def ranked(intents: Sequence[str], confidences: Sequence[float]) -> list[dict[str, Any]]:
    """Every intent with its confidence, the likeliest first."""
    ordered = sorted(zip(intents, confidences, strict=True), key=lambda entry: -entry[1])
    return [{"name": str(name), "confidence": float(confidence)} for name, confidence in ordered]
