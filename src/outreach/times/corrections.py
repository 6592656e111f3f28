"""Find where a message takes back what it said before: 明天三点，不，四点."""

from __future__ import annotations

import re
from itertools import pairwise

from outreach.times.groups import Group

SAID = re.compile(
    r"换成|改成|改为|改在|[改换推延挪移](?:迟|后)?到|提前到|[改换](?=[上下中明后周今大\d])|(?<!对)不对|错了|说错|口误|更正|应该是|算了|要不|,还是|而是|"
    r"(?:^|,)不+(?:是|了)?(?=,)|(?<!是)不是,|等(?:等|一?下),"
)
BETWEEN = re.compile(r"(?:吧|去|来)?,?不+,?")
"""All that stands between two times of which the second is meant: 明天不，后天."""


def taken_back(text: str, groups: list[Group]) -> list[int]:
    """The places after which a message means something else than before."""
    gaps = ((one[-1].end, other[0].start) for one, other in pairwise(groups))
    bare = [start for start, end in gaps if BETWEEN.fullmatch(text[start:end])]
    return sorted([*bare, *(match.start() for match in SAID.finditer(text))])
