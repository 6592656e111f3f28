"""Bring spoken, dialect and traditional ways of naming times to the one way the parser reads."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
"""Characters looked at; a time is named in fewer."""

TRADITIONAL = str.maketrans("後點週個號禮兩開鐘時間這過來聽今", "后点周个号礼两开钟时间这过来听今")
PLAIN = (
    (re.compile(r"[\s,，.。!！?？~、;；…]+"), ""),
    (re.compile(r"[嗯啊呃额]|那个|就是说?|的话|吧|哈|呗"), ""),
    (re.compile(r"大后[个日儿]+|大后(?!天)"), "大后天"),
    (re.compile(r"(?<!大)后[日儿](?!子)|后个"), "后天"),
    (re.compile(r"明[日个]|明儿个?|听日|第二天"), "明天"),
    (re.compile(r"今[日个]|今儿个?"), "今天"),
    (re.compile(r"今晚"), "今天晚上"),
    (re.compile(r"明晚"), "明天晚上"),
    (re.compile(r"明早"), "明天早上"),
    (re.compile(r"星期|礼拜|禮拜"), "周"),
    (re.compile(r"周[天末日七7]"), lambda match: "周末" if match[0] == "周末" else "周日"),
    (re.compile(r"下个周"), "下周"),
    (re.compile(r"这个周|本周"), "这周"),
    (re.compile(r"([上下]午|早上|晚上|中午)头?儿?"), r"\1"),
    (re.compile(r"朝早|一早|清早|大清早|早晨|上昼"), "早上"),
    (re.compile(r"晏昼|下昼|后晌|午后|晌午后"), "下午"),
    (re.compile(r"晌午|正午"), "中午"),
    (re.compile(r"夜晚|夜里|晚间"), "晚上"),
    (re.compile(r"点钟"), "点"),
)  # fmt: skip
CORRECTED = re.compile(r"(?:不是|不要|别)(?P<old>[^是改换]{1,8})(?:是|改|换|要)?(?P<new>.*)|.*?(?:改到|改成|换到|换成|改为)(?P<changed>.+)")


def plain(words: str) -> str:
    """The words as the parser reads them; of a correction only what was corrected to."""
    text = unicodedata.normalize("NFKC", words[:LONGEST]).translate(TRADITIONAL)
    for pattern, replacement in PLAIN:
        text = pattern.sub(replacement, text)
    match = CORRECTED.fullmatch(text)
    if match:
        return match["changed"] or match["new"] or text
    return text
