"""What an attribute's value may be."""

import re
from collections.abc import Callable

type Check = Callable[[str], bool]

E164 = re.compile(r"\+[1-9]\d{6,14}")
KEYS = re.compile(r"[0-9*#w]+")


def one_of(*values: str) -> Check:
    """Accept these words."""
    return frozenset(values).__contains__


def whole(least: int, most: int = 14_400, *also: str) -> Check:
    """Accept a whole number within bounds, or one of these words."""
    return lambda value: value in also or (value.isascii() and value.isdecimal() and least <= int(value) <= most)


def like(pattern: str) -> Check:
    """Accept what matches a pattern."""
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def each_of(*values: str) -> Check:
    """Accept some of these words with spaces between."""
    known = frozenset(values)
    return lambda value: bool(value.split()) and set(value.split()) <= known


def anything(_: str) -> bool:
    """Accept every value."""
    return True


def address(value: str) -> bool:
    """Accept an absolute or a relative URL without blanks."""
    return bool(value) and not any(c.isspace() for c in value)


YES_NO = one_of("true", "false")
METHOD = one_of("GET", "POST")
