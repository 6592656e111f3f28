"""Tell when something else is or was: 三月份办的, 五月份到期, 周三生日. That is no time at which somebody comes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from outreach.times.groups import Group, after, before

_DONE = "办理?|开通?|领|申请|激活|注册|买|存|签|寄|收到?|拿到?|换|补办?|挂失|绑定?|还|消费|转|刷|用|打|问|查|发|交|出?生|调|毕业|结婚"
_MARK = r"(?:的|过)(?![话吧吗么嘛来去])"
WAS = re.compile(
    rf"(?:那时候?|那会儿?|那天|我|给我|新|又|再|去|来|在[^,]{{1,6}}?|你们[^,]{{0,6}}?)*(?:就|才|刚刚?|已经|早就|已)*"
    rf"(?:(?:{_DONE})(?:了?卡|了?户|了?电话|了?短信)?{_MARK}|(?:办|开|换|领|补)(?:卡|户)(?:的时|那)|"
    rf"(?:(?<=就)|(?<=才)|(?<=刚)|(?<=经)|(?<=已))(?:{_DONE})(?:卡|户)?(?:完|好)?了|"
    r"你们?说(?!一)|"
    r"(?:开始|起)?(?:就|一直|都|后)*没(?:再|有)?(?:用|激活|刷|动|还|存)过?)"
)
AHEAD = re.compile(r"明|后天|下+[周个]|\d后")
"""Such a day is never one on which something has been done: 明天就办了 is a promise."""
IS = re.compile(
    r"(?:就|才|也|快|要|会|都|该|是|的|我[^,]{0,3})*(?:到期|过期|失效|截止|[^,]{0,2}生日|还款|扣款|扣钱|出账|账单)(?!了?(?:后|再|前))"
)
UNTIL = re.compile(
    r"(?:(?:有效期|期限|活动|优惠)(?:日期|时间|截止)*(?:是|在|到|至|截止)|(?:生日|账单日|还款日|到期日|出生)(?:就|只)*(?:是|在)?)$"
)


def visits(text: str, groups: Iterable[Group]) -> list[Group]:
    """The groups that do not merely date something else."""
    every = list(groups)
    return [group for group in every if not _dates_something_else(text, group, every)]


def _dates_something_else(text: str, group: Group, groups: list[Group]) -> bool:
    following = after(text, group, groups)
    if IS.match(following) or UNTIL.search(before(text, group)):
        return True
    said = text[group[0].start : group[-1].end]
    return bool(WAS.match(following) and not AHEAD.search(said))
