"""Customers' words made comparable and safe: one width, one case, one script, nothing invisible."""

import re
import unicodedata

MOST_CHARACTERS = 500  # what NLU may see; a longer text is read from its beginning, and the store keeps all of it

# Drawn as nothing, but not of the categories that say so: fillers, variation selectors, joiners.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

# The traditional characters that opt-out, opt-in and help phrases need.
_SIMPLIFIED = str.maketrans(
    "訂閱發電話簡訊聯繫係絡擾騷號碼刪請復複覆幫煩給們妳您來誤錯銷營廣資連絕撥這個還沒單從將別準許對無點繼續開啟謝嗎後總為與讓說聽馬剛過傳喚類陌務時間現後動門滾貴",
    "订阅发电话简讯联系系络扰骚号码删请复复复帮烦给们你你来误错销营广资连绝拨这个还没单从将别准许对无点继续开启谢吗后总为与让说听马刚过传唤类陌务时间现后动门滚贵",
)


def plain(words: str) -> str:
    """Make a customer's words safe for Rasa, which would obey a leading slash; empty when nothing is left."""
    before = None
    while before != words:  # dropping what is invisible may bring a new slash, or a new letter, to the front
        before = words
        words = re.sub(r"^[\s/]+", "", visible(words)).rstrip()
    return words[:MOST_CHARACTERS].rstrip()


def visible(words: str) -> str:
    """Give the words in one width, without control, zero-width and bidi characters, and with single blanks."""
    words = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", words))  # first NFKC: ／affirm would become /affirm later
    words = "".join(letter for letter in words if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", _INVISIBLE.sub("", words)))


def comparable(words: str) -> str:
    """Give the words in capitals and simplified characters, without apostrophes."""
    return re.sub("['’‘`]", "", visible(words).upper().translate(_SIMPLIFIED))
