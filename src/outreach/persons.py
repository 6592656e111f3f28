"""Who does something, by name: as the audit keeps it, and as two pairs of eyes are told apart."""

from __future__ import annotations

import unicodedata

from outreach.explained import Explained

LONGEST = 80


class NoName(Explained):
    """Nobody has such a name; says what would be right."""


def name(given: str) -> str:
    """A name as it is kept, without what only looks like a part of it; raises NoName."""
    kept = _without_blanks(given)
    if not kept:
        raise NoName("is empty; give the name of the person who does it")
    if len(kept) > LONGEST or not kept.isprintable():
        raise NoName(f"is no name; give one line of at most {LONGEST} characters, all of which can be seen")
    return kept


def same(one: str, other: str) -> bool:
    """Whether two names are one person's: blanks around them and capitals do not make another."""
    return _without_blanks(one).casefold() == _without_blanks(other).casefold()


def _without_blanks(given: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", given).split())
