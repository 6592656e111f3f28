"""Bring spoken, dialect and traditional ways of naming times to the one way that the rest of this package reads."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
"""Characters looked at; a time is named in fewer, and the work grows with them."""

TRADITIONAL = str.maketrans(
    "後點週個晝號禮兩開鐘鍾時間這過來換錯對別臘陰曆農國慶勞動節陽當緊會電話還隨聽給發薪約幾從頭飯夜",
    "后点周个昼号礼两开钟钟时间这过来换错对别腊阴历农国庆劳动节阳当紧会电话还随听给发薪约几从头饭夜",
)
"""Only what names of times are made of: a whole dictionary would have to be loaded before the first reply."""

UNITS = "一二三四五六七八九"
NUMBER = rf"(?:[二三四五]?十[{UNITS}]?|廿[{UNITS}]?|[零〇][{UNITS}]|[零〇两{UNITS}])"
DIGITS = {name: number for number, name in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "廿": 20}
LENGTH = r"(?:\d+个?半?(?:天|周|小时|分钟|月)|半个?(?:小时|月))"
COUNTED = r"点|号|日(?!常)|月|年|天|周|个|小时|分|刻|时(?!间|候)"

# "早一点" and "一点都不" are not one o'clock: it needs a time before it, or nothing that could be made less or more.
A_LITTLE = re.compile(
    r"(?<![十午上晨点到至半,、天日末号是就约要成在吧那一二三四五六])(?<!^)一点|"
    r"(?<![十午上晨点到至])一点(?=[都也儿不没点用空时意兴问钱信])"
)

PLAIN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\d)\s+(?=\d)", ","),
        (r"\s+", ""),
        (r"[,。!?;…]+|(?<!\d)—+", ","),
        (r"(?<=\d)[()\[\]](?=\d)", ","),
        (r"嗯|呃|额(?!度)|啊|[哦噢喔]|哎|唉|诶|欸|呀|嘛|呗|那个|就是说?|的话|应该(?!是)", ""),
        (r"[()\[\]【】]|大概|大约|差不多|可能|左右|前后|来钟|最[早晚迟快]|不[早晚迟]于", ""),
        (r"(?<!得)唔得[闲閒]?", "不行"),
        (r"唔[系係]", "不是"),
        (r"以后(?!天)|之后(?!天)|过后(?!天)", "后"),
        (r"以前|之前", "前"),
        # Days.
        (r"大大后[天日]", "四天后"),
        (r"大后[儿日]个?|大后个|大后(?!天)", "大后天"),
        (r"(?<!大)后儿个?|(?<!大)后日(?!子)", "后天"),
        (r"明儿个?|明日|听日|明个(?!月)|明朝(?!代)", "明天"),
        (r"听朝", "明天上午"),
        (r"今儿个?|今日|当天", "今天"),
        (r"昨儿个?|昨日|昨晚", "昨天"),
        (r"明后两?天", "明天"),
        (r"(?<![声聪表说证])明(?=[上下中]午|早|晚|夜)", "明天"),
        (r"(?<![如至当])今(?=[上下中]午|早|晚|夜)", "今天"),
        # Weeks and months.
        (r"星期|礼拜", "周"),
        (r"周[天7](?!\d)", "周日"),
        (r"周(?=[1-6](?!\d))(.)", r"周#\1"),
        (r"(?:这一?个?|本|当)周", "这周"),
        (r"(上|下)一?个?周", r"\1周"),
        (r"(?:这个?|本|当)月", "这个月"),
        (r"(上|下)个?月", r"\1个月"),
        (r"([上下这]周)的?周", r"\1"),
        (r"月份", "月"),
        (r"月的(?![上中下])", "月"),
        (r"月末|月尾", "月底"),
        (r"月头", "月初"),
        (r"年末|年尾", "年底"),
        # Parts of the day.
        (r"中饭|午餐", "午饭"),
        (r"中午前", "上午"),
        (r"(?<=[天日])夜[里间]?", "晚上"),
        (r"朝九晚[五六]", "上班"),
        (r"几点钟?(?:[上下]班|[关开]门)|(?:你们|银行|网点).{0,5}下班", "几点"),
        (rf"(?<=点)([半整{UNITS}十零\d刻分]*)(?:就|才|准时)?(?:下了?班|收工)(?:时间)?", r"\1放工"),
        (r"下了?班前", "下午"),
        (rf"晚(?!一点)(?=[十两{UNITS}\d]{{1,3}}点)", "晚上"),
        (rf"早(?!一点)(?=[十两{UNITS}\d]{{1,3}}点)", "上午"),
        (r"等(?:我|到)?.{0,2}下了?班(?!后)", "看情况"),
        (
            r"下了?班(?:后|时间|了)?|收工后?|(?:吃?完?过?了?)晚饭后?|傍晚|黄昏|夜里|夜晚|夜间|晚间|半夜|深夜|下晚儿?(?!班)",
            "晚上",
        ),
        (r"吃?[完过]?了?午饭后|吃(?:[完过]了?|了)午饭|午休后|午后|[下后]半[天日]|下昼|晏昼|后晌|下晌", "下午"),
        (r"大中午|晌午|正午|午间|午休|午饭(?:时间)?", "中午"),
        (
            r"(?:吃[完过]?了?早饭后?|早饭后|一?大清?早上?|清早|清晨|早晨|(?<!周)一早|[上前]半[天日]|上昼|朝早|头午|头晌|早上)",
            "上午",
        ),
        (rf"(?<=[天日末{UNITS}])早(?![上点晚一])", "上午"),
        (rf"(?<=[天日末{UNITS}])晚(?![上点些一])", "晚上"),
        # Hours and counts.
        (r"[一1]刻钟(?=后)", "15分钟"),
        (r"点钟|点整", "点"),
        (r"钟头", "小时"),
    )
)

NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"(?<![周十])([两{UNITS}])(?=[两{UNITS}]点)[两{UNITS}]", r"\1"),  # 三四点: the first
        (rf"([二三]?十[{UNITS}])[{UNITS}](?=[号点])", r"\1"),
        (r"九十(?=点)", "九"),
        (r"(?:(?<=一)二|(?<=二)三|(?<=三)四|(?<=四)五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)(?=号)", ""),
    )
)
READ_NUMBER = re.compile(
    rf"(?<![周十])(?<!星期)({NUMBER})(?=半?(?:{COUNTED})|[到至~或-]{NUMBER}[点号])|(?<=周[{UNITS}])({NUMBER})(?=点)|"
    rf"(?<=[{UNITS}十\d]月)({NUMBER})(?!月)|"
    # 三点一起去: that one is no minute.
    rf"(?<=点)过?(?!一(?![刻分]))({NUMBER})"
)
AFTERWARDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<![\d.])(\d{1,2})时(?!间|候|段|刻)", r"\1点"),
        (r"(?:(?<=[上中下]午)|(?<=晚上)|(?<=[今明后]天))(\d{1,2})\.([0-5][05])(?!\d)", r"\1:\2"),
        (r"(?<![\d点:])(\d{1,2})([到至~-])(?=\d{1,2}点)", r"\1点\2"),
        (r"(?<!\d)(\d{1,2})(?:或者?|、|和|到|至|-)(?=\d{1,2}号)", r"\1号"),
        (r"周#1", "周一"), (r"周#2", "周二"), (r"周#3", "周三"), (r"周#4", "周四"), (r"周#5", "周五"), (r"周#6", "周六"),
        (r"再过|过(?=\d+(?:天|个?周|个?小时|分钟|个月)|半个?(?:小时|月))", "过"),
        (rf"(?:过|[等隔](?={LENGTH}再))({LENGTH})(?!后)", r"\1后"),
        (r"((?:\d+个?)?半?个?(?:小时|分钟))(?=再[打来联])", r"\1后"),
        (r"过(?=\d|半)", ""),
        (r"中午(?=12点前)", ""),
    )
)  # fmt: skip


def plain(words: str) -> str:
    """The words in one form: simplified, digits for counts, one name for each day, week and part of the day."""
    text = unicodedata.normalize("NFKC", words[:LONGEST])
    text = "".join(char for char in text if unicodedata.category(char)[0] != "C" or char.isspace())
    text = _through(text.translate(TRADITIONAL), PLAIN)
    text = A_LITTLE.sub("些许", _through(text, NUMBERS))
    text = READ_NUMBER.sub(lambda match: _digits(match[match.lastindex or 0]), text)
    return _through(text, AFTERWARDS)


def _through(text: str, replacements: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, replacement in replacements:
        text = pattern.sub(replacement, text)
    return text


def _digits(number: str) -> str:
    """二十五 is 25, 零五 is 05."""
    if number[0] in "零〇" and len(number) > 1:
        return f"0{DIGITS[number[1]]}"
    tens, ten, units = number.partition("十")
    if ten:
        return str((DIGITS[tens] if tens else 1) * 10 + (DIGITS[units] if units else 0))
    return str(sum(DIGITS[char] for char in number))
