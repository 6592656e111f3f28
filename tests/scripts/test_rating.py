"""What a customer's words say of how satisfied they are."""

from __future__ import annotations

import pytest

from outreach.scripts import rating

GRADES = {
    5: "9分 10分 十分 满分 打满分 给个九分 五星好评 五星 100分 九十分 5分 打5分 非常满意 很好 特别满意 10/10 十分满意 给好评 点赞你们的服务",
    4: "8分 八分 7分 四星 挺满意的 满意 比较满意 基本满意 不错 还不错 服务不错 挺好 服务态度好 80分 没什么不满意的 4/5",
    3: "六分 服务一般 一般般 还行 还可以 中评 三星吧 态度一般 马马虎虎",
    2: "不满意 不太满意 态度不好 服务不行 不怎么样 差评 态度差 两星 4/10 3/10 40分",
    1: "很不满意 非常不满意 太差了 服务太差了 1分 一星 0分 20分 1/10",
}


@pytest.mark.parametrize(("grade", "words"), [(grade, one) for grade, many in GRADES.items() for one in many.split()])
def test_points_stars_and_words_are_grades(grade, words):
    assert rating.read(words) == grade


@pytest.mark.parametrize(("words", "grade"), [("３星，不，４星吧", 4), ("上次3分，这次9分", 5), ("10分满意", 5)])
def test_the_last_of_several_counts(words, grade):
    assert rating.read(words) == grade


@pytest.mark.parametrize("words", ["", "十分钟", "城南分行", "评分在哪里打", "500分", "嗯"])
def test_words_without_a_grade_have_none(words):
    assert rating.read(words) is None


@pytest.mark.parametrize("count", range(11))
def test_more_points_are_never_a_lower_grade(count):
    of_ten = [rating.read(f"{number}/10") for number in range(count + 1)]
    assert of_ten == sorted(of_ten)
