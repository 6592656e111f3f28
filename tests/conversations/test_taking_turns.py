"""The turn, from a stored text to the reply that leaves, with everything real but the model and the wire."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from outreach.model import Attempt, Message, Side, StaffTask, Suppression
from outreach.rules.channel import Channel

TO_ASK_TIME = ("方便", "你们家额度太低不想用。", "哦,行,我看看。")


def test_the_first_printed_dialogue_ends_with_a_visit(stage, talk):
    said = stage.shows(talk(*TO_ASK_TIME, "行", "明天下午"))
    assert said["outcome"] == "visit_booked"
    assert said["visit"] == {
        "date": "2026-11-25",
        "part": "afternoon",
        "hour": None,
        "branch": "城南支行",
        "party_size": None,
    }
    assert said["reason"] is None


def test_every_text_begins_with_the_signature_and_the_opening_ends_with_the_way_to_refuse(stage, talk):
    talk(*TO_ASK_TIME)
    assert all(text.startswith("【XX银行】") for text in stage.sent())
    assert stage.sent()[0].endswith("拒收请回复R")


def test_the_opening_names_no_card_and_no_branch(stage, talk):
    talk()
    assert "6612" not in stage.sent()[0]
    assert "城南" not in stage.sent()[0]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("我再想想",), "considering"),
        (("在开会",), "callback_requested"),
        (("下午三点再联系我",), "callback_requested"),
        (("不用了", "真不用"), "refused"),
        (("方便", "离我太远", "没时间", "离我太远", "没时间"), "refused"),
        (("我不是她",), "wrong_person"),
        (("骗子", "骗子"), "suspected_fraud"),
        (("转人工",), "handed_over"),
        (("听不懂的", "还是不懂"), "handed_over"),
        (("我要投诉你们",), "complained"),
        (("R",), "opted_out"),
        (("你们烦不烦",), "opted_out"),
        (("我早就激活了",), "already_done"),
        (("没办过这张卡",), "no_such_card"),
        (("我要销卡",), "closing_account"),
        (("发我看看",), "sms_requested"),
        (("神经病",), "refused"),
        (("卡丢了",), "handed_over"),
        (("方便", "谢谢", "密码忘了", "谢谢"), "considering"),
    ],
)
def test_every_ending_is_reached_with_one_last_text(stage, talk, words, outcome):
    said = stage.shows(talk(*words))
    assert (said["state"], said["outcome"]) == ("closed", outcome)
    assert said["messages"][-1]["from"] == "bank"


def test_a_refusal_keeps_the_objection_as_its_reason(stage, talk):
    said = stage.shows(talk("方便", "离我太远", "不用了", "真不用"))
    assert (said["outcome"], said["reason"]) == ("refused", "object_too_far")


def test_after_two_tries_nothing_more_is_offered(stage, talk):
    talk("方便", "离我太远", "没时间", "没时间", "离我太远")
    assert "9元" not in stage.sent()[-1]


def test_a_question_is_answered_in_place_and_the_pending_question_put_again(stage, talk):
    talk("方便", "有年费吗")
    assert "年费" in stage.sent()[-1]
    assert stage.sent()[-1].endswith("？")


def test_a_digit_means_what_the_step_says_and_shows_as_a_time(stage, talk):
    said = stage.shows(talk(*TO_ASK_TIME, "2"))
    assert said["visit"]["part"] == "afternoon"
    assert said["messages"][-2]["intent"] == "inform_time"
    assert said["messages"][-2]["confidence"] is None


def test_a_time_on_a_closed_day_is_answered_with_the_next_opening_and_a_yes_takes_it(stage, talk):
    talk_id = talk(*TO_ASK_TIME, "周六上午")
    assert "不营业" in stage.sent()[-1]
    stage.hears("行")
    assert stage.shows(talk_id)["visit"] == {
        "date": "2026-11-30",
        "part": "morning",
        "hour": None,
        "branch": "城南支行",
        "party_size": None,
    }


def test_a_time_that_cannot_be_read_is_asked_for_again(stage, talk):
    said = stage.shows(talk(*TO_ASK_TIME, "有空再说时间"))
    assert said["state"] == "open"
    assert "哪一天" in stage.sent()[-1]


def test_a_full_half_day_is_offered_to_nobody_else(stage, talk):
    from outreach.model import Branch, Visit

    first = talk(*TO_ASK_TIME, "明天下午")
    with stage.sessions.begin() as db:
        branch = db.exec(select(Branch)).one()
        branch.visits_per_half_day = 1
        db.add(branch)
    second = stage.contact(
        phone="+8613800138001",
        about={"name": "李强", "gender": "m", "card_tail": "1234", "branch": "城南支行"},
    )
    for words in (*TO_ASK_TIME, "明天下午"):
        stage.hears(words, phone="+8613800138001")
    assert "约满" in stage.sent()[-1]
    with stage.sessions.reading() as db:
        assert len(db.exec(select(Visit)).all()) == 1
    assert stage.shows(first)["visit"] is not None
    assert stage.shows(second.conversation)["visit"] is None


def test_thanks_after_the_end_get_no_sales_talk_and_only_once(stage, talk):
    talk(*TO_ASK_TIME, "明天下午")
    stage.hears("谢谢")
    assert "不客气" in stage.sent()[-1]
    count = len(stage.sent())
    stage.hears("谢谢")
    assert len(stage.sent()) == count


def test_a_visit_can_be_moved_after_the_end(stage, talk):
    talk_id = talk(*TO_ASK_TIME, "明天下午", "改到后天上午")
    assert stage.shows(talk_id)["visit"] == {
        "date": "2026-11-26",
        "part": "morning",
        "hour": None,
        "branch": "城南支行",
        "party_size": None,
    }


def test_a_visit_can_be_cancelled_after_the_end(stage, talk):
    said = stage.shows(talk(*TO_ASK_TIME, "明天下午", "不去了"))
    assert said["visit"] is None
    assert said["outcome"] == "refused"


def test_a_change_of_mind_after_a_refusal_reopens(stage, talk):
    talk_id = talk("不用了", "真不用", "那还是办吧")
    assert stage.shows(talk_id)["state"] == "open"
    stage.hears("明天下午")
    assert stage.shows(talk_id)["outcome"] == "visit_booked"


def test_a_bare_yes_after_a_refusal_is_a_courtesy(stage, talk):
    assert stage.shows(talk("不用了", "真不用", "行"))["outcome"] == "refused"


def test_a_branch_that_is_named_is_taken(stage, talk):
    from outreach.campaigns.branches import branch_named

    with stage.sessions.begin() as db:
        branch_named(db, "城北支行")
    said = stage.shows(talk(*TO_ASK_TIME, "去城北支行", "明天下午"))
    assert said["visit"]["branch"] == "城北支行"


def test_a_callback_keeps_the_time_that_was_named(stage, talk):
    said = stage.shows(talk("下午三点再联系我"))
    assert said["callback"] == {"date": "2026-11-24", "from": "15:00"}
    assert [task["kind"] for task in said["tasks"]] == ["callback"]


def test_a_stop_is_confirmed_once_and_then_nothing_is_said(stage, talk):
    talk_id = talk("退订")
    assert stage.shows(talk_id)["contact_stopped"] is True
    count = len(stage.sent())
    for words in ("R", "行", "神经病", "在吗"):
        stage.hears(words)
    assert len(stage.sent()) == count
    assert stage.contact().reason == "opted_out"


def test_a_stop_needs_no_bot(stage, bot, talk):
    bot.down = True
    said = stage.shows(talk("ＴＤ"))
    assert said["outcome"] == "opted_out"
    assert bot.asked == []


def test_start_lifts_what_the_customer_stopped(stage, talk):
    talk_id = talk("退订", "START")
    assert stage.shows(talk_id)["contact_stopped"] is False
    with stage.sessions.reading() as db:
        assert db.exec(select(Suppression)).one().lifted_by == "customer"


def test_a_stop_of_calls_leaves_texts_alone(stage, talk):
    talk_id = talk("方便", "别打电话了，发短信")
    with stage.sessions.reading() as db:
        assert db.exec(select(Suppression)).one().channel is Channel.VOICE
    assert stage.shows(talk_id)["state"] == "open"


def test_a_complaint_silences_every_campaign_and_raises_a_task_at_once(stage, talk):
    said = stage.shows(talk("我要投诉你们"))
    assert [task["kind"] for task in said["tasks"]] == ["complaint"]
    assert stage.contact().reason == "complaint_open"


def test_the_same_text_five_times_at_once_is_one_turn_with_one_reply(stage, talk):
    talk_id = talk()
    before = len(stage.sent())
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: stage.hears("方便", ref="SM_same"), range(5)))
    assert len(stage.sent()) == before + 1
    assert sum(one["from"] == "customer" for one in stage.shows(talk_id)["messages"]) == 1


def test_two_texts_in_quick_succession_are_answered_in_order(stage, talk):
    talk_id = talk("方便")
    stage.stores("你们家额度太低不想用。")
    stage.stores("哦,行,我看看。")
    assert stage.answers(talk_id) == 2
    stage.deliver()
    assert "上午还是下午" in stage.sent()[-1]


def test_two_runs_at_once_settle_each_turn_once(stage, talk):
    talk_id = talk()
    stage.stores("方便")
    with ThreadPoolExecutor(4) as pool:
        settled = list(pool.map(lambda _: stage.answers(talk_id), range(4)))
    assert sum(settled) == 1


def test_a_silent_bot_keeps_the_text_and_answers_later(stage, bot, talk):
    bot.down = True
    talk_id = talk("方便")
    assert stage.shows(talk_id)["unanswered"] == 1
    bot.down = False
    stage.later(timedelta(minutes=1))
    assert stage.answers(talk_id) == 1
    assert stage.shows(talk_id)["unanswered"] == 0


def test_somebody_is_told_when_the_bot_stays_silent(stage, bot, talk):
    bot.down = True
    talk_id = talk("方便")
    for _ in range(3):
        stage.later(timedelta(minutes=1))
        stage.answers(talk_id)
    assert [task["kind"] for task in stage.shows(talk_id)["tasks"]] == ["bot_failed"]


@pytest.mark.parametrize(
    "words", ["/restart", ' /opt_out{"x":1}', "／affirm", "{{7*7}}", "</Say><Dial>", "\x0b", "😀😀", "", "x" * 10_000]
)
def test_bad_input_is_kept_and_clarified(stage, talk, words):
    talk_id = talk(words)
    said = stage.shows(talk_id)
    assert said["state"] == "open"
    assert said["unanswered"] == 0
    assert stage.sent()[-1].startswith("【XX银行】不好意思")
    assert "49" not in stage.sent()[-1]


def test_a_picture_without_words_is_clarified(stage, talk):
    talk_id = talk()
    stage.hears("", media=1)
    assert stage.shows(talk_id)["unanswered"] == 0


def test_a_card_number_that_a_customer_sends_is_masked_in_the_store(stage, talk):
    talk("我的卡号6222021234567890128")
    with stage.sessions.reading() as db:
        texts = db.exec(select(Message.text).where(Message.side == Side.CUSTOMER)).all()
    assert "6222021234567890128" not in "".join(texts)


def test_an_unknown_sender_gets_no_answer_and_a_task(stage):
    stage.hears("你好", phone="+8613900139000")
    assert stage.sent() == []
    with stage.sessions.reading() as db:
        assert db.exec(select(StaffTask)).one().kind == "unknown_sender"


def test_an_unknown_senders_stop_counts(stage):
    stage.hears("退订", phone="+8613800138000")
    assert stage.contact().reason == "opted_out"


def test_silence_becomes_no_reply_and_a_broken_talk_broke_off(stage, talk):
    silent = talk()
    stage.later(timedelta(hours=73))
    assert stage.shows(silent)["outcome"] == "no_reply"
    talking = talk("方便")
    stage.later(timedelta(hours=73))
    assert stage.shows(talking)["outcome"] == "broke_off"


def test_two_machines_do_not_talk_all_night(stage, talk):
    talk_id = talk("方便")
    for _ in range(15):
        stage.hears("有年费吗")
    said = stage.shows(talk_id)
    assert sum(one["from"] == "bank" for one in said["messages"]) <= 11
    assert "too_many" in [task["kind"] for task in said["tasks"]]


def test_an_open_conversation_is_not_begun_twice(stage, talk):
    talk("方便")
    assert stage.contact().reason == "in_conversation"


def test_a_verdict_is_kept_with_its_figures(stage):
    stage.later(timedelta(hours=13))
    made = stage.contact()
    assert made.reason == "quiet_hours"
    assert made.until is not None
    with stage.sessions.reading() as db:
        verdict = db.exec(select(Attempt.verdict).order_by(col(Attempt.created_at).desc())).first()
    assert verdict["reason"] == "quiet_hours"
    assert verdict["policy"] == stage.house.policy.hash
