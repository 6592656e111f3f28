"""What readers built otherwise would read: `uv run --project bot python -m bot.variants < texts.json > readings.json`.

In: ["下午吧", …]. Out: {"characters alone": ["inform_time", …], …}. They learn from the same examples; nothing is kept.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from typing import Any

from bot.environment import ROOT, prepare

IN_USE = {"characters": 1.0, "sounds": 1.0, "concepts": 0.7}
VIEWS: dict[str, dict[str, float]] = {
    "all three views": IN_USE,
    "characters alone": {**IN_USE, "sounds": 0.0, "concepts": 0.0},
    "sounds alone": {**IN_USE, "characters": 0.0, "concepts": 0.0},
    "kinds of words alone": {**IN_USE, "characters": 0.0, "sounds": 0.0},
    "characters and sounds": {**IN_USE, "concepts": 0.0},
    "characters and kinds of words": {**IN_USE, "sounds": 0.0},
}
FREEDOMS = (0.1, 2.0)
"""What else C could be; 0.7 is in use."""


def main() -> None:
    """Read every text with every variant."""
    texts = json.load(sys.stdin)
    prepare()
    with redirect_stdout(sys.stderr):  # Rasa and Jieba print, too
        answer = readings(texts)
    json.dump(answer, sys.stdout, ensure_ascii=False)


def readings(texts: list[str]) -> dict[str, list[str]]:
    """The intent of each text, by variant."""
    from rasa.shared.importers.rasa import RasaFileImporter  # noqa: PLC0415 - the environment comes first
    from sklearn.naive_bayes import ComplementNB  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    from bot.components.lexicon import Lexicon  # noqa: PLC0415
    from bot.components.reader import DICTIONARY  # noqa: PLC0415
    from bot.components.views import Views  # noqa: PLC0415

    taught = RasaFileImporter(training_data_paths=[str(ROOT / "data/nlu")]).get_nlu_data().intent_examples
    examples, intents = [one.get("text") for one in taught], [one.get("intent") for one in taught]
    read: dict[str, list[str]] = {}

    def learn(name: str, model: Any, features: Any, asked: Any) -> None:
        read[name] = [str(intent) for intent in model.fit(features, intents).predict(asked)]

    for name, weights in VIEWS.items():
        views = Views(weights, Lexicon.from_files(DICTIONARY))
        features, asked = views.learn(examples), views.of(texts)
        learn(name, LinearSVC(C=0.7, class_weight="balanced", random_state=0), features, asked)
        if weights is IN_USE:
            for freedom in FREEDOMS:
                other = LinearSVC(C=freedom, class_weight="balanced", random_state=0)
                learn(f"all three, C={freedom}", other, features, asked)
            learn("all three, naive Bayes", ComplementNB(), features, asked)
    views = Views(IN_USE, Lexicon({}, Lexicon.from_files(DICTIONARY).concepts))
    learn("all three, no folding of dialects", LinearSVC(C=0.7, class_weight="balanced", random_state=0),
          views.learn(examples), views.of(texts))  # fmt: skip
    return read


if __name__ == "__main__":
    main()
