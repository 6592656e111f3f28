"""A message as weighted n-grams of its characters, of their sounds and of its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from pypinyin import lazy_pinyin
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

START, END = "^", "$"
"""Marks of a message's edges, so that a bare 好 and the 好 of 好贵 differ."""

PARTS = r"\S+"
"""Sounds and words are handed over with blanks between them."""


class Views:
    """Turns messages into features.

    Rasa's featurizer joins the words with blanks before it counts characters, so that a sentence cut wrongly loses
    its n-grams; here characters are counted as they were written. Sounds (pinyin without tones) are what speech
    recognition and hasty typing keep when they get the character wrong.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._shown = {"characters": _characters, "sounds": _sounds, "words": _words}
        self._weights = {name: weights[name] for name in self._shown}
        self._vectorizers = {
            "characters": TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True),
            "sounds": TfidfVectorizer(token_pattern=PARTS, ngram_range=(1, 2), sublinear_tf=True),
            "words": TfidfVectorizer(token_pattern=PARTS, sublinear_tf=True),
        }

    def learn(self, messages: Sequence[Message]) -> csr_matrix:
        """Learn which n-grams there are and how rare they are; the messages' features."""
        for name, vectorizer in self._vectorizers.items():
            vectorizer.fit([self._shown[name](message) for message in messages])
        return self.of(messages)

    def of(self, messages: Sequence[Message]) -> csr_matrix:
        """The messages' features, one row each."""
        views = hstack(
            [
                self._weights[name] * vectorizer.transform([self._shown[name](message) for message in messages])
                for name, vectorizer in self._vectorizers.items()
            ],
        )
        # What is known of a message weighs as much as the whole would: of three unknown signs only the edges are known,
        # and a message of nothing but edges looks like a short yes. So each counts by its share of what is known.
        return (diags([self._known(message.get(TEXT)) for message in messages]) @ views).tocsr()

    def _known(self, text: str) -> float:
        """The share of characters that training has seen, or heard as others of the same sound."""
        seen, heard = self._vectorizers["characters"].vocabulary_, self._vectorizers["sounds"].vocabulary_
        known = [sign in seen or lazy_pinyin(sign)[0] in heard for sign in text.lower()]
        return sum(known) / max(len(known), 1)

    def vocabularies(self) -> dict[str, dict[str, int]]:
        """Which column each n-gram has, by view."""
        return {
            name: {gram: int(column) for gram, column in vectorizer.vocabulary_.items()}
            for name, vectorizer in self._vectorizers.items()
        }

    def rarities(self) -> dict[str, np.ndarray]:
        """How rare each n-gram is, by view."""
        return {name: vectorizer.idf_ for name, vectorizer in self._vectorizers.items()}

    def restore(self, vocabularies: Mapping[str, Mapping[str, int]], rarities: Mapping[str, np.ndarray]) -> None:
        """Take back what `vocabularies` and `rarities` gave."""
        for name, vectorizer in self._vectorizers.items():
            vectorizer.vocabulary = vocabularies[name]
            vectorizer.idf_ = rarities[name]


def _characters(message: Message) -> str:
    return f"{START}{message.get(TEXT)}{END}"


def _sounds(message: Message) -> str:
    return " ".join([START, *lazy_pinyin(message.get(TEXT)), END])


def _words(message: Message) -> str:
    return " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or ())
