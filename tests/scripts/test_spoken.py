"""Lines as they are heard: no figure, no bracket, and pieces that one says in a breath."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.scripts.spoken import LONGEST_BREATH, breaths, disclosure_and_question, for_ear

LINES = st.text("您好请问，。！？、：；（）0123456789尾号元年月日点分%-的卡个 ", max_size=200)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("尾号6612的信用卡", "尾号六六一二的信用卡"),
        ("尾号 0037", "尾号零零三七"),
        ("请拨打95000", "请拨打九五零零零"),
        ("请拨打010-62345678", "请拨打零幺零六二三四五六七八"),
        ("+8613800138000", "八六幺三八零零幺三八零零零"),
        ("9元洗车、9元看电影", "九元洗车、九元看电影"),
        ("优惠100元", "优惠一百元"),
        ("满2000元", "满二千元"),
        ("明天（11月25日周三）下午3点", "明天，十一月二十五日周三，下午三点"),
        ("下午2点45分", "下午二点四十五分"),
        ("上午9:00-12:00", "上午九点到十二点"),
        ("13:30", "十三点半"),
        ("9:05", "九点零五分"),
        ("2026年12月1日", "二零二六年十二月一日"),
        ("2个", "两个"),
        ("12个月", "十二个月"),
        ("9.5折", "九点五折"),
        ("打8折，省20%", "打八折，省百分之二十"),
        ("周一至周五", "周一至周五"),
    ],
)
def test_figures_are_said_as_people_say_them(written, heard):
    said = for_ear(written)
    assert said.replace("两点", "二点") == heard


@given(LINES)
def test_nothing_is_left_that_can_only_be_read(text):
    assert not re.search(r"[0-9（）()【】%]", for_ear(text))


@given(LINES)
def test_breaths_are_the_text_in_order(text):
    said = for_ear(text)
    assert re.sub(r"\W", "", "".join(breaths(said))) == re.sub(r"\W", "", said)


@given(LINES)
def test_a_breath_ends_where_a_sentence_ends(text):
    for piece in breaths(for_ear(text)):
        assert not re.search(r"[。！？]\s*\w", piece)


def test_a_long_sentence_is_said_in_several_breaths():
    sentence = "，".join(["这里是银行的智能语音助手"] * 9) + "。"
    pieces = breaths(sentence)
    assert len(pieces) > 1
    assert all(len(piece) <= LONGEST_BREATH for piece in pieces)


def test_the_last_sentence_is_the_question_and_all_before_it_the_disclosure():
    told = "您好，我是银行的语音助手。不想再接到来电请按九。请问是王女士本人吗？"
    assert disclosure_and_question(told) == (told[: -len("请问是王女士本人吗？")], "请问是王女士本人吗？")
    assert disclosure_and_question("") == ("", "")
