"""A stop that may be one is asked about, once: whatever does not deny it stops, and who denies it goes on."""

from __future__ import annotations

import pytest

MAYBE = "这种消息少来点吧"


def last(stage, talk_id):
    return stage.shows(talk_id)["messages"][-1]["text"]


def test_a_stop_that_may_be_one_is_asked_about(stage, talk):
    talk_id = talk("方便", MAYBE)
    assert "以后不再联系您，对吗？" in last(stage, talk_id)
    assert not stage.shows(talk_id)["contact_stopped"]


@pytest.mark.parametrize("answer", ["对", "嗯", "行", "不用了", "那个什么来着", MAYBE])
def test_whatever_does_not_deny_it_stops(stage, talk, answer):
    talk_id = talk("方便", MAYBE, answer)
    shown = stage.shows(talk_id)
    assert (shown["contact_stopped"], shown["outcome"]) == (True, "opted_out")


@pytest.mark.parametrize("answer", ["不是", "没有没有", "不对"])
def test_who_denies_it_goes_on_with_the_question_that_was_pending(stage, talk, answer):
    talk_id = talk("方便", MAYBE, answer)
    shown = stage.shows(talk_id)
    assert not shown["contact_stopped"]
    assert "是我理解错了" in shown["messages"][-1]["text"]
    assert "什么原因" in shown["messages"][-1]["text"] or "？" in shown["messages"][-1]["text"]


def test_a_second_stop_that_may_be_one_stops(stage, talk):
    talk_id = talk("方便", MAYBE, "不是", MAYBE)
    assert stage.shows(talk_id)["contact_stopped"]


def test_it_is_asked_about_before_they_have_said_who_they_are(stage, talk):
    assert "以后不再联系您，对吗？" in last(stage, talk(MAYBE))


def test_after_the_end_it_stops_at_once(stage, talk):
    talk_id = talk("方便", "不用了", "真不用", MAYBE)
    assert stage.shows(talk_id)["contact_stopped"]
