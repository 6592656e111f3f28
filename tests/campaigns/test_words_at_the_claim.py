"""The words that leave are judged as they leave: openings, follow-ups, calls and replies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import open as opening
from outreach.conversations import takeover
from outreach.model import Branch, Customer, Message, StaffTask
from outreach.rules.channel import Channel
from tests.campaigns.engine import FILE

CALLS = FILE.replace("channels: [sms]", "channels: [voice]")
PROMISE = "保本保收益经理"
THANKS = 'follow_ups:\n  thanks: {after: [considering], in: 1d, at: "10:00", channel: sms, script: follow_up_thanks}\n'


def manager_is(engine, name: str) -> None:
    """The bank's list names another manager, as after an import."""
    with engine.stage.sessions.begin() as db:
        db.execute(update(Customer).values(manager=name))


def tasks(engine) -> list[StaffTask]:
    with engine.stage.sessions.reading() as db:
        return list(db.exec(select(StaffTask)).all())


@pytest.mark.parametrize("text", [FILE, CALLS], ids=["text", "call"])
def test_an_opening_whose_words_became_forbidden_after_planning_does_not_leave(engine, text):
    engine.load(1)
    engine.launch(text=text)
    manager_is(engine, PROMISE)
    engine.work()
    assert (engine.texts(0), engine.calls(0)) == ([], 0)
    (attempt,) = engine.attempts()
    assert (attempt.state, attempt.outcome, attempt.reason) == ("closed", "not_permitted", "content")
    with engine.stage.sessions.reading() as db:
        assert "保本" in db.exec(select(Message)).one().verdict["figures"]["problem"]
    assert tasks(engine) == []


def test_a_follow_up_is_judged_by_its_own_words(engine):
    engine.load(1)
    engine.launch(THANKS)
    engine.work()
    engine.hears(0, "考虑一下")
    before = len(engine.texts(0))
    manager_is(engine, PROMISE)
    engine.later(timedelta(days=1, hours=3))
    assert len(engine.texts(0)) == before
    assert [(one.step, one.reason) for one in engine.attempts() if one.reason] == [("follow_up:thanks", "content")]


def test_a_reply_that_must_not_be_said_is_left_to_a_person_who_can_answer(engine):
    engine.load(1)
    engine.launch()
    engine.work()
    manager_is(engine, PROMISE)
    engine.hears(0, "affirm", "affirm", "affirm")
    assert len(engine.texts(0)) == 3
    assert not any(PROMISE in one for one in engine.texts(0))
    (task,) = tasks(engine)
    with engine.stage.sessions.reading() as db:
        withheld = db.exec(select(Message).where(Message.state == "rejected")).one()
    assert (task.kind, task.conversation_id, task.message_id) == ("unsent", withheld.conversation_id, withheld.id)
    assert "保本" in task.note
    assert PROMISE in withheld.text
    assert withheld.error_code == "content"

    with engine.stage.sessions.begin() as db:
        takeover.take_over(db, task.conversation_id, by="小李", now=engine.now())
        takeover.write(
            db, engine.stage.house, task.conversation_id, "您好，明天下午方便来网点吗？", by="小李", now=engine.now()
        )
    engine.stage.deliver()
    assert engine.texts(0)[-1].endswith("您好，明天下午方便来网点吗？")


def test_two_replies_that_must_not_be_said_are_one_task(engine):
    engine.load(1)
    engine.launch()
    engine.work()
    manager_is(engine, PROMISE)
    with engine.stage.sessions.begin() as db:
        db.execute(update(Branch).values(name=f"{PROMISE}支行"))
    engine.hears(0, "affirm", "affirm", "affirm", "明天下午")
    assert len(engine.texts(0)) == 3
    assert len(tasks(engine)) == 1
    assert engine.attempts()[0].outcome == "visit_booked"


def test_what_is_queued_while_the_words_are_still_right_leaves(engine):
    engine.load(1)
    engine.launch()
    opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)
    engine.stage.deliver()
    assert len(engine.texts(0)) == 1
    with engine.stage.sessions.reading() as db:
        assert db.exec(select(Message).where(col(Message.channel) == Channel.SMS)).one().verdict["allowed"]


def test_a_call_whose_next_words_must_not_be_said_goes_to_a_person(engine):
    engine.load(1)
    engine.launch(text=CALLS)
    engine.work()
    talk = engine.call(0)
    talk.picks_up()
    manager_is(engine, PROMISE)
    heard = [said for words in ("affirm", "affirm", "affirm") if not talk.over for said in talk.says(words)]
    assert not any("保本" in said for said in heard)
    assert talk.over
    (task,) = tasks(engine)
    assert task.kind == "handover"
    assert "保本" in task.note
    assert engine.attempts()[0].outcome == "handed_over"
