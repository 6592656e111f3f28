"""Which branch a visit is booked at: named, asked about, left to us, and put right afterwards."""

from __future__ import annotations

import pytest

from outreach.cli.stage import Stage
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Branch
from outreach.times import weekdays
from tests.conftest import TUESDAY

READINGS = {
    "方便": "affirm",
    "额度太低": "object_low_limit",
    "行": "affirm",
    "明天下午去高新区那边": "inform_time",
    "明天下午": "inform_time",
    "明天下午三点我和老伴去成北支行": "inform_time",
    "我在高新区": "inform_branch",
    "软件园": "inform_branch",
    "去火星支行": "inform_branch",
    "改到城北支行": "inform_branch",
    "不是明天，后天": "deny",
    "改到上午": "reschedule",
    "我们三个人": "inform_party_size",
    "天气不错": "out_of_scope",
    "明天见": "goodbye",
    "几点关门": "ask_hours",
    "地址在哪": "ask_branch",
    "发资料给我": "send_sms",
    "去火车站那个支行，周五上午": "inform_time",
    "周五上午": "inform_time",
    "我要去支行，周五上午": "inform_time",
    "去火车站支行，周五": "inform_time",
    "上午": "inform_time",
    "改到周五上午，去高新支行": "reschedule",
    "改到周五上午，去火车站支行": "reschedule",
}
TO_ASK_TIME = ("方便", "额度太低", "行")


@pytest.fixture
def stage(sessions, our_house, sealer):
    bot = Rehearsal(lambda words: READINGS.get(words, "nlu_fallback"))
    built = Stage(sessions, TUESDAY, our_house, sealer, bot)
    with sessions.begin() as db:
        for name, area in (("城北支行", None), ("高新支行", "高新区"), ("软件园支行", "高新区")):
            db.add(Branch(name=name, area=area, hours=weekdays().to_json()))
    yield built
    built.sender.close()


@pytest.fixture
def talk(stage):
    def begin(*words: str):
        made = stage.contact("card_activation")
        for said in (*TO_ASK_TIME, *words):
            stage.hears(said)
        return stage.shows(made.conversation)

    return begin


def last(stage: Stage) -> str:
    return stage.sent()[-1]


def test_a_time_a_branch_and_company_in_one_answer_are_all_kept(stage, talk):
    visit = talk("明天下午三点我和老伴去成北支行")["visit"]
    assert visit == {"date": "2026-11-25", "part": "afternoon", "hour": "15:00", "branch": "城北支行", "party_size": 2}
    assert "城北支行，2位" in last(stage)


def test_an_area_with_two_branches_is_asked_about_before_anything_is_booked(stage, talk):
    assert talk("明天下午去高新区那边")["visit"] is None
    assert "您说的是软件园支行还是高新支行？" in last(stage)


@pytest.mark.parametrize(
    ("answer", "branch"), [("1", "软件园支行"), ("2", "高新支行"), ("软件园", "软件园支行"), ("第二个", "高新支行")]
)
def test_the_answer_books_the_time_that_was_named_before(talk, answer, branch):
    said = talk("明天下午去高新区那边", answer)
    assert said["outcome"] == "visit_booked"
    assert (said["visit"]["date"], said["visit"]["branch"]) == ("2026-11-25", branch)


def test_who_leaves_it_to_us_gets_the_first(talk):
    assert talk("明天下午去高新区那边", "哪个近去哪个")["visit"]["branch"] == "软件园支行"


def test_an_answer_that_names_none_of_them_is_booked_at_the_own_branch_and_told_so(stage, talk):
    assert talk("明天下午去高新区那边", "天气不错")["visit"]["branch"] == "城南支行"
    assert "没有查到您说的网点" in last(stage)


def test_a_branch_named_alone_is_noted_and_the_question_put_again(stage, talk):
    talk("我在高新区", "软件园")
    assert "到软件园支行" in last(stage)
    assert "上午还是下午" in last(stage)
    stage.hears("明天下午")
    assert "软件园支行" in last(stage)


def test_a_branch_that_nobody_knows_is_said_to_be_unknown(stage, talk):
    talk("去火星支行")
    assert "没有查到您说的网点" in last(stage)


@pytest.mark.parametrize(
    ("correction", "date", "hour", "branch", "people"),
    [
        ("改到城北支行", "2026-11-25", "15:00", "城北支行", 2),
        ("不是明天，后天", "2026-11-26", "15:00", "城北支行", 2),
        ("改到上午", "2026-11-25", None, "城北支行", 2),
        ("我们三个人", "2026-11-25", "15:00", "城北支行", 3),
    ],
)
def test_a_correction_after_the_booking_changes_what_it_names_and_leaves_the_rest(
    talk, correction, date, hour, branch, people
):
    visit = talk("明天下午三点我和老伴去成北支行", correction)["visit"]
    assert (visit["date"], visit["hour"], visit["branch"], visit["party_size"]) == (date, hour, branch, people)


def test_a_goodbye_that_names_the_day_moves_nothing(talk):
    visit = talk("明天下午三点我和老伴去成北支行", "明天见")["visit"]
    assert (visit["date"], visit["hour"]) == ("2026-11-25", "15:00")


@pytest.mark.parametrize("question", ["几点关门", "地址在哪"])
@pytest.mark.parametrize("before", ["明天下午三点我和老伴去成北支行", "改到城北支行"])
def test_what_is_asked_about_the_branch_is_answered_about_the_one_they_will_come_to(stage, talk, before, question):
    talk(before, question)
    assert "城北支行" in last(stage)
    assert "城南支行" not in last(stage)


def test_the_particulars_name_the_branch_that_was_chosen(stage, talk):
    talk("改到城北支行", "发资料给我")
    assert "城北支行" in last(stage)


@pytest.mark.parametrize("words", [("去火车站那个支行，周五上午",), ("去火车站支行，周五", "上午")])
def test_who_names_a_time_and_a_branch_that_nobody_knows_is_told_before_it_is_booked_elsewhere(stage, talk, words):
    visit = talk(*words)["visit"]
    assert (visit["date"], visit["branch"]) == ("2026-11-27", "城南支行")
    assert last(stage).startswith(
        "【XX银行】抱歉，没有查到您说的网点，暂按城南支行为您安排。好的，已约11月27日周五上午到城南支行"
    )


def test_the_word_for_a_branch_names_none(stage, talk):
    talk("我要去支行，周五上午")
    assert "没有查到" not in last(stage)


def test_who_moves_the_visit_to_another_branch_too_is_booked_there(stage, talk):
    visit = talk("明天下午三点我和老伴去成北支行", "改到周五上午，去高新支行")["visit"]
    assert (visit["date"], visit["part"], visit["branch"]) == ("2026-11-27", "morning", "高新支行")


def test_who_moves_the_visit_to_a_branch_that_nobody_knows_is_told_so(stage, talk):
    visit = talk("明天下午三点我和老伴去成北支行", "改到周五上午，去火车站支行")["visit"]
    assert (visit["date"], visit["branch"]) == ("2026-11-27", "城北支行")
    assert "没有查到您说的网点，暂按城北支行为您安排" in last(stage)
