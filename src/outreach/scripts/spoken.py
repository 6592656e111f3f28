"""Word a rendered line for the ear: numbers as they are spoken, and the places where one breathes.

尾号6612            尾号六六一二          a card's digits one by one
95000              九五零零零            a telephone's digits one by one, 1 as 幺
明天（11月25日）     明天，十一月二十五日，  brackets are not heard
9:00-17:00         九点到十七点
"""

from __future__ import annotations

import re

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_TELEPHONE_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")

_BRACKETS = re.compile(r"[（(【]([^）)】]*)[）)】]")
_TAIL = re.compile(r"(?<=尾号)\s*(\d{2,8})")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)")
_MINUTES = re.compile(r"(?<=点)0?(\d{1,2})分")
_RANGE = re.compile(r"(?<=[点半分\d日月周元])\s*[-~—–至]\s*(?=[\d零一二两三四五六七八九十周])")
_TELEPHONE = re.compile(r"(?<![\d.])\+?\d[\d-]{3,}\d(?![\d.]|\s*[元万年])")
_YEAR = re.compile(r"(\d{4})(?=年)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TWO = re.compile(r"二(?=[个张位次点份种家天年件条]|小时)(?<![十百千万第月零点]二)")

_SIGNS = re.compile(r"[（）()【】%％]")
"""What is left of signs that come in pairs or stand by a figure, where the other half is missing."""

_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*")
_CLAUSE = re.compile(r"[^，,、：:]+[，,、：:]*")
LONGEST_BREATH = 40
"""Characters said in one breath, about nine seconds."""


def for_ear(text: str) -> str:
    """The line as it is read out: no digits, no brackets."""
    text = _BRACKETS.sub(r"，\1，", text)
    text = re.sub(r"，+([，。！？])|，+(?=$)", r"\1", text)
    text = _TAIL.sub(lambda found: found[1].translate(_DIGITS), text)
    text = _CLOCK.sub(lambda found: _clock(int(found[1]), int(found[2])), text)
    text = _MINUTES.sub(lambda found: f"{_minutes(int(found[1]))}分", text)
    text = _YEAR.sub(lambda found: found[1].translate(_DIGITS), text)
    text = _PERCENT.sub(lambda found: f"百分之{_number(found[1])}", text)
    text = _TELEPHONE.sub(lambda found: re.sub(r"\D", "", found[0]).translate(_TELEPHONE_DIGITS), text)
    text = _RANGE.sub("到", text)
    text = _NUMBER.sub(lambda found: _number(found[0]), text)
    return _SIGNS.sub("", _TWO.sub("两", text))


def disclosure_and_question(text: str) -> tuple[str, str]:
    """What must be heard to its end, and the last sentence, into which a caller may talk."""
    sentences = _SENTENCE.findall(text)
    return "".join(sentences[:-1]), sentences[-1] if sentences else ""


def breaths(text: str) -> list[str]:
    """The text in pieces that one says in a breath: by sentence, a long one by clause."""
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(text):
        for clause in [sentence] if len(sentence) <= LONGEST_BREATH else _CLAUSE.findall(sentence):
            if pieces and len(pieces[-1]) + len(clause) <= LONGEST_BREATH and not _ends(pieces[-1]):
                pieces[-1] += clause
            else:
                pieces.append(clause)
    return [piece for piece in pieces if re.search(r"\w", piece)]


def _ends(piece: str) -> bool:
    return piece[-1] in "。！？!?；;"


def _clock(hour: int, minute: int) -> str:
    """9:00 as 九点, 13:30 as 十三点半, 9:05 as 九点零五分."""
    spoken = {0: "", 30: "半"}.get(minute, f"{_minutes(minute)}分")
    return f"{_number(str(hour))}点{spoken}"


def _minutes(minute: int) -> str:
    few = 10
    return ("零" if minute < few else "") + _number(str(minute))


def _number(figures: str) -> str:
    """The words for a number: 12 as 十二, 9.5 as 九点五; longer than any amount, digit by digit."""
    longest = 12
    if len(figures) > longest:
        return figures.replace(".", "点").translate(_DIGITS)
    import cn2an

    return str(cn2an.an2cn(figures, "low"))
