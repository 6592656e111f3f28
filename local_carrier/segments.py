"""How many segments the carrier counts for a text: GSM-7 where it can, UCS-2 otherwise."""

import unicodedata
from itertools import pairwise

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")  # two septets each
GSM_ALONE, GSM_PART = 160, 153  # a part gives seven septets to its header
UCS_ALONE, UCS_PART = 70, 67  # UTF-16 units
JOINER = "\u200d"


def segments(text: str) -> int:
    """Count the segments of a text; an empty text still travels as one."""
    if all(char in GSM_BASIC or char in GSM_EXTENDED for char in text):
        return _packed([2 if char in GSM_EXTENDED else 1 for char in text], GSM_ALONE, GSM_PART)
    return _packed([len(cluster.encode("utf-16-le")) // 2 for cluster in clusters(text)], UCS_ALONE, UCS_PART)


def clusters(text: str) -> list[str]:
    """Cut a text where a phone may cut it: an emoji and what modifies it stay whole."""
    found: list[str] = [text[0]] if text else []
    for before, char in pairwise(text):
        if _belongs(before, char) or (_flag(char) and _flag(found[-1])):
            found[-1] += char
        else:
            found.append(char)
    return found


def _packed(sizes: list[int], alone: int, part: int) -> int:
    if sum(sizes) <= alone:
        return 1
    count, used = 1, 0
    for size in sizes:
        while size > part - used and used:
            count, used = count + 1, 0
        whole, rest = divmod(size, part) if size > part else (0, size)  # a cluster longer than a part is cut after all
        count, used = count + whole, used + rest
    return count


def _belongs(before: str, char: str) -> bool:
    return JOINER in {char, before} or unicodedata.category(char) == "Mn" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _flag(char: str) -> bool:
    return len(char) == 1 and "\U0001f1e6" <= char <= "\U0001f1ff"
