"""Which branches a customer's words can mean: by name, nickname, near-miss, street or area, the surest way first.

One branch is an answer, several are a question back, none is nothing known. What the customer turns down (不去城南)
does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from outreach.branches.sounds import sounds

KINDS = (
    "旗舰支行",
    "科技支行",
    "社区支行",
    "小微支行",
    "支行",
    "分行",
    "营业部",
    "营业厅",
    "分理处",
    "储蓄所",
    "网点",
    "银行",
)
"""What stands at the end of a branch's name and is left out when it is spoken of."""

SHORTEST_STEM = 2
"""A name cut down to one character would be found in everything."""

_BANK = re.compile(r"^.{1,6}?银行(?=.)")
_STREET = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:大道|路|街|巷|广场|大厦|新村|花园|市场|商场|车站)")
_AREA_KIND = re.compile(r"(?:新区|开发区|区|县|镇|街道|片区|新城|商圈)$")
_TURNED_DOWN = re.compile(r"(?:不是|不去|不要|不到|不在|别去|离|除了)(?:那?个?|在|去)?$")
_TURNED_DOWN_AFTER = re.compile(
    r"^(?:支行|分行|营业部|网点|那个?|这个?|那边|那儿)*(?:太|有点|好|也)?(?:远|不方便|不去|不行)"
)
_BEFORE = re.compile(r"(?:[去到在来往选换就]|改成|换成|(?<!还)是)$")
_AFTER = re.compile(
    r"支行|分行|网点|营业|分理|银行|[那这](?:个|边|家|儿|里|一?片|一带)|附近|旁边|一带|区|路|的?近|(?:太|有点)?远"
)
"""What stands right beside a name that was only nearly said; without it, the name must be all that was said."""
_KIND = re.compile(r"支行|分行|营业部|营业厅|分理处|储蓄所|网点")
_LINK = re.compile(r"的?(?:[那这][个家边]?)?的?$")
_LEADING_UP = re.compile(r"^.*(?:[去到在来往选换]|改成|换成|还?是)")
"""What leads up to the name of a branch: 我周五上午去 of 我周五上午去火车站."""
_NO_NAME = re.compile(
    r"[你我他她咱您哪这那谁几多各别其]|附近|旁边|楼下|[最就]近|近|离|原来|以前|本来|平时|银行|贵行|[开办发]卡|开户|办理|营业|自己"
    r"|什么|任何|一个|家|单位|公司|[两俩]|[今明后]天?|[上下]午|早|晚|周|星期|礼拜|\d|[点号月日]|时间|有|没|不|能|可以|的|了|吗|请|问|找|先"
)
"""What is said beside the word for a branch and names none: 你们网点, 离家近的支行, 哪个网点."""
_LEFT_OPEN = re.compile(
    r"都行|都可以|都成|随便|无所谓|哪个(?:都|近)|最?近(?:的|一点|点的)|就近|你们?定|您定|看着办|第一个?|^[嗯好行对是可以吧的啊]+$"
)


