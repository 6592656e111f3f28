"""The words of a text, for searching: Chinese as Jieba cuts it by its dictionary, everything else as it is spelt."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

LONGEST = 40
"""Characters; what is longer is no word, and would not fit an index."""
MOST = 4_000
"""Different words of one conversation; a text of 10,000 characters has fewer."""


def of_texts(texts: Iterable[str]) -> list[str]:
    """Every word of some texts, once; a long word's parts, too, so that 优惠券 is found by 优惠."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(_kept(_jieba().cut_for_search(_plain(text), HMM=False))))
        if len(found) > MOST:
            break
    return list(found)[:MOST]


def of_query(typed: str) -> list[str]:
    """The words that all have to be there."""
    return list(dict.fromkeys(_kept(_jieba().cut(_plain(typed), HMM=False))))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _kept(cut: Iterable[str]) -> Iterable[str]:
    return (word for word in cut if len(word) <= LONGEST and any(letter.isalnum() for letter in word))


@cache
def _jieba() -> Any:
    with warnings.catch_warnings():
        # It is written for an older Python, which says so when it is first compiled.
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel("WARNING")
    cutter = jieba.Tokenizer()
    cutter.initialize()
    return cutter
