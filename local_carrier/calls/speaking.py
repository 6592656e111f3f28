"""How long words take when they are spoken."""

import re
import unicodedata

CHARACTER_SECONDS = 0.22  # a Chinese syllable in a telephone voice
WORD_SECONDS = 0.35  # a word of another language, about two and a half a second
STOP_SECONDS = 0.25  # the breath at a comma or a full stop
KEY_SECONDS = 0.3

WORD = re.compile(r"[A-Za-z]+")


def speaking_seconds(text: str) -> float:
    """Tell how many product seconds it takes to say this."""
    words = len(WORD.findall(text))
    rest = WORD.sub("", text)
    spoken = sum(unicodedata.category(c)[0] in "LN" for c in rest)
    stops = sum(unicodedata.category(c)[0] == "P" for c in rest)
    return words * WORD_SECONDS + spoken * CHARACTER_SECONDS + stops * STOP_SECONDS


def key_seconds(keys: str) -> float:
    """Tell how many product seconds it takes to press these keys."""
    return len(keys) * KEY_SECONDS
