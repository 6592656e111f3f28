"""What is said in a word or two, how many come, and what is only a complaint about being asked again."""

from __future__ import annotations

import pytest

from outreach.scripts import party_size, short_answers


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        ("嗯", "嗯"), ("嗯嗯", "嗯"), ("对对对", "对"), ("是的是的", "是"), ("好的，好的", "好"), ("有的有的", "有"),
        ("没有没有", "没有"), ("行吧", "行"), ("不是啊", "不是"), ("哦，可以呀", "可以"), ("那就第二个吧", "2"), ("选1", "1"),
        ("第三种", "3"), ("我选一", "1"),
    ],
)  # fmt: skip
def test_fillers_and_repetitions_leave_the_answer(words: str, bare: str):
    assert bare in list(short_answers.forms(words))


@pytest.mark.parametrize(
    "words",
    [
        "上次说过了", "刚才不是说了吗", "我说过了", "都说了好几遍了", "不是说过了吗", "我刚刚才说过", "跟你说了", "刚才告诉你了呀",
        "说了多少遍了", "之前回过了", "早就说了", "前面讲过了", "我上回就跟你们说过了", "那个我说过了",
    ],
)  # fmt: skip
def test_who_has_said_it_before_is_understood(words: str):
    assert short_answers.says_it_was_said(words)


@pytest.mark.parametrize(
    "words", ["你说", "说吧", "我上次说过不要了", "我说错了", "刚才说的那个礼品呢", "说", "好的", "", "我说下午"]
)
def test_who_says_something_is_not_taken_for_repeating(words: str):
    assert not short_answers.says_it_was_said(words)


@pytest.mark.parametrize(
    "words",
    [
        "不需要",
        "不用了",
        "不用",
        "没兴趣",
        "算了吧",
        "我不想办",
        "不办",
        "不考虑",
        "别打了",
        "不要",
        "我不要了",
        "说了不要别讲了",
    ],
)
def test_a_refusal_is_one_whatever_was_asked(words: str):
    assert short_answers.refuses_outright(words)


@pytest.mark.parametrize(
    "words",
    [
        "没有",
        "不行",
        "没空",
        "不是",
        "明天不行",
        "不用带卡吗",
        "要不要钱",
        "今天不要",
        "不要年费吗",
        "我要不要带卡",
        "不要紧",
        "不要别的",
    ],
)
def test_a_no_that_answers_the_question_is_no_refusal(words: str):
    assert not short_answers.refuses_outright(words)


@pytest.mark.parametrize(
    "words",
    [
        "不需要，我有别家的",
        "免了吧，我不刷卡",
        "呃那个算了没时间去",
        "不用了，太远",
        "谢谢，没必要，我支付宝还",
        "不要了我不会弄",
    ],
)
def test_who_turns_it_down_and_then_says_why_refuses(words: str):
    assert short_answers.turns_down_first(words)


@pytest.mark.parametrize(
    "words", ["没时间去", "你们额度太低，我不需要", "不用信用卡", "我用不上", "不会弄", "没钱", "不要紧，就是远"]
)
def test_who_says_why_objects(words: str):
    assert not short_answers.turns_down_first(words)


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("我和我老伴两个人", 2), ("带一个朋友", 2), ("可能带个同事一起", 2), ("就我自己", 1), ("我一个人过来", 1),
        ("一家三口", 3), ("两口子都去", 2), ("我跟我爱人两个", 2), ("三个吧，带上老人和孩子", 3), ("我们俩", 2), ("我俩", 2),
        ("带俩孩子", 3), ("带我爸妈", 3), ("和我妈一起", 2), ("老伴跟我一道", 2), ("我和儿子", 2), ("两位", 2), ("俩人", 2),
        ("20个人", 20), ("十二个人", 12), ("不带人", 1), ("夫妻俩", 2), ("明天下午三点我和老伴一起去城南支行", 2),
    ],
)  # fmt: skip
def test_the_company_is_counted(words: str, people: int):
    assert party_size.read(words) == people


@pytest.mark.parametrize(
    "words",
    [
        "明天下午三点", "下午三点一起去", "尾号后四位6612", "卡号十六位", "我带身份证", "我老婆不让我办", "我问问老公", "转人工", "个人信息",
        "我推荐个朋友", "两个小时后", "两个月", "我和朋友两个小时后到", "100个人", "一2十", "",
    ],
)  # fmt: skip
def test_what_is_no_company_is_not_counted(words: str):
    assert party_size.read(words) is None
