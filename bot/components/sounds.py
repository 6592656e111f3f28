"""How words sound, so that homophones, slips of pinyin input and words typed as pinyin meet.

网店太远, 往店太园 and wangdian tai yuan are the same syllables. Sounds that many speakers do not tell apart
(zh and z, l and n, -ang and -an) are made one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pypinyin import lazy_pinyin

_LATIN = re.compile(r"[a-z]+")
_PARTS = re.compile(r"[a-z]+|[\u3400-\u9fff]+|\S")
_LONGEST_SYLLABLE = len("zhuang")
_LETTERS_A_SYLLABLE = 1.7
"""A run of letters with fewer to a syllable is initials, as in bxy, or a word of another language."""


def heard_in(texts: Iterable[str]) -> frozenset[str]:
    """Every syllable that occurs in Chinese texts: what a run of letters may be made of."""
    signs = {sign for text in texts for sign in text if "\u3400" <= sign <= "\u9fff"}
    said = {syllable for sign in signs for syllable in lazy_pinyin(sign)}
    return frozenset(syllable for syllable in said if len(syllable) > 1 or syllable in {"a", "e", "o"})


def of(text: str, syllables: frozenset[str]) -> list[str]:
    """The syllables of a text in small letters; letters that are no syllables, and signs, stay as they are."""
    return [alike(part) for part in _spoken(text, syllables)]


def alike(syllable: str) -> str:
    """One spelling for sounds that are often confused."""
    syllable = re.sub(r"^([zcs])h", r"\1", syllable)
    return re.sub(r"([aei])ng$", r"\1n", re.sub(r"^l", "n", syllable))


def _spoken(text: str, syllables: frozenset[str]) -> Iterator[str]:
    for found in _PARTS.finditer(text):
        part = found[0]
        if _LATIN.fullmatch(part):
            yield from _syllables(part, syllables) or [part]
        elif "\u3400" <= part[0] <= "\u9fff":
            yield from lazy_pinyin(part)
        else:
            yield part


def _syllables(run: str, known: frozenset[str]) -> list[str]:
    """The fewest syllables that make up a run of letters; none where it is no pinyin."""
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before = best[start]
            if (
                before is not None
                and run[start:end] in known
                and (best[end] is None or len(before) + 1 < len(best[end]))
            ):
                best[end] = [*before, run[start:end]]
    found = best[len(run)] or []
    return found if len(run) >= _LETTERS_A_SYLLABLE * len(found) else []
