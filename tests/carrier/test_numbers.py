"""Phone numbers as people type them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.carrier.numbers import MOBILE_FIX, NotANumber, Number, NumberKind, read

SHANGHAI = ("Asia/Shanghai",)


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138—0013—8000",
        "138.0013.8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "(+86)13800138000",
        "＋８６　１３８００１３８０００",
        "１３８００１３８０００",
        "①3800138000",
        "0086-13800138000",
        "8613800138000",
        "86 13800138000",
        "013800138000",
        "  13800138000\t",
        "'13800138000",
        "13800138000.0",
        "\u202d13800138000\u202c",
        "\ufeff138\u200b00138000",
        "138\u00a00013\u00a08000",
    ],
)
def test_one_mobile_number_typed_in_many_ways_is_one_number(typed):
    assert read(typed) == Number("+8613800138000", "CN", NumberKind.MOBILE, SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "e164", "country", "kind", "zones"),
    [
        ("010-65551234", "+861065551234", "CN", NumberKind.FIXED, SHANGHAI),
        ("(0755) 8655 1234", "+8675586551234", "CN", NumberKind.FIXED, SHANGHAI),
        ("400-800-1234", "+864008001234", "CN", NumberKind.SHARED, SHANGHAI),
        ("800-810-1234", "+868008101234", "CN", NumberKind.TOLL_FREE, SHANGHAI),
        ("13491234567", "+8613491234567", "CN", NumberKind.SATELLITE, SHANGHAI),
        ("17401234567", "+8617401234567", "CN", NumberKind.SATELLITE, SHANGHAI),
        ("95588", "95588", "CN", NumberKind.SHORT, ()),
        ("10086", "10086", "CN", NumberKind.SHORT, ()),
        ("106905551234", "106905551234", "CN", NumberKind.SHORT, ()),
        ("+85251234567", "+85251234567", "HK", NumberKind.MOBILE, ("Asia/Hong_Kong",)),
        ("+85221234567", "+85221234567", "HK", NumberKind.FIXED, ("Asia/Hong_Kong",)),
        ("+886912345678", "+886912345678", "TW", NumberKind.MOBILE, ("Asia/Taipei",)),
        ("+44 (0)20 7946 0958", "+442079460958", "GB", NumberKind.FIXED, ("Europe/London",)),
        ("+1 213 373 4253", "+12133734253", "US", NumberKind.MOBILE, ("America/Los_Angeles",)),
        ("+1 416 555 0123", "+14165550123", "CA", NumberKind.MOBILE, ("America/Toronto",)),
        ("+8821612345678", "+8821612345678", "ZZ", NumberKind.SATELLITE, ()),
        ("+870773111632", "+870773111632", "ZZ", NumberKind.SATELLITE, ()),
        ("+80012345678", "+80012345678", "ZZ", NumberKind.TOLL_FREE, ()),
    ],
)
def test_a_number_says_what_it_reaches(typed, e164, country, kind, zones):
    assert read(typed) == Number(e164, country, kind, zones)


def test_a_premium_number_is_known_as_one():
    assert read("+1 900 555 1234").kind is NumberKind.PREMIUM


def test_a_number_that_belongs_to_a_person_not_a_place_is_of_no_known_kind():
    assert read("+1 500 555 0006").kind is NumberKind.UNKNOWN


def test_a_number_of_a_country_with_many_zones_may_be_in_each():
    zones = read("+7 916 123 4567").zones
    assert {"Europe/Moscow", "Asia/Vladivostok"} <= set(zones)


def test_numbers_without_a_country_code_belong_to_the_region():
    assert read("213 373 4253", region="US").e164 == "+12133734253"
    assert read("011 86 138 0013 8000", region="US").e164 == "+8613800138000"
    assert read("262966", region="US").kind is NumberKind.SHORT


@pytest.mark.parametrize(
    ("typed", "problem", "fix"),
    [
        ("1380013800", "少一位数字", MOBILE_FIX),
        ("138001380", "少两位数字", MOBILE_FIX),
        ("1", "不是手机号，也不是带区号的固定电话", MOBILE_FIX),
        ("138001380001", "多一位数字", MOBILE_FIX),
        ("+86 1380013800", "少一位数字", MOBILE_FIX),
        ("0086138001380001", "多一位数字", MOBILE_FIX),
        ("13800138000138001380001", "多12位数字", MOBILE_FIX),
        ("861380013800", "少一位数字", MOBILE_FIX),
        ("16312345678", "没有这个号段", "核对号码的前三位"),
        ("1.38E+10", "Excel把号码变成了科学记数，后几位已经丢失", "先把这一列设为“文本”格式，再重新填写11位手机号"),
        ("1.38e10", "Excel把号码变成了科学记数，后几位已经丢失", "先把这一列设为“文本”格式，再重新填写11位手机号"),
        (
            "８.６１３８Ｅ＋１２",
            "Excel把号码变成了科学记数，后几位已经丢失",
            "先把这一列设为“文本”格式，再重新填写11位手机号",
        ),
        ("", "没有号码", MOBILE_FIX),
        ("  \u200b ", "没有号码", MOBILE_FIX),
        ("65551234", "固定电话缺少区号", "加上区号，如010-65551234"),
        ("010-65551234转8012", "带有分机号", "填写能直接拨通的号码，如13800138000"),
        ("010-65551234 ext. 8012", "带有分机号", "填写能直接拨通的号码，如13800138000"),
        ("138****8000", "号码被星号遮住了", "填写完整号码，如13800138000"),
        ("13800138000/13900139000", "一格里有多个号码", "一格只填一个号码"),
        ("13800138000、13900139000", "一格里有多个号码", "一格只填一个号码"),
        ("13800138000 13900139000", "一格里有多个号码", "一格只填一个号码"),
        ("1380013800O", "含有字母或文字", "只留数字，如13800138000"),
        ("一三八零零一三八零零零", "含有字母或文字", "只留数字，如13800138000"),
        ("无", "含有字母或文字", "只留数字，如13800138000"),
        ("138=00138000", "含有数字以外的字符", "只留数字，如13800138000"),
        ("138+00138000", "含有数字以外的字符", "只留数字，如13800138000"),
        ("١٣٨٠٠١٣٨٠٠٠", "含有数字以外的字符", "只留数字，如13800138000"),
        ("-", "含有数字以外的字符", "只留数字，如13800138000"),
        ("1" * 10_000, "内容太长，不是一个号码", MOBILE_FIX),
        ("+999123456", "号码不存在或位数不对", "核对国家码和位数，如+85251234567"),
        ("+8525123", "号码不存在或位数不对", "核对国家码和位数，如+85251234567"),
        ("1234567890123456", "不是手机号，也不是带区号的固定电话", MOBILE_FIX),
        ("85251234567", "不是手机号，也不是带区号的固定电话", MOBILE_FIX),
        ("+86", "不是手机号，也不是带区号的固定电话", MOBILE_FIX),
    ],
)
def test_what_is_no_number_says_why_and_what_to_type(typed, problem, fix):
    assert read(typed) == NotANumber(problem, fix)


def test_a_foreign_list_is_told_about_country_codes():
    assert read("1234567", region="GB") == NotANumber("号码不存在或位数不对", "核对国家码和位数，如+85251234567")


mobiles = st.builds(
    "{}{:08d}".format,
    st.sampled_from(["135", "138", "139", "150", "177", "186", "192", "199"]),
    st.integers(0, 10**8 - 1),
)


@given(
    mobiles,
    st.sampled_from(["", "+86", "86", "0086", "+86 ", "０", "（+86）"]),
    st.sampled_from(["", " ", "-", "　", "－"]),
)
def test_a_mobile_number_is_read_however_it_is_written(mobile, prefix, gap):
    typed = prefix + gap.join([mobile[:3], mobile[3:7], mobile[7:]])
    assert read(typed) == Number(f"+86{mobile}", "CN", NumberKind.MOBILE, SHANGHAI)


@given(mobiles, st.integers(1, 8))
def test_a_mobile_number_cut_short_is_never_another_number(mobile, cut):
    assert isinstance(read(mobile[:-cut]), NotANumber)


@given(st.one_of(st.text(max_size=60), st.text("0123456789+-().eE*转 ０１", max_size=60)))
def test_whatever_is_typed_gets_an_answer_that_reads_back(typed):
    answer = read(typed)
    if isinstance(answer, NotANumber):
        assert answer.problem
        assert answer.fix
    else:
        assert read(answer.e164) == answer
        assert answer.kind is NumberKind.SHORT or answer.e164.startswith("+")


EXAMPLES = {
    country: phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    for country in sorted(phonenumbers.SUPPORTED_REGIONS)
}


@pytest.mark.parametrize("country", [country for country, example in EXAMPLES.items() if example])
def test_a_mobile_number_of_every_country_is_read(country):
    number = read(phonenumbers.format_number(EXAMPLES[country], phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    assert isinstance(number, Number)
    assert number.country.isalpha()
    assert number.zones
