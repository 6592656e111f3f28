import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rules.redaction import mask_numbers, mask_phone, redact

MASKED = [
    ("卡号6222020200112233445", "卡号*******************"),
    ("6222 0202 0011 2233 445", "**** **** **** **** ***"),
    ("6222-0202-0011-2233", "*******************"),
    ("４１１１１１１１１１１１１１１１", "****************"),
    ("3782 822463 10005", "**** ****** *****"),
    ("378282246310005", "***************"),
    ("4111\u200b1111\u200b1111\u200b1111", "*******************"),
    ("六二二二零二零零一一二二三三四四五", "*****************"),
    ("身份证11010119900307123X", "身份证******************"),
    ("110101 19900307 123x", "****** ******** ****"),
    ("１１０１０１１９９００３０７１２３Ｘ", "******************"),
    ("身份证号 110101900307123", "身份证号 ***************"),
    ("验证码123456", "验证码******"),
    ("验证码是 123 456", "验证码是 *** ***"),
    ("驗證碼：1 2 3 4 5 6", "驗證碼：* * * * * *"),
    ("您的验证码为123456，5分钟内有效", "您的验证码为******，5分钟内有效"),
    ("密码是abc123!", "密码是*******"),
    ("密码:hunter", "密码:******"),
    ("密码为【112233】", "密码为【******】"),
    ("密码是一二三四五六", "密码是******"),
    ("123456是我的验证码", "******是我的验证码"),
    ("my password is hunter", "my password is ******"),
    ("OTP 552211", "OTP ******"),
    ("482913", "******"),
    (" 482 913。", " *** ***。"),
    ("四八二九一三", "******"),
]


@pytest.mark.parametrize(("said", "kept"), MASKED)
def test_numbers_and_secrets_are_masked(said, kept):
    assert redact(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-02 2026-03-05 10:15",
        "20260302 20260305",
        "2026年3月2日下午3点到5点",
        "13812345678 13912345678",
        "138 1234 5678",
        "+86 138 1234 5678",
        "尾号5678",
        "5000元，一共12,000.50",
        "密码忘了",
        "密码是什么",
        "转5000，密码忘了",
        "password reset",
        "shopping 10000",
        "一二三四五六七",
        "",
    ],
)
def test_dates_amounts_and_phones_are_kept(said):
    assert redact(said) == said


def luhn(number):
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


NOISE = st.text(alphabet=st.sampled_from("0123456789０９ -.卡号验证码是密x二一/年"), max_size=80)


@given(st.one_of(NOISE, st.text(), st.from_regex(r"[0-9]{13,40}", fullmatch=True)))
def test_no_card_is_left(said):
    kept = redact(said)
    assert len(kept) == len(said)
    for run in re.findall(r"[0-9]{13,}", kept):
        for length in range(13, len(run) + 1):
            assert not any(luhn(run[start : start + length]) for start in range(len(run) - length + 1))


@given(st.one_of(NOISE, st.text()))
def test_what_is_redacted_has_nothing_left_to_redact_but_digits_become_stars_only(said):
    assert all(after in (before, "*") for before, after in zip(said, redact(said), strict=True))


@given(st.integers(12, 18), st.data(), st.sampled_from(["", "卡号", "我的卡是"]))
def test_a_card_that_passes_luhn_is_masked_however_it_is_grouped(length, data, before):
    body = data.draw(st.text("0123456789", min_size=length, max_size=length))
    card = next(body + check for check in "0123456789" if luhn(body + check))
    grouped = " ".join(card[start : start + 4] for start in range(0, len(card), 4))
    for written in (card, grouped, grouped.replace(" ", "-")):
        assert not re.search(r"\d", redact(f"{before}{written}谢谢"))


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+8613812345678", "+86138****5678"),
        ("+13125550100", "+131****0100"),
        ("+6591234567", "+65****4567"),
        ("10086", "****86"),
        ("", "****"),
    ],
)
def test_a_phone_number_shows_its_ends(number, masked):
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打我另一个号13912345678，找李建国", "打我另一个号139****5678，找李建国"),
        ("139 1234 5678或138-1234-5678", "139 **** 5678或138-****-5678"),
        ("+8613912345678", "+86139****5678"),
        ("0086 139 1234 5678", "0086 139 **** 5678"),
        ("139， 1234， 5678", "139， ****， 5678"),
        ("幺三九 幺二三四 五六七八", "幺三九 **** 五六七八"),
        ("１３９１２３４５６７８", "１３９****５６７８"),
        ("尾号6613 13912345678", "尾号6613 139****5678"),
        ("座机0571-88886666", "座机0571-****6666"),
        ("+1 415 555 2671", "+1 41* *** 2671"),
        ("卡号6222020200112233445", "卡号*******************"),
    ],
)
def test_numbers_that_somebody_said_are_masked_for_people_to_see(said, shown):
    assert mask_numbers(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "明天13:30到15:00",
        "2026-11-24 13点",
        "一共13,912,345块",
        "订单2013112412",
        "95588",
        "400-800-1234",
        "13、14、15号都行",
    ],
)
def test_times_amounts_and_service_numbers_are_shown(said):
    assert mask_numbers(said) == said
