"""Our two dictionaries: how dialects fold into the standard language, and what words of one kind have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file


@dataclass(frozen=True)
class Lexicon:
    """The dictionaries as they were when the model learned; they are kept with it."""

    folding: Mapping[str, str]
    """啥子: 什么"""
    concepts: Mapping[str, str]
    """兴业: other_bank"""

    @classmethod
    def from_files(cls, folder: Path) -> Lexicon:
        """Read folding.yml and concepts.yml; a word that stands in two lists belongs to the first."""
        folding = {str(said): str(meant) for said, meant in read_yaml_file(folder / "folding.yml").items()}
        concepts: dict[str, str] = {}
        for concept, words in read_yaml_file(folder / "concepts.yml").items():
            for word in str(words).split():
                concepts.setdefault(word, concept)
        return cls(folding, concepts)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Lexicon:
        """Read back what `to_json` wrote."""
        return cls(data["folding"], data["concepts"])

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {"folding": dict(self.folding), "concepts": dict(self.concepts)}

    def folded(self, text: str) -> str:
        """The text with dialect words replaced."""
        return "".join(self.folding.get(part, part) for part in _longest(text, self.folding, self._longest_fold))

    def marked(self, text: str) -> Iterator[str]:
        """The text's characters, with each word of a concept replaced by the concept: <other_bank> 那 张."""
        for part in _longest(text, self.concepts, self._longest_word):
            concept = self.concepts.get(part)
            yield f"<{concept}>" if concept else part

    @cached_property
    def _longest_fold(self) -> int:
        return max(map(len, self.folding), default=1)

    @cached_property
    def _longest_word(self) -> int:
        return max(map(len, self.concepts), default=1)


def _longest(text: str, words: Mapping[str, str], longest: int) -> Iterator[str]:
    """The text cut at the words it holds, the longest first; what is no word comes character by character."""
    at = 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 1, -1):
            if text[at : at + length] in words:
                break
        else:
            length = 1
        yield text[at : at + length]
        at += length
