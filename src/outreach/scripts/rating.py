"""How satisfied a customer says they are, from 1 to 5: 9分, 五星好评, 挺满意的, 服务一般, 太差了. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

BEST, WORST = 5, 1
SCALES = (5, 10, 100)
"""A number of points is out of the least of these that it fits into: 5分 is all of five, 9分 nine of ten."""

NUMBERS = {name: number for number, name in enumerate("零一二三四五六七八九十")} | {"两": 2}

_POINTS = re.compile(
    r"(?!十分(?:满意|不满|好|差))(?P<count>满|\d{1,3}|[零一二两三四五六七八九]?十[一二三四五六七八九]?|[零一二两三四五六七八九])分(?!钟|行|期|之)"
)
_STARS = re.compile(r"(?P<count>满|[1-5一二两三四五])颗?星")
_OF = re.compile(r"(?P<count>\d{1,3})/(?P<scale>10|5|100)(?!\d)")
_WORDS = (
    (1, r"(?:非常|很|太|极其?|十分|特别|相当|极度)不满意?|太差|很差|极差|非常差|最差|恶劣|差劲|烂透|垃圾|(?:太|很)烂"),
    (
        2,
        r"不(?:太|是很|怎么|大|够)?满意|不(?:太|怎么|大)?[好行]|不怎么样|不咋[地的样]|差评|差点|比较差|有点差|[度务]差|失望",
    ),
    (3, r"一般|马马虎虎|凑合|将就|中评|(?:还|过得)(?:行|可以|过得去)|还成|就那样"),
    (5, r"(?:非常|很|特别|十分|相当|超级?|太)(?:满意|好|棒|赞)|好评|点赞|没得说|完美|优秀|最好"),
    (4, r"满意|不错|挺好|好的服务|[度务]好|可以"),
)
_GRADES = tuple((grade, re.compile(pattern)) for grade, pattern in _WORDS)
"""In this order: 很不满意 is not 满意, 不错 is not 不."""
_NO_BLAME = re.compile(r"不错|没(?:有)?(?:什么|啥)?不满意?|不(?:好意思|行吗|好吗)")


def read(words: str) -> int | None:
    """The grade, the last one where several are given; None where the words give none."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))
    counted = list(_counted(text))
    if counted:
        return counted[-1]
    praised = _NO_BLAME.search(text)
    blamed = _NO_BLAME.sub("", text) if praised else text
    found = next((grade for grade, pattern in _GRADES if pattern.search(blamed)), None)
    return 4 if praised and found is None else found


def _counted(text: str) -> Iterator[int]:
    """Points and stars, in the order in which they are said."""
    said = sorted(
        [*_OF.finditer(text), *_STARS.finditer(text), *_POINTS.finditer(text)], key=lambda match: match.start()
    )
    for match in said:
        count = _number(match["count"])
        given = match.groupdict().get("scale")
        scale = int(given) if given else next((scale for scale in SCALES if count is not None and count <= scale), None)
        if count is None:
            yield BEST
        elif scale is not None and count <= scale:
            yield max(WORST, math.ceil(count / scale * BEST))


def _number(written: str) -> int | None:
    """八 is 8, 九十 is 90; 满 is whatever there is."""
    if written == "满":
        return None
    if written.isdigit():
        return int(written)
    tens, ten, units = written.partition("十")
    return NUMBERS[tens or "一"] * 10 + NUMBERS[units or "零"] if ten else NUMBERS[written]
