"""How many segments a text costs, counted as the carrier counts."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise


class Encoding(StrEnum):
    """How the characters of a text travel."""

    GSM7 = "gsm7"  #: seven bits each, when all of them are in the GSM alphabet
    UCS2 = "ucs2"  #: sixteen bits each; anything with Chinese


# Encoding -> units in a text of one segment, and in each of several, which also carry a header.
UNITS = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}

TEXTS_HELD = 4096
"""Texts whose count is kept: an opening is counted when it is planned, queued and claimed, and many are the same."""

# 3GPP TS 23.038: the basic alphabet, and the characters that need an escape before them.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")


def encoding(text: str) -> Encoding:
    """Say how a text travels."""
    return Encoding.GSM7 if set(text) <= _BASIC | _ESCAPED else Encoding.UCS2


@lru_cache(maxsize=TEXTS_HELD)
def segments(text: str) -> int:
    """Count the segments of a text; what belongs together is never torn apart between two."""
    travels = encoding(text)
    alone, each = UNITS[travels]
    if _units(text, travels) <= alone:
        return 1 if text else 0
    count, used = 1, 0
    for letters in _wholes(text, travels):
        size = _units(letters, travels)
        if used + size > each:
            count, used = count + 1, 0
        used += size
    return count


def too_long(text: str, most: int) -> str | None:
    """Say by how much a text is longer than the policy lets one be; None where it is not."""
    count = segments(text)
    return (
        None
        if count <= most
        else f"{len(text)} 字为 {count} 段，超过 {most} 段（config/policy.yml：text.most_segments）"
    )


def _units(letters: str, travels: Encoding) -> int:
    if travels is Encoding.GSM7:
        return sum(2 if letter in _ESCAPED else 1 for letter in letters)
    return len(letters.encode("utf-16-le", "surrogatepass")) // 2


def _wholes(text: str, travels: Encoding) -> Iterator[str]:
    """Cut a text into what a reader sees as one character; a heap of marks beyond any segment is cut between letters."""
    if travels is Encoding.GSM7:
        yield from text
        return
    starts = [0, *(at for at in range(1, len(text)) if not _belongs(text, at)), len(text)]
    for start, end in pairwise(starts):
        whole = text[start:end]
        yield from [whole] if _units(whole, travels) <= UNITS[travels][1] else whole


def _belongs(text: str, at: int) -> bool:
    """Decide whether a letter belongs to the one before it: marks, joined emoji, skin tones, flags."""
    letter, before = text[at], text[at - 1]
    if unicodedata.category(letter) in {"Mn", "Me", "Mc"} or letter == _JOINER or _TAIL.match(letter):
        return True
    if before == _JOINER:
        return unicodedata.category(letter) == "So"
    if not (_FLAG.match(letter) and _FLAG.match(before)):
        return False
    flags = re.search(f"{_FLAG.pattern}+$", text[:at])
    return flags is not None and len(flags[0]) % 2 == 1


_JOINER = "\u200d"
_TAIL = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # skin tones, and the letters of regional flags
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
