"""Which of the times in a message the customer means: not those they decline, and after a correction the corrected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from outreach.times.named import Named

# Between two mentions that are one: 明天的下午, 周三或者周四, 两点到四点.
JOINED = re.compile(r"(?:的|那天|就|在|和|或者?|还是|跟|与|、|到|至|-|~|后|前)*")
BEFORE = re.compile(
    r"(?:(?<!是)不是|(?<!要)不要|(?<!能)不能|(?<!想)不想|(?<![特分区级性])别|除了?|取消|推掉|而不是)(?:说|约|在|选|是|去|来|了)?$"
)
AFTER = re.compile(
    r"(?P<fits>行不行|可不可以|方不方便|能不能|是不是|有没有|不忙|没事|没问题|不错)|"
    r"(?P<declines>(?:不(?:太|大|是很)?(?:行|可以|成|方便|合适)|没(?:有?空|有?时间|法)|不一定|说不准|不确定|不好说|以外|之外|除外|别[打来]|抽不出|走不开|[来去]不了|过不[来去]|不能|有事|有约|有会|"
    r"[要在得]开会|要出差|在出差|出差|[要得在]上班|不(?:上班|营业|开门?|办公|工作)|关门|^我?(?:上班|开会|值班)(?!前)|加班|不在|在外地|太?忙|约了|排满|不[去来想要]|太早|太晚|来不及|赶不上|够呛)(?!吗|么|嘛))|"
    r"(?P<also>可以|有空|吧|方便|行|好|能)"
)
LOOK_AHEAD = 12
CORRECTION = re.compile(
    r"换成|改成|改到|改为|换到|改在|改(?=[上下中明后周今大\d])|不对|错了|说错|应该是|算了|要不|,还是|而是"
)


def meant(text: str, named: Sequence[Named]) -> list[list[Named]]:
    """The mentions that stand, in the order of the corrections: each list overrules the ones before it."""
    groups = _groups(text, named)
    declined = [group for group in groups if _declined(text, group, named)]
    standing = [one for group in groups if group not in declined for one in group]
    standing = sorted([*_still_meant(declined, standing), *standing], key=lambda one: one.start)
    corrections = [match.start() for match in CORRECTION.finditer(text)]
    edges = [-1, *corrections, len(text) + 1]
    parts = ([one for one in standing if first <= one.start < last] for first, last in pairwise(edges))
    return [part for part in parts if part]


def _still_meant(declined: Sequence[Sequence[Named]], standing: Sequence[Named]) -> list[Named]:
    """What stands of declined groups: 明天下午不行，上午可以 is still about tomorrow."""
    finer = any(one.part or one.hour for one in standing)
    days = [one for group in declined for one in group if one.date and any(other.part or other.hour for other in group)]
    parts = [one for group in declined for one in group if one.part and any(other.hour for other in group)]
    return [
        *(days[-1:] if finer and not any(one.date for one in standing) else []),
        *(parts[-1:] if any(one.hour for one in standing) and not any(one.part for one in standing) else []),
    ]


def _groups(text: str, named: Sequence[Named]) -> list[list[Named]]:
    """Mentions that belong together, because nothing but a joining word is between them."""
    groups: list[list[Named]] = []
    for one in sorted(named, key=lambda one: one.start):
        if groups and JOINED.fullmatch(text[groups[-1][-1].end : one.start]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _declined(text: str, group: Sequence[Named], named: Sequence[Named]) -> bool:
    """Whether words around a group turn it down: 不是明天, 明天下午没空."""
    start, end = group[0].start, group[-1].end
    if BEFORE.search(text[:start]):
        return True
    until = min([one.start for one in named if one.start >= end], default=len(text))
    following = text[end : min(until, end + LOOK_AHEAD)].lstrip(",")
    said = AFTER.search(following.split(",")[0])
    return bool(said and said["declines"])
