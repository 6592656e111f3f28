"""A text as weighted n-grams of its characters, of its sounds, and of its characters with words of a kind made one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pypinyin import lazy_pinyin
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components import sounds
from bot.components.lexicon import Lexicon
from bot.components.plain import plain

START, END = "^", "$"
"""Marks of a text's edges, so that a bare 好 and the 好 of 好贵 differ."""

PARTS = r"\S+"
"""Sounds and marked words are handed over with blanks between them."""


class Views:
    """Turns texts into features.

    Characters are counted as they were written, without points. Sounds are what speech recognition and hasty typing keep
    when they get the character wrong. Marked words carry what was learned of 招行 over to 兴业. The latter two are made
    from the text with its dialect words folded.
    """

    def __init__(self, weights: Mapping[str, float], lexicon: Lexicon, syllables: frozenset[str] = frozenset()) -> None:
        self._lexicon, self._syllables = lexicon, syllables
        self._shown = {"characters": self._characters, "sounds": self._sounds, "concepts": self._concepts}
        self._weights = {name: weights[name] for name in self._shown}
        self._vectorizers = {
            "characters": TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False),
            "sounds": TfidfVectorizer(token_pattern=PARTS, ngram_range=(1, 3), sublinear_tf=True, lowercase=False),
            "concepts": TfidfVectorizer(token_pattern=PARTS, ngram_range=(1, 3), sublinear_tf=True, lowercase=False),
        }

    def learn(self, texts: Sequence[str]) -> csr_matrix:
        """Learn which syllables and n-grams there are and how rare they are; the texts' features."""
        self._syllables = sounds.heard_in(map(plain, texts))
        for name, vectorizer in self._vectorizers.items():
            vectorizer.fit([self._shown[name](text) for text in map(plain, texts)])
        return self.of(texts)

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """The texts' features, one row each."""
        shown = [plain(text) for text in texts]
        views = hstack(
            [
                self._weights[name] * vectorizer.transform([self._shown[name](text) for text in shown])
                for name, vectorizer in self._vectorizers.items()
            ],
        )
        # What is known of a text weighs as much as the whole would: of three unknown signs only the edges are known,
        # and a text of nothing but edges looks like a short yes. So each counts by its share of what is known.
        return (diags([self._known(text) for text in shown]) @ views).tocsr()

    def names(self) -> dict[str, Any]:
        """Which column each n-gram has, by view, and what the texts were read with."""
        columns = {
            name: {gram: int(column) for gram, column in vectorizer.vocabulary_.items()}
            for name, vectorizer in self._vectorizers.items()
        }
        return {"columns": columns, "syllables": sorted(self._syllables), "lexicon": self._lexicon.to_json()}

    def rarities(self) -> dict[str, np.ndarray]:
        """How rare each n-gram is, by view."""
        return {name: vectorizer.idf_ for name, vectorizer in self._vectorizers.items()}

    @classmethod
    def restored(
        cls, weights: Mapping[str, float], names: Mapping[str, Any], rarities: Mapping[str, np.ndarray]
    ) -> Views:
        """Views as `names` and `rarities` described them."""
        views = cls(weights, Lexicon.from_json(names["lexicon"]), frozenset(names["syllables"]))
        for name, vectorizer in views._vectorizers.items():
            vectorizer.vocabulary = names["columns"][name]
            vectorizer.idf_ = rarities[name]
        return views

    def _known(self, text: str) -> float:
        """The share of characters that training has seen, or heard as others of the same sound."""
        seen, heard = self._vectorizers["characters"].vocabulary_, self._vectorizers["sounds"].vocabulary_
        known = [sign in seen or sounds.alike(lazy_pinyin(sign)[0]) in heard for sign in text]
        return sum(known) / max(len(known), 1)

    def _characters(self, shown: str) -> str:
        return f"{START}{shown}{END}"

    def _sounds(self, shown: str) -> str:
        return " ".join([START, *sounds.of(self._lexicon.folded(shown), self._syllables), END])

    def _concepts(self, shown: str) -> str:
        return " ".join([START, *self._lexicon.marked(self._lexicon.folded(shown)), END])
