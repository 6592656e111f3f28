"""Which of the times in a message the customer turns down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from outreach.times.groups import Group, after, before

_CANNOT = "不能|不想|不去|不来|来不了|去不了|赶不过来|赶不来|过不来|过不去"
BEFORE = re.compile(
    r"(?:(?<!是)不是|(?<!要)不要|(?<![特分区级性])别|除了?|取消|推掉|而不是)(?:说|约|在|选|是|去|来|了)?$|"
    # 不去明天 turns tomorrow down, 今天不去明天去 today.
    rf"(?:^|,)(?:我们?|那|就|也|实在|恐怕|但是?|可是)*(?:{_CANNOT})(?:约|在|选|去|来)?$"
)
_APPOINTMENT = (
    r"会(?!员|不|来|去)|课|培训|考试|面试|手术|饭局|应酬|安排|事|约|客户|航?班|飞机|火车|高铁|聚会|婚礼|家长会|体检"
)
_FAMILY = "孩子|小孩|娃|宝宝|儿子|女儿|闺女|孙子|孙女|老人|老公|老婆|爸|妈|父母|人|客户|朋友"
_HINDERED = (
    rf"有(?:\d?[个场节堂点些]|别的|其他|重要的?)*(?:{_APPOINTMENT})|^的(?:{_APPOINTMENT})|"
    rf"(?:接|送)个?(?:我家?的?|我们家)?(?:{_FAMILY})|[要在得]开个?会|[要得]?出差|[要得在都还](?:上班|返工)|[要得在去]?(?:上课|培训|考试|值班|看病|看医生|做饭|睡觉|睡?午觉|午睡)|[要得]带(?:孙子|孙女|娃|孩子|小孩)(?=,|$)|"
    "打(?:疫苗|针)|[去在]医院|住院|开刀|搬家|(?<!要是)(?<!如果)(?<!万一)[有下]大?[雨雪]|赶(?:飞机|火车|高铁)|加班|约了|"
    "^[我俺]?[要得]?(?:上班|开会|吃饭|体检|面试|回老家|赶集|出门|旅游|旅行|出发|动身|开学|军训|请客|走亲戚|去外地)"
)
_REFUSED = (
    "不(?:太|大|是很)?(?:行|可以|成|方便|合适)|没(?:有?空|有?时间|有?办?法)|不一定|说不准|不确定|不好说|有点悬|取消|不得[空闲]|以外|之外|除外|别(?:打|来|找|联系|给我)|"
    "抽不出|走不开|脱不开|[来去赶]不[了成]|过不[来去]|赶不(?:上|过来)|不能|(?<!我)(?<!我们)不上班|不(?:营业|开门?|办公|工作)|关门|不在|在外地|太?忙|排满|"
    "不[去来想要]|太早|太晚|太赶|来不及|够呛"
)
AFTER = re.compile(
    r"(?P<fits>行不行|可不可以|方不方便|能不能|是不是|有没有|要不要|不忙|没事|没问题|不错)|"
    # 接孩子后 is when they are free.
    rf"(?P<declines>(?:(?:{_HINDERED})(?![^,]{{0,3}}[后前完再])|{_REFUSED})(?!吗|么|嘛))|"
    r"(?P<also>可以|有空|吧|方便|行|好|能)"
)
MOVED = re.compile(r"换1?[天个]|(?:往后[推延挪]|推[迟后]|延[后期])(?!到)|改[天期]|改时间")
# 要三点不要四点 turns four down, 今天不要明天 today.
EITHER = re.compile(r"不(?:要|去|来|想|能)")
CHOSEN = re.compile(r"(?<!不)[要去来约选]$")


def declined(text: str, group: Group, groups: Sequence[Group]) -> bool:
    """Whether words around a group turn it down: 不是明天, 明天下午没空, 三点有个会."""
    at = groups.index(group)
    if at and EITHER.fullmatch(text, groups[at - 1][-1].end, group[0].start):
        if CHOSEN.search(before(text, groups[at - 1])):
            return True
    elif BEFORE.search(before(text, group)):
        return True
    if at + 1 < len(groups) and EITHER.fullmatch(text, group[-1].end, groups[at + 1][0].start):
        return not CHOSEN.search(before(text, group))
    following = after(text, group, groups)
    said = AFTER.search(following)
    return bool(MOVED.search(following) or (said and said["declines"]))
