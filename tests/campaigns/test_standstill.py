"""When nothing is left to do now, and when there is next something to do."""

from __future__ import annotations

from datetime import timedelta

from outreach.campaigns import callbacks, following, plan, standstill
from outreach.campaigns import open as opening
from outreach.carrier.call_port import CallStatus
from outreach.cli.demo_data import DAYS
from outreach.model import Campaign
from tests.campaigns.engine import FILE
from tests.campaigns.test_following import BOOK, CALLS, FOLLOW_UPS


def look(engine):
    with engine.stage.sessions.reading() as db:
        return standstill.busy_with(db, engine.now()), standstill.next_due(db, engine.now())


def test_what_is_busy_is_named_until_it_is_done(engine):
    engine.load(1)
    assert look(engine) == (None, None)
    campaign = engine.launch()
    with engine.stage.sessions.begin() as db:
        db.get_one(Campaign, campaign.id).planned_at = None
    assert look(engine)[0] == "planning"
    plan.plan(engine.stage.sessions, engine.stage.clock, engine.stage.house, campaign.id)
    assert look(engine)[0] == "opening"
    engine.work()
    busy, due = look(engine)
    assert busy is None
    assert due == engine.attempts()[0].expires_at
    engine.hears(0, *BOOK)
    assert look(engine) == (None, None)


def test_a_follow_up_is_the_next_thing(engine):
    engine.load(1)
    engine.launch(FOLLOW_UPS)
    engine.work()
    for words in BOOK:
        engine.stage.hears(words, "+8613800130000")
    assert look(engine)[0] == "what follows"
    following.follow(engine.stage.sessions, engine.stage.clock)
    busy, due = look(engine)
    assert busy is None
    assert timedelta(hours=23) < due - engine.now() < timedelta(days=1, hours=1)


def left(engine, **how):
    with engine.stage.sessions.reading() as db:
        return standstill.left(db, engine.now(), 100, **how)


def test_what_is_left_is_counted_and_calls_that_wait_for_a_line_are_not_to_be_done_now(engine):
    engine.load(3)
    engine.launch(text=CALLS)
    assert left(engine) == ("opening", 3)
    opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)
    assert left(engine) == ("sending", 3)
    assert left(engine, lines_taken=True) is None
    engine.work()
    assert left(engine) == (standstill.CALLS, 3)
    engine.call(0).ends(CallStatus.BUSY)
    following.follow(engine.stage.sessions, engine.stage.clock)
    assert left(engine) == (standstill.CALLS, 2)


def test_a_callback_that_is_to_be_planned_is_not_leapt_over(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n")
    engine.work()
    engine.hears(0, "下午三点再联系")
    assert left(engine) == ("callbacks", 1)
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    assert left(engine) is None


def test_leap_by_leap_a_campaign_of_two_weeks_comes_to_its_end(engine):
    engine.load(6)
    engine.launch(FOLLOW_UPS + "retry: {no_reply: {after: 2d, times: 1}}\n", FILE.replace("12-24", "12-07"))
    begun, leaps = engine.now(), 0
    engine.work()
    engine.hears(0, *BOOK)
    engine.hears(1, "考虑一下")
    while (due := look(engine)[1]) is not None:
        engine.later(due - engine.now() + timedelta(seconds=1))
        leaps += 1
        assert leaps < 60
    assert engine.campaign().state == "finished"
    assert engine.now() - begun < timedelta(days=DAYS + 7)
    assert all(one.state == "closed" for one in engine.attempts())
    assert {one.number for one in engine.attempts("C00003") if one.step == "opening"} == {1, 2}
