"""How many people come, by what the customer says: 我和老伴两个人, 带一个朋友, 就我自己, 一家三口."""

from __future__ import annotations

import re

MOST = 20
"""More than this is no party but a number that means something else."""

NUMBERS = {name: number for number, name in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2, "仨": 3}
TWO_OF_THEM = frozenset({"父母", "爸妈"})

_NUMBER = r"(?P<count>[一二两三四五六七八九十\d]{1,2})"
_KIN = (
    r"(?:父母|爸妈|朋友|同事|老伴儿?|老公|老婆|爱人|媳妇|先生|太太|夫妻|孩子|小孩|儿子|女儿|闺女|妈妈?|爸爸?|母亲|父亲|"
    r"邻居|家人|家属|同学|姐妹|妹妹?|姐姐?|弟弟?|哥哥?|兄弟)"
)
_COUNTED = (
    re.compile(rf"{_NUMBER}个?(?:人(?!民|工)|口)"),
    re.compile(rf"(?<![后前号第十\d]){_NUMBER}位(?![数密])"),
    re.compile(rf"(?:我|咱|我们|咱们|{_KIN})(?P<count>[俩仨])|(?:^|[,，])(?P<heads>[俩仨])人"),
    re.compile(rf"{_KIN}[,，]?{_NUMBER}个(?!小时|钟头|月|星期|礼拜|字)"),
    re.compile(rf"^{_NUMBER}个吧?(?=$|[,，])"),
)
_ALONE = re.compile(r"(?:就|只有|只|光)我?(?:一个?人|自己|本人)|我(?:自己|一个人|一人|单独)|不带(?:别?人)")
_BROUGHT = re.compile(
    rf"(?<!不)[带领陪叫约喊拉][上着了]?我?家?的?(?:(?P<count>[一二两俩三仨四五六\d])?个?)(?P<who>{_KIN}|人)"
)
_BESIDE = re.compile(
    rf"(?:我[和跟同与]|[和跟同与]我?)[我他她]?家?(?P<with>{_KIN})(?=$|[,，。!！啊呀吧都也来去过]|一[起块同道])|"
    rf"{_KIN}(?:[和跟同与]我)?一[起块同道]"
)


def read(words: str) -> int | None:
    """The number of people, the customer among them; None where the words say nothing of it."""
    text = re.sub(r"\s+", "", words)
    if count := next((match for pattern in _COUNTED if (match := pattern.search(text))), None):
        return _plausible(_number(next(filter(None, count.groups()))))
    if _ALONE.search(text):
        return 1
    if brought := _BROUGHT.search(text):
        return _plausible(1 + (_number(brought["count"]) if brought["count"] else _heads(brought["who"])))
    if beside := _BESIDE.search(text):
        return 1 + _heads(beside["with"])
    return None


def _heads(who: str | None) -> int:
    return 2 if who in TWO_OF_THEM else 1


def _number(written: str) -> int:
    """十二 is 12, 两 is 2."""
    if written.isdigit():
        return int(written)
    tens, ten, units = written.partition("十")
    return NUMBERS.get(tens, 1) * 10 + NUMBERS.get(units, 0) if ten else NUMBERS.get(written[-1], 0)


def _plausible(count: int) -> int | None:
    return count if 1 <= count <= MOST else None
