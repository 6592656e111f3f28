"""Find the dates that a message names: the phrases by which customers name them, and what each kind means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from outreach.times import day_meanings as means
from outreach.times import long_spans
from outreach.times.day_meanings import FIRST_DAYS, Match
from outreach.times.named import Named
from outreach.times.today import Today

AFTERWARDS = re.compile(r"后(?!天)")


def day_words(text: str, today: Today) -> Iterator[Named]:
    """The dates in a message that is already plain; of phrases that overlap, the one that says more."""
    taken: list[tuple[int, int]] = []
    for pattern, read in PHRASES:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            named = read(match, today)
            yield _day_after(named, today) if AFTERWARDS.match(text, match.end()) else named


def _day_after(named: Named, today: Today) -> Named:
    """周三以后 begins on Thursday, 周五以后 on Monday."""
    if named.date is None or named.moment:
        return named
    return replace(named, date=long_spans.first_working(named.date + timedelta(days=1), today.calendar), weekly=False)


LUNAR_DAY = r"(?:初[一二三四五六七八九十]|[二廿]?十[一二三四五六七八九]?|廿[一二三四五六七八九]|三十)"
YEAR = "(?P<year>(?:19|20)\\d\\d年|前年|去年|今年|明年|后年)?"
MONTH = r"(?P<month>(?:下|上)+个月|这个月|(?<![\d个.])(?:1[0-2]|[1-9])月)"
NOT_OF_A_STREET = r"(?<![\d路街道巷弄村区省住])"
NOT_OF_A_HOUSE = r"(?:号(?![线楼店卡机窗柜院门厅房桌车码客])|(?<![第迟遲早晚调换缓][1-9])日(?![内均游限息利]))"
A_DATE_MAY_STAND = "(?:(?<![^,])我?|(?<=[那就在约定等天日午上选])|(?<=[改推延]到)|(?<=改成)|(?<=换成))"
TO_COME = r"[号日,吧()和或跟到至~、-]|周|上午|中午|下午|晚上|凌晨|[前后去来过再我行有没能不可之都]|$"
FESTIVALS = "|".join(sorted(long_spans.HOLIDAYS, key=len, reverse=True))
WEEKDAY = "[一二三四五六日]"
NUMERAL = "[零一二三四五六七八九\\d]"

PHRASES: tuple[tuple[re.Pattern[str], Callable[[Match, Today], Named]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?<![\d.])(?:(?:\d+个?)?半个?|\d+个?)(?:小时|分钟)后", means.moment),
        (r"(?:现在|马上|立刻|这就|这会儿)(?:就|能|可以)?(?=过去|过来|去|来|到)", means.at_once),
        (r"(?P<y>20\d\d)[-/.年](?P<m>0?[1-9]|1[0-2])[-/.月](?P<d>0?[1-9]|[12]\d|3[01])(?!\d)[日号]?", means.written),
        (rf"(?:农历|阴历)?(?P<month>正月|腊月|冬月|(?<![今明去后前每\d])大?年(?=初)){LUNAR_DAY}(?![号点])", means.lunar_date),
        (r"(?:农历|阴历)(?P<month>1[0-2]|[1-9])月(?P<day>[12]\d|30|[1-9])[日号]?", means.lunar_numbers),
        (rf"(?:农历|阴历)?\d{{1,2}}月初[{FIRST_DAYS}](?!点)", means.lunar_date),
        (rf"(?<!月)初(?P<day>[{FIRST_DAYS}])(?!点)", means.lunar_day),
        (rf"{YEAR}(?<!\d)(?P<month>1[0-2]|0?[1-9])月(?P<day>[12]\d|3[01]|0?[1-9])(?!\d|点|个)[号日]?", means.month_and_day),
        (r"(?<![\d.])(?:0{1,2}|1[3-9]|[2-9]\d)月\d{1,2}[号日]", means.no_such_day),
        (
            rf"(?<![\d/.])(?P<year>)(?P<month>1[0-2]|0?[1-9])/(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)(?={TO_COME})[号日]?",
            means.month_and_day,
        ),
        # 12.1 is a date where one may stand: 3.5万, 利率到3.5 and 1.5小时 are none. 11-28 is one, 2-4 is from two to four.
        (
            rf"{A_DATE_MAY_STAND}(?P<month>1[0-2]|0?[1-9])(?P<dot>\.|-(?=1[3-9]|[23]\d))(?P<day>[12]\d|3[01]|0?[1-9])(?![\d.])(?={TO_COME})(?P<said>[号日]|(?=[上中下]午|晚上))?",
            means.dotted,
        ),
        (
            rf"(?P<month>(?:下|上)+个月|这个月)?{NOT_OF_A_STREET}(?<!每月)(?<!每个月)(?P<day>[12]\d|3[01]|[1-9]){NOT_OF_A_HOUSE}",
            means.day_of_month,
        ),
        (rf"{NOT_OF_A_STREET}(?:3[2-9]|[4-9]\d){NOT_OF_A_HOUSE}", means.no_such_day),
        (rf"{YEAR}{MONTH}里?(?P<nth>第[1-5]|最后1?)个?(?:周(?P<weekday>{WEEKDAY})|(?P<unit>周|天|工作日))", means.nth_of_month),
        (r"(?P<weeks>下+)周的?今天", means.same_weekday),
        (r"(?P<day>[明后]天)的?(?:这个?(?:时候|时间|点(?!.))|这会儿)", means.this_hour),
        (r"(?:(?:大前|(?<![之以目])前|昨|今|明|大后)天|(?<![之今])(?<!(?<!可)以)后天)(?!天气)", means.exactly),
        (r"(?<!\d)(?P<count>\d{1,3}|半)个?(?P<unit>天|周|月|年)(?P<way>后|前)", means.after_days),
        (rf"(?<![\d每一两几])(?<![\d每几那]个)(?P<week>上上|上|这|下下|下)?周(?:{WEEKDAY})", means.weekday),
        (r"(?<![\d每])(?P<week>上上|上|这|下下|下)?周末", means.weekend),
        (r"(?P<week>下下|下|上)周(?P<when>初|中(?!午))?", means.in_week),
        (
            rf"{YEAR}{MONTH}?(?<![个])(?P<when>(?<=月)(?:初|中旬|中(?![午秋])|底|上旬|下旬)|月(?:初|中(?![午秋])|底|中旬|下旬|上旬))",
            means.in_month,
        ),
        (r"(?P<year>)(?P<month>下+个月)(?P<when>)(?!\d)", means.in_month),
        (rf"{YEAR}(?P<month>(?<![\d个.])(?:1[0-2]|[1-9])月)(?P<when>)(?!\d)", means.in_month),
        (r"(?:(?P<year>[今明去后前])年?)?年底", means.year_end),
        (r"(?<![\d几半成老晚青少童去今明前每后])年后(?!半)|过完年后?|过了年后?", means.after_new_year),
        (r"(?<![\d几半])年前", means.vague),
        (
            rf"(?P<over>过完|过了)?(?<!{NUMERAL})(?P<name>{FESTIVALS})(?!{NUMERAL}|路|街|广场|大道|大街|村|小区|支行|网点)节?(?:长假|小长假|假期|放假|黄金周|期间)?(?P<way>后|前|(?:过完|完|结束|回来)后?)?",
            means.holiday,
        ),
        (r"(?<!双)十一(?:长假|假期|放假|黄金周|期间)?(?P<name>)(?P<way>后|(?:过完|结束|回来)后?)", means.october_holiday),
        (rf"{'|'.join(means.NAMED)}|元宵节?|除夕|七夕|重阳节?|情人节|母亲节|父亲节|圣诞节?|冬至", means.named_day),
        (r"节后|(?:长假|假期)(?:后|(?:结束|完)后?)|放完假|收假后", means.after_next_holiday),
        (r"(?P<week>)(?:这周|这个月|上个月)(?!\d)", means.vague),
    )
)  # fmt: skip
"""What names a date, what says more before what says less."""
