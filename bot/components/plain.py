"""A text as it is compared: one width, small letters, simplified characters, no points."""

from __future__ import annotations

import re
import unicodedata

from opencc import OpenCC

_SIMPLIFIED = OpenCC("t2s")
_POINTS = re.compile(r"[\s，。！？、,.!?~…：:；;\"“”‘’'()（）\-—^$]+")
"""What one writer puts between words and another does not, and speech recognition never."""


def plain(text: str) -> str:
    """The text without what writers differ in; of a text that is nothing but points, the points."""
    normal = unicodedata.normalize("NFKC", text).lower()
    simplified = _SIMPLIFIED.convert(normal.encode("utf-8", "replace").decode("utf-8"))
    return _POINTS.sub("", simplified) or simplified
