"""Passwords: Argon2id at rest, long rather than odd, none that is easily guessed (OWASP ASVS 5.0, 6.2)."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 128
"""Hashing takes longer with every character; nobody types more."""
LEAST_SCORE = 3
"""Of 0 to 4: at least 10^8 guesses, common passwords first."""
FEWEST_OWN, FEWEST_BARE = 3, 6
"""Own words of so many characters count for nothing; so many have to be left without them."""
TOO_SHORT, TOO_LONG, TOO_EASY = "too_short", "too_long", "too_easy"


def weakness(password: str, own_words: list[str]) -> str | None:
    """What is wrong with a new password, or None; `own_words` are the person's login and name."""
    if len(password) < FEWEST_CHARACTERS:
        return TOO_SHORT
    if len(password) > MOST_CHARACTERS:
        return TOO_LONG
    bare = password.lower()
    for word in own_words:
        bare = bare.replace(word.lower(), "") if len(word) >= FEWEST_OWN else bare
    # It looks at the first characters only, which is enough to be hard to guess.
    guessed = zxcvbn(bare[:72])
    return TOO_EASY if len(bare) < FEWEST_BARE or guessed["score"] < LEAST_SCORE else None


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _hasher().hash(password)


def right(password: str, kept: str | None) -> bool:
    """Whether it is the password kept; takes as long where none is kept, so that accounts cannot be told apart."""
    known = _hasher().verify(password[: MOST_CHARACTERS + 1], kept or _nobodys())
    return known and kept is not None


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
