"""What a customer says in a word or two, whose meaning is the question's: 有, 对对, 不是的, 第二个; and 刚才说过了."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STOPS = re.compile(r"[\W_]+")
_FILLING = re.compile(r"[啊呀哦噢嗯呃呢吧的了嘛哈呗哎诶唉]+")
"""What surrounds a short answer without changing it: 嗯，不是啊 is 不是."""
_BEFORE = re.compile(r"我们?|是(?!不是)|还|一直|从来|都|也|就|确实|好像|到?现在|目前|[这那]张?|信用卡|卡|个")
_BEHIND = re.compile(r"(?:过|[这那][张个]?卡?|它)+$")
"""Who and what an answer is about, which the question has told already: 我一直没激活过这张卡 is 没激活."""
SHORTEST_LEFT = 2
"""Characters that must be left of an answer without what it is about: 我是 is not 是."""
_REPEATED = re.compile(r"(.{1,3}?)\1+")
_CHOSEN = re.compile(r"(?:那就?|就|我?选|要)?第?([一二三123])(?:个|种|项|点)?")
_CHOICES = {"一": "1", "二": "2", "三": "3"}

_BARE_YES = re.compile(r"[好行对是中成嗯哦噢]|可以|没问题|ok", re.IGNORECASE)

_NOW = re.compile(r"^(?:我|现在|这会儿?|正好|刚好|今天)+")

_SAID_BEFORE = re.compile(
    r"(?:我|你|都|就|不是|刚才?|刚刚|前面|之前|上次|上回|早就|已经|跟你们?|和你们?|给你们?)*"
    r"(?:说|讲|回|回复|答|告诉|提)(?:过|完|了)?(?:多少|好?[几多两三])?[遍次回]?(?:你们?)?(?:了|过)?(?:(?:多少|好?[几多两三])[遍次回])?了?(?:吗|么|嘛|呀|啊)?(?:怎么)?(?:还|又)?(?:问|来)?",
)
_SAID_MARK = re.compile(r"过|了|刚|上[次回]|前面|之前|早就|已经|[遍次]")

_CORRECTS = re.compile(r"[说讲写打发记搞弄看]错了|^[\W啊哦哎唉嗯]*错了|口误|(?<!对)不对[,，是]")

_OUTRIGHT = re.compile(
    r"不(?:需要|用了|用[,，。!！\s]*$|想|办|去了|来了|感兴趣|参加|考虑|开)|没(?:有)?(?:兴趣|需要|必要)|算了|免了|拉倒|别(?:说|打|发|烦)了?"
    r"|(?<![要天午])不要(?=[,，。!！\s了]|别(?![的人家处])|$)",
)

_BEGUN = re.compile(r"(?:[\W_啊哦噢嗯哎诶唉呃额]|那个|这个|就是|谢谢|那|还是)*")
"""What anybody begins with before saying anything."""

_TURNS_DOWN = re.compile(
    r"(?:不(?:需要|必|考虑|用了|[用要](?:[,，。!！\s了]|$))|没(?:有)?(?:兴趣|需要|必要)|算了|免了|拉倒)",
)


def forms(words: str) -> Iterator[str]:
    """The forms in which a step may expect these words: 嗯嗯 is itself and 嗯, 对的对的 is 对, 选第二个 is 2, 我都行 is 都行."""
    plain = _STOPS.sub("", words)
    bare = _FILLING.sub("", plain)
    found = [plain, bare, _REPEATED.sub(r"\1", bare or plain)]
    if match := _CHOSEN.fullmatch(bare):
        found.append(_CHOICES.get(match[1], match[1]))
    found += [short for form in (plain, bare) for short in _shortened(form)]
    yield from dict.fromkeys(form for form in found if form)


def _shortened(form: str) -> Iterator[str]:
    """The form without what it is about, word by word from the front: 我都行 is 都行."""
    while True:
        core = _BEHIND.sub("", form)
        yield from (short for short in (form, core) if len(short) >= SHORTEST_LEFT)
        if not (begins := _BEFORE.match(form)):
            return
        form = form[begins.end() :]


def is_bare_yes(words: str) -> bool:
    """Whether it is a yes and nothing more: 嗯好的; 那还是办吧 is more."""
    return any(_BARE_YES.fullmatch(form) for form in forms(words))


def first_clause(words: str) -> str:
    """What stands before the first stop or blank; nothing where there is none, or where it is a question."""
    clause, stop, _ = re.sub(r"[\s,，。;；!！~～]+", ",", words.strip()).partition(",")
    return _NOW.sub("", clause) if stop and not re.search(r"[?？吗]$", clause) else ""


def says_it_was_said(words: str) -> bool:
    """Whether the customer only complains of being asked again: 上次说过了, 刚才不是说了吗."""
    bare = _STOPS.sub("", _begun(words))
    return bool(_SAID_BEFORE.fullmatch(bare) and _SAID_MARK.search(bare))


def corrects(words: str) -> bool:
    """Whether the customer takes back what they said: 我说错了，是周三."""
    return bool(_CORRECTS.search(words))


def refuses_outright(words: str, *, at_once: bool = False) -> bool:
    """Whether the words refuse whatever was asked, or begin with that: 不需要, 算了; a bare 没有 answers the question."""
    return bool(_OUTRIGHT.match(_FILLING.sub("", words)) if at_once else _OUTRIGHT.search(words))


def turns_down_first(words: str) -> bool:
    """Whether the words begin by turning it down, whatever reason comes after: 免了吧，用不着这个."""
    return bool(_TURNS_DOWN.match(_begun(words)))


def _begun(words: str) -> str:
    """The words without what they begin with: 那个我说过了 is 我说过了."""
    return _BEGUN.sub("", words, count=1)
