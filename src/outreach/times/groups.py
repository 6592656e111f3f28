"""Bring together the mentions that are one, and tell what is said around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from outreach.times.named import Named

type Group = list[Named]

# Between two mentions that are one: 明天的下午, 周三或者周四, 两点到四点.
JOINED = re.compile(r"(?:的|那天|就|在|和|或者?|还是|跟|与|、|到|至|-|~|后|前)*")
LOOK_AHEAD = 14
"""Characters after a group that may say something of it."""


OTHER_TIMES = re.compile(r"(?<=.)(?:白天|平时|现在|这会儿|其[他它]|别的|工作日)")
"""What is said after these is said of them: 晚上再打，白天没空."""


def grouped(text: str, named: Sequence[Named]) -> list[Group]:
    """Mentions that belong together, because nothing but a joining word is between them."""
    groups: list[Group] = []
    for one in sorted(named, key=lambda one: one.start):
        if groups and JOINED.fullmatch(text[groups[-1][-1].end : one.start]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def before(text: str, group: Group) -> str:
    """What is said before a group."""
    return text[: group[0].start]


def after(text: str, group: Group, groups: Sequence[Group]) -> str:
    """What the clause goes on to say of a group, until it names another time."""
    end = group[-1].end
    until = min([other[0].start for other in groups if other[0].start >= end], default=len(text))
    clause = text[end : min(until, end + LOOK_AHEAD)].lstrip(",").split(",")[0]
    return OTHER_TIMES.split(clause)[0]
