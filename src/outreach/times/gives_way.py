"""Which times only lead up to the one that suits: 五点下班，六点去; 上次约的周三，这次周五; 今天周二，那就周四."""

from __future__ import annotations

import re
from collections.abc import Sequence

from outreach.times.groups import Group, after, before

KEPT = re.compile(
    r"(?:就|才|准时|要|得|我们?|你们|都)*(?:放工|下班|放学|下课|到家|散会|忙完|开完会|结束|起床|睡醒|吃完饭|[接送]完|"
    r"[开关]门|营业|打烊|上班(?!前)|发工资|到账|回(?:来|去|家)|回$|落地|下飞机|下车|交班|[去来]过)(?P<after>[^,]{0,2}后)?"
)
EARLIER = re.compile(r"(?:上次|上回|之前|原来|原先|原本|本来|刚才|刚刚|[你他她]们?说)[^,]{0,4}$")
TODAY_IS = re.compile(r"今天是?(?:周[一二三四五六日几]|\d{1,2}号|几号)(?:吧|对吧|吗)?(?:,|$)")


COMES = re.compile(
    r"[去来到过](?:$|[吧的了行可一办你网银支柜店呢吗么])|过[去来]|前往|吧|可以|方便|有空|有时间|[行能成见约定选打都好也空看]|办(?!事)|联系|电话"
)
"""Words beside a time at which they come or may be called; beside another they speak of something else: 周六同学聚会，周日去."""


def gives_way(text: str, group: Group, groups: Sequence[Group], others: Sequence[Group]) -> bool:
    """Whether a group names a time only for the sake of one of the others; alone, it is when they come."""
    clause = after(text, group, groups)
    kept = KEPT.match(clause)
    today = TODAY_IS.match(text, group[0].start) or before(text, group).endswith("今天是")
    if not (kept or today or EARLIER.search(before(text, group))):
        others = [other for other in others if _comes_after(text, group, other, groups)] if _elsewhere(clause) else []
    clock = any(one.part or one.hour for one in group)
    if kept and clock and not kept["after"]:
        return bool(others)
    # 四点放学后，周五 is Friday at four, 周五回来，三点去 as well on Friday.
    return any((one.part or one.hour) if clock else one.date for other in others for one in other)


def _elsewhere(clause: str) -> bool:
    return len(clause) > 1 and not COMES.search(clause)


def _comes_after(text: str, group: Group, other: Group, groups: Sequence[Group]) -> bool:
    """Whether another time follows in a clause of its own, and is when they come."""
    clause = after(text, other, groups)
    return "," in text[group[-1].end : other[0].start] and (not clause or COMES.search(clause) is not None)