@dataclass(frozen=True)
class Known:
    """A branch as the store knows it, and as people call it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    area: str | None = None
    address: str | None = None

    @property
    def calls(self) -> tuple[str, ...]:
        """What people say for it: 城南支行, 城南, and its nicknames."""
        return tuple(
            dict.fromkeys(call for whole in (self.name, *self.aliases) for call in (whole, _stem(whole)) if call)
        )


@dataclass(frozen=True)
class Find:
    """Where in the words a branch is named, and how much of them its name takes."""

    at: int
    length: int
    branch: Known

    def lies_in(self, other: Find) -> bool:
        """Whether this lies within something longer."""
        starts, ends = other.at, other.at + other.length
        return self.length < other.length and starts <= self.at and self.at + self.length <= ends


def named(words: str, branches: Sequence[Known]) -> list[Known]:
    """The branches that the words can mean; those found by the surest way only."""
    text = re.sub(r"[^\w,]+|_", "", re.sub(r"[,，。;；!！?？、]+", ",", words)).strip(",")
    for way in (_by_name, _by_street, _by_area, _by_sound, _by_swap):
        found = _standing(text, way(text, branches))
        if found:
            return found
    return []


def names_another(words: str, branches: Sequence[Known]) -> bool:
    """Whether the words name a branch by a name that none of these has: 去火车站那个支行."""
    for clause in re.split(r"[\s,，。;；!！?？、]+", words):
        if any(call in clause for branch in branches for call in branch.calls):
            continue
        for kind in _KIND.finditer(clause):
            before = _LINK.sub("", clause[: kind.start()])
            name = _NO_NAME.sub("", _LEADING_UP.sub("", before))
            if len(name) >= SHORTEST_STEM and name == _LEADING_UP.sub("", before):
                return True
    return False


def leaves_it_open(words: str) -> bool:
    """Whether the customer leaves the choice to the bank: 都行, 哪个近去哪个, or a bare yes."""
    return bool(_LEFT_OPEN.search(re.sub(r"[\W_]+", "", words)))


def _by_name(text: str, branches: Sequence[Known]) -> list[Find]:
    found = [
        Find(at, len(call), branch) for branch in branches for call in branch.calls if (at := text.find(call)) >= 0
    ]
    areas = [
        Find(at, len(branch.area), branch) for branch in branches if branch.area and (at := text.find(branch.area)) >= 0
    ]
    # 城南路支行 contains 城南, and 高新区 contains 高新: at the same place the longer name is meant.
    return [one for one in found if not any(one.lies_in(other) for other in (*found, *areas))]


def _by_street(text: str, branches: Sequence[Known]) -> list[Find]:
    """解放路那个: the street in a branch's address."""
    return [
        Find(text.find(street), len(street), branch)
        for branch in branches
        for street in _streets(branch.address or "")
        if street in text
    ]


def _by_area(text: str, branches: Sequence[Known]) -> list[Find]:
    found = []
    for branch in branches:
        for call in dict.fromkeys((branch.area or "", _AREA_KIND.sub("", branch.area or ""))):
            if len(call) >= SHORTEST_STEM and (at := text.find(call)) >= 0:
                found.append(Find(at, len(call), branch))
                break
    return found


def _by_sound(text: str, branches: Sequence[Known]) -> list[Find]:
    """成南 for 城南, 高兴区 for 高新区: what sounds alike."""
    return _nearly(text, branches, tuple)


def _by_swap(text: str, branches: Sequence[Known]) -> list[Find]:
    """南城 for 城南: the same sounds in another order."""
    return _nearly(text, branches, lambda heard: tuple(sorted(heard)))


def _nearly(text: str, branches: Sequence[Known], form: Callable[[Sequence[str]], tuple[str, ...]]) -> list[Find]:
    heard = sounds(text)
    found = []
    for branch in branches:
        for call in (*branch.calls, *filter(None, [branch.area])):
            wanted = form(sounds(call))
            found += [
                Find(at, len(call), branch)
                for at in range(len(text) - len(call) + 1)
                if form(heard[at : at + len(call)]) == wanted and _placed(text, at, len(call))
            ]
    return [one for one in found if not any(one.lies_in(other) for other in found)]


def _standing(text: str, found: Iterable[Find]) -> list[Known]:
    """The branches found that are not turned down around the place where they are named."""
    standing = [
        one.branch
        for one in found
        if not (_TURNED_DOWN.search(text[: one.at]) or _TURNED_DOWN_AFTER.match(text[one.at + one.length :]))
    ]
    return list(dict.fromkeys(standing))


def _placed(text: str, at: int, length: int) -> bool:
    """Whether a place is spoken of where a name was nearly said, or nothing else was said at all."""
    alone = len(text) <= length + 1
    return alone or bool(_BEFORE.search(text[:at])) or bool(_AFTER.match(text[at + length :]))


def _stem(name: str) -> str:
    """城南 of XX银行城南支行; empty where too little would be left."""
    stem = _BANK.sub("", name)
    for kind in KINDS:
        if stem.endswith(kind):
            stem = stem.removesuffix(kind)
            break
    return stem if len(stem) >= SHORTEST_STEM else ""


def _streets(address: str) -> list[str]:
    """The streets of an address, without the city and district before them."""
    bare = re.sub(r"^.*?[省市](?=.)|[\u4e00-\u9fff]{1,4}区", "", address)
    return [street for street in _STREET.findall(bare) if len(street) > SHORTEST_STEM]
