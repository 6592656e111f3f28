"""What follows a contact: another try, another channel, follow-ups; each a row before it happens, and none after a stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import callbacks, steering, upcoming, watching
from outreach.campaigns import open as opening
from outreach.carrier.call_port import CallStatus
from outreach.clock import local
from outreach.model import Attempt, AuditEntry, Callback, Campaign, CampaignState, Message, Scope, StaffTask, Stop
from outreach.rules.delivery import MessageState
from tests.campaigns.engine import FILE
from tests.conftest import TUESDAY

BOTH = FILE.replace("channels: [sms]", "channels: [sms, voice]")
CALLS = FILE.replace("channels: [sms]", "channels: [voice]")
FALLBACK = "fallback: {after: 48h, to: voice}\n"
FOLLOW_UPS = """\
follow_ups:
  thanks: {after: [visit_booked, considering], in: 1d, at: "10:00", within: 2d, channel: sms, script: follow_up_thanks}
  invitation: {after: {thanks: [no_reply]}, in: 4d, within: 14d, channel: sms, script: follow_up_invitation,
    offer: {event: 亲子理财小课堂}, cancelled_by: [visit_booked]}
"""
BOOK = ("affirm", "affirm", "明天下午")


def planned(engine):
    with engine.stage.sessions.reading() as db:
        return [(one.step, one.number, one.channel, one.due_at) for one in upcoming.of(db, engine.campaign().id)]


def ends(engine, ref="C00000"):
    return [(one.step, one.number, str(one.channel), one.outcome, one.reason) for one in engine.attempts(ref)]


def test_no_reply_in_48_hours_then_a_call(engine):
    engine.load(1)
    engine.launch(FALLBACK, BOTH)
    engine.work()
    engine.later(timedelta(hours=47))
    assert (len(engine.texts(0)), engine.calls(0)) == (1, 0)
    engine.later(timedelta(hours=2))
    assert (len(engine.texts(0)), engine.calls(0)) == (1, 1)
    assert [end[:4] for end in ends(engine)] == [("opening", 1, "sms", "no_reply"), ("opening", 2, "voice", None)]


def test_who_answered_the_text_is_not_called(engine):
    engine.load(1)
    engine.launch(FALLBACK, BOTH)
    engine.work()
    engine.hears(0, *BOOK)
    engine.later(timedelta(days=7))
    assert engine.calls(0) == 0


def test_a_reply_after_the_time_cancels_the_call_that_was_meant(engine):
    engine.load(1)
    engine.launch('fallback: {after: 48h, to: voice}\nwindows: {voice: {mon: ["09:00-10:00"]}}\n', BOTH)
    engine.work()
    engine.later(timedelta(hours=49))
    assert planned(engine)[0][2] == "voice"
    engine.hears(0, *BOOK)
    assert planned(engine) == []
    assert ends(engine)[1] == ("opening", 2, "voice", "not_permitted", "cancelled")
    assert engine.attempts("C00000")[1].verdict["figures"] == {"cancelled_by": "visit_booked"}


def test_an_engaged_line_is_tried_again_and_an_answered_one_is_not(engine):
    engine.load(2)
    engine.launch("retry: {line_busy: {after: 2h, times: 1}}\n", CALLS)
    engine.work()
    engine.call(0).ends(CallStatus.BUSY)
    engine.call(1).ends(CallStatus.NO_ANSWER)
    engine.later(timedelta(days=1, hours=1))
    assert (engine.calls(0), engine.calls(1)) == (2, 1)
    engine.call(0).ends(CallStatus.BUSY)
    engine.later(timedelta(days=2))
    assert engine.calls(0) == 2
    assert engine.campaign().state is CampaignState.FINISHED


def test_no_try_is_planned_for_a_day_after_the_campaigns_end(engine):
    engine.load(1)
    engine.launch("retry: {line_busy: {after: 20d, times: 3}}\n", CALLS)
    engine.work()
    engine.call(0).ends(CallStatus.BUSY)
    engine.later(timedelta(minutes=1))
    ((_, number, _, due),) = planned(engine)
    assert (number, local(due).date().isoformat()) == (2, "2026-12-14")
    engine.later(timedelta(days=20, hours=1))
    engine.call(0).ends(CallStatus.BUSY)
    engine.later(timedelta(minutes=1))
    assert planned(engine) == []
    assert engine.campaign().state is CampaignState.FINISHED
    assert [end[3] for end in ends(engine)] == ["line_busy", "line_busy"]


def test_no_call_takes_the_place_of_a_text_that_went_unanswered_until_the_campaign_was_over(engine):
    engine.load(1)
    engine.launch("fallback: {after: 3d, to: voice}\n", BOTH.replace("2026-12-24", "2026-11-28"))
    with engine.stage.sessions.begin() as db:
        db.execute(update(Attempt).values(due_at=TUESDAY + timedelta(days=3)))
    engine.later(timedelta(days=3, hours=1))
    assert len(engine.texts(0)) == 1
    engine.later(timedelta(days=3, hours=1))
    assert [end[3] for end in ends(engine)] == ["no_reply"]
    assert planned(engine) == []


def test_no_follow_up_is_planned_for_a_day_after_the_campaigns_end(engine):
    engine.load(2)
    engine.launch(
        "follow_ups:\n  thanks: {after: [considering], in: 20d, channel: sms, script: follow_up_thanks}\n",
        FILE.replace("2026-12-24", "2026-12-15"),
    )
    engine.work()
    engine.hears(0, "考虑一下")
    assert [local(due).date().isoformat() for *_, due in planned(engine)] == ["2026-12-14"]
    engine.later(timedelta(days=2))
    engine.hears(1, "考虑一下")
    assert len(planned(engine)) == 1


def test_one_call_a_day_holds_for_retries(engine):
    engine.load(1)
    engine.launch("retry: {line_busy: {after: 30m, times: 1}}\n", CALLS)
    engine.work()
    engine.call(0).ends(CallStatus.BUSY)
    engine.later(timedelta(hours=1))
    assert engine.calls(0) == 1
    retried = engine.attempts("C00000")[1]
    assert retried.verdict["reason"] == "too_often"
    assert local(retried.due_at).day == 25
    engine.later(timedelta(hours=24))
    assert engine.calls(0) == 2
    assert engine.attempts("C00000")[1].verdict["late_because"] == "too_often"


def test_a_try_in_another_part_of_the_day_keeps_to_it_on_the_day_it_is_put_off_to(engine):
    engine.load(1)
    engine.launch("retry: {no_answer: {after: 4h, times: 2, at: other_part}}\n", CALLS)
    engine.work()  # at 9:30; a second call on that day is one too many
    engine.call(0).ends(CallStatus.NO_ANSWER)
    engine.later(timedelta(hours=5))
    assert (engine.calls(0), engine.attempts("C00000")[1].verdict["reason"]) == (1, "too_often")
    assert f"{local(planned(engine)[0][3]):%m-%d %H:%M}" == "11-25 14:00"
    engine.later(timedelta(hours=24))
    engine.call(0).ends(CallStatus.NO_ANSWER)
    engine.later(timedelta(hours=5))
    assert f"{local(planned(engine)[0][3]):%m-%d %H:%M}" == "11-26 18:00"


@pytest.mark.parametrize(("within", "due"), [("3d", "11-26 10:00"), ("2d", "11-26 08:00")])
def test_a_follow_up_that_is_put_off_keeps_its_time_of_day_unless_it_would_be_too_late(engine, within, due):
    engine.load(1)
    engine.launch("not_on: [2026-11-25]\n" + FOLLOW_UPS.replace("within: 2d", f"within: {within}"))
    engine.work()
    engine.hears(0, *BOOK)
    engine.later(timedelta(hours=25))
    assert f"{local(planned(engine)[0][3]):%m-%d %H:%M}" == due


@pytest.mark.parametrize(("within", "not_before"), [("3d", "11-26 10:00"), ("2d", "11-26 08:00")])
def test_a_follow_up_that_is_put_off_when_it_was_to_leave_keeps_its_time_of_day_too(engine, within, not_before):
    thanks = queued_until_the_evening(engine, within)
    assert (thanks.state, f"{local(thanks.not_before):%m-%d %H:%M}") == (MessageState.QUEUED, not_before)


def test_a_follow_up_that_could_leave_only_when_it_is_pointless_does_not(engine):
    thanks = queued_until_the_evening(engine, "36h")
    assert (thanks.state, thanks.error_code) == (MessageState.REJECTED, "too_late")
    assert thanks.verdict["figures"]["put_off_by"] == "quiet_hours"
    assert [one.reason for one in engine.attempts("C00000") if one.step == "follow_up:thanks"] == ["too_late"]


def queued_until_the_evening(engine, within):
    """The thanks of a booking, queued at 10:00 on the next day and not claimed before 21:00."""
    engine.load(1)
    engine.launch(FOLLOW_UPS.replace("within: 2d", f"within: {within}"))
    engine.work()
    engine.hears(0, *BOOK)
    stage = engine.stage
    stage.later(timedelta(hours=24.6))
    assert opening.open_due(stage.sessions, stage.clock, stage.house)
    stage.later(timedelta(hours=11))
    stage.deliver()
    with stage.sessions.reading() as db:
        return db.exec(select(Message).where(Message.starts_contact).order_by(col(Message.at).desc())).first()


def test_three_contacts_in_seven_days_are_of_all_campaigns_and_channels_together(engine):
    engine.load(1)
    for name, file in (("one", FILE), ("two", CALLS), ("three", FILE), ("four", CALLS)):
        text = file.replace("start: 2026-11-24", f"start: {local(engine.now()):%Y-%m-%d}")
        engine.launch(text=text.replace("try-one", name))
        engine.work()
        if name != "four":
            if "voice" in text:
                engine.call(0).ends(CallStatus.NO_ANSWER)
            else:
                engine.hears(0, "affirm", "deny", "deny")
            engine.later(timedelta(days=1))
    assert (len(engine.texts(0)), engine.calls(0)) == (8, 1)
    last = engine.attempts("C00000")[-1]
    assert (last.verdict["reason"], f"{local(last.due_at):%m-%d %H:%M}") == ("too_often", "12-01 09:30")
    engine.later(last.due_at - engine.now() + timedelta(minutes=1))
    assert engine.calls(0) == 2


def test_the_holdout_is_left_alone_through_tries_fallback_and_follow_ups(engine):
    engine.load(12)
    engine.launch("holdout: 50%\nretry: {no_reply: {after: 1d}}\n" + FALLBACK + FOLLOW_UPS, BOTH)
    engine.work()
    held = {one.customer_id for one in engine.attempts() if one.reason == "holdout"}
    for _ in range(4):
        engine.later(timedelta(days=3))
    alone = [n for n in range(12) if not engine.texts(n) and not engine.calls(n)]
    assert 0 < len(held) < 12
    assert {engine.attempts(f"C{n:05}")[0].customer_id for n in alone} == held
    assert all(len(engine.attempts(f"C{n:05}")) == 1 for n in alone)


def test_thanks_the_next_day_can_be_seen_before_they_are_sent(engine):
    engine.load(1)
    engine.launch(FOLLOW_UPS)
    engine.work()
    engine.hears(0, *BOOK)
    step, number, channel, due = planned(engine)[0]
    assert (step, number, channel) == ("follow_up:thanks", 1, "sms")
    assert f"{local(due):%m-%d %H:%M}" == "11-25 10:00"
    before = len(engine.texts(0))
    engine.later(timedelta(hours=24))
    assert len(engine.texts(0)) == before
    engine.later(timedelta(hours=1))
    assert "感谢您与我们联系" in engine.texts(0)[-1]
    assert "张经理" in engine.texts(0)[-1]


def test_a_follow_up_leads_to_the_next(engine):
    engine.load(1)
    engine.launch(FOLLOW_UPS)
    engine.work()
    engine.hears(0, "考虑一下")
    engine.later(timedelta(hours=25))
    engine.later(timedelta(hours=73))
    assert [one[0] for one in planned(engine)] == ["follow_up:invitation"]
    engine.later(timedelta(days=5))
    assert "亲子理财小课堂" in engine.texts(0)[-1]


@pytest.mark.parametrize("words", ["退订", "complaint", "wrong_person"])
def test_a_stop_cancels_what_was_meant_to_follow(engine, words):
    engine.load(1)
    engine.launch(FOLLOW_UPS)
    engine.work()
    engine.hears(0, *BOOK)
    assert len(planned(engine)) == 1
    engine.hears(0, words)
    assert planned(engine) == []
    left = len(engine.texts(0))
    engine.later(timedelta(days=10))
    assert len(engine.texts(0)) == left


def test_an_outcome_of_the_file_cancels_a_follow_up(engine):
    engine.load(1)
    engine.launch(FOLLOW_UPS.replace("in: 1d", "in: 3d").replace("within: 2d", "within: 5d").replace(
        "script: follow_up_thanks}", "script: follow_up_thanks, cancelled_by: [refused]}"
    ))  # fmt: skip
    engine.work()
    engine.hears(0, "考虑一下")
    assert len(planned(engine)) == 1
    engine.hears(0, "affirm", "deny", "deny")
    assert ends(engine)[0][3] == "refused"
    assert ends(engine)[1][3:] == ("not_permitted", "cancelled")


def test_what_follows_too_late_is_not_begun(engine):
    engine.load(1)
    engine.launch(FOLLOW_UPS)
    engine.work()
    engine.hears(0, *BOOK)
    with engine.stage.sessions.begin() as db:
        steering.pause(db, "try-one", "小王", "看一看", engine.now())
    engine.later(timedelta(days=3))
    with engine.stage.sessions.begin() as db:
        steering.resume(db, "try-one", "小王", "", engine.now())
    engine.work()
    assert ends(engine)[1][3:] == ("not_permitted", "too_late")


def test_a_callback_is_made_at_the_time_named_and_a_late_one_says_why(engine):
    engine.load(2)
    engine.launch("callbacks: automatic\n")
    engine.work()
    engine.hears(0, "下午三点再联系")
    engine.hears(1, "下午三点再联系")
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    engine.later(timedelta(hours=5, minutes=31))
    begun = [one for one in engine.attempts("C00000") if one.step.startswith("callback:")]
    assert [local(one.wanted_at).hour for one in begun] == [15]
    assert "late_because" not in begun[0].verdict
    assert len(engine.texts(0)) == 3


def test_what_came_of_a_callback_is_followed_up_like_the_contact_it_belongs_to(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n" + FOLLOW_UPS)
    engine.work()
    engine.hears(0, "下午三点再联系")
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    engine.later(timedelta(hours=6))
    engine.hears(0, *BOOK)
    assert [end[0].partition(":")[0] for end in ends(engine)] == ["opening", "callback", "follow_up"]
    assert planned(engine)[0][0] == "follow_up:thanks"


def test_what_came_of_the_text_in_place_of_a_call_is_followed_up_like_the_call(engine):
    engine.load(1)
    engine.launch("on_machine: text\n" + FOLLOW_UPS, BOTH.replace("[sms, voice]", "[voice, sms]"))
    engine.work()
    talk = engine.call(0)
    talk.picks_up()
    talk.detects("machine_end_beep")
    engine.later(timedelta(minutes=1))
    engine.hears(0, *BOOK)
    assert [end[0] for end in ends(engine)] == ["opening", "instead_of_call", "follow_up:thanks"]


def test_a_text_that_follows_up_is_neither_tried_again_nor_followed_by_a_call_in_its_stead(engine):
    engine.load(1)
    engine.launch(FALLBACK + "retry: {no_reply: {after: 1d, times: 3}}\n" + FOLLOW_UPS, BOTH)
    engine.work()
    engine.hears(0, "考虑一下")
    engine.later(timedelta(hours=25))
    engine.later(timedelta(hours=73))
    assert [end[:4] for end in ends(engine)][1] == ("follow_up:thanks", 1, "sms", "no_reply")
    assert [one[0] for one in planned(engine)] == ["follow_up:invitation"]
    assert engine.calls(0) == 0


def test_a_callback_that_had_to_wait_says_why(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n")
    engine.work()
    engine.hears(0, "下午三点再联系")
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    with engine.stage.sessions.begin() as db:
        db.add(stop := Stop(scope=Scope.ALL, by="A", at=TUESDAY))
    engine.later(timedelta(hours=6))
    with engine.stage.sessions.begin() as db:
        db.get_one(Stop, stop.id).lifted_at = engine.now()
    engine.later(timedelta(hours=1))
    with engine.stage.sessions.reading() as db:
        task = db.exec(select(StaffTask)).one()
    assert task.done_by == "自动回电"
    assert "晚于约定" in task.note


def test_who_puts_it_off_each_time_is_left_to_a_person_in_the_end(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n")
    engine.work()
    for _ in range(callbacks.AT_MOST + 2):
        engine.hears(0, "下午三点再联系")
        callbacks.plan(engine.stage.sessions, engine.stage.clock)
        engine.later(timedelta(days=1))
    assert sum(one.step.startswith("callback:") for one in engine.attempts("C00000")) == callbacks.AT_MOST
    with engine.stage.sessions.reading() as db:
        states = [task.state for task in db.exec(select(StaffTask).where(StaffTask.kind == "callback"))]
    assert states.count("open") == 1


def test_a_time_after_the_campaigns_end_is_left_to_a_person(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n")
    engine.work()
    engine.hears(0, "下午三点再联系")
    with engine.stage.sessions.begin() as db:
        ends_on = db.exec(select(Campaign.ends_on)).one()
        db.exec(select(Callback)).one().date = ends_on + timedelta(days=1)
    assert callbacks.plan(engine.stage.sessions, engine.stage.clock) == 0
    with engine.stage.sessions.reading() as db:
        assert [task.state for task in db.exec(select(StaffTask).where(StaffTask.kind == "callback"))] == ["open"]


def test_only_the_call_that_was_asked_for_is_free_of_the_caps_not_its_next_try(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\nretry: {line_busy: {after: 30m, times: 3}}\n", CALLS)
    engine.work()
    talk = engine.call(0)
    talk.picks_up()
    talk.says("下午三点再联系")
    if not talk.over:
        talk.ends()
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    engine.later(timedelta(hours=5, minutes=31))
    engine.call(0).ends(CallStatus.BUSY)
    engine.later(timedelta(hours=1))
    assert engine.calls(0) == 2
    again = engine.attempts("C00000")[-1]
    assert (again.number, again.verdict["reason"], local(again.due_at).day) == (2, "too_often", 25)


def test_a_time_named_after_the_campaign_was_ended_is_left_to_a_person(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n")
    engine.work()
    with engine.stage.sessions.begin() as db:
        steering.end(db, "try-one", "小王", "", engine.now())
    engine.hears(0, "下午三点再联系")
    assert callbacks.plan(engine.stage.sessions, engine.stage.clock) == 0
    assert planned(engine) == []
    with engine.stage.sessions.reading() as db:
        assert [task.state for task in db.exec(select(StaffTask).where(StaffTask.kind == "callback"))] == ["open"]


def test_a_machine_that_answers_after_the_campaign_was_ended_gets_no_text_in_place_of_the_call(engine):
    engine.load(1)
    engine.launch("on_machine: text\n", CALLS)
    engine.work()
    with engine.stage.sessions.begin() as db:
        steering.end(db, "try-one", "小王", "", engine.now())
    talk = engine.call(0)
    talk.picks_up()
    talk.detects("machine_end_beep")
    assert [end[0] for end in ends(engine)] == ["opening"]


def test_another_time_named_replaces_the_first(engine):
    engine.load(1)
    engine.launch("callbacks: automatic\n")
    engine.work()
    engine.hears(0, "下午三点再联系")
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    engine.hears(0, "callback_at")
    callbacks.plan(engine.stage.sessions, engine.stage.clock)
    assert sum(step.startswith("callback:") for step, *_ in planned(engine)) == 1


def test_the_winner_goes_to_whoever_was_not_contacted_yet(engine):
    engine.load(40)
    engine.launch(
        "variants:\n  a: {weight: 50}\n  b: {weight: 50, offer: {gift: 一个背包}}\n",
        FILE.replace("pace: 200", "pace: 10"),
    )
    opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)
    before = {one.id: one.variant for one in engine.attempts() if one.state == "contacting"}
    assert 0 < len(before) < 40
    with engine.stage.sessions.begin() as db:
        steering.promote(db, "try-one", "b", "小王", "更多人来", engine.now())
    for one in engine.attempts():
        assert one.variant == before.get(one.id, "b")
        assert one.offer["gift"] == ("一个背包" if one.variant == "b" else "一把雨伞")
    with engine.stage.sessions.begin() as db, pytest.raises(steering.CannotSteer, match="no variant 'c'"):
        steering.promote(db, "try-one", "c", "小王", "", engine.now())


def test_at_its_target_a_campaign_ends(engine):
    engine.load(10)
    engine.launch("stop: {target: 1}\n", FILE.replace("pace: 200", "pace: 2"))
    opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)
    engine.stage.deliver()
    talking = next(number for number in range(10) if engine.texts(number))
    engine.hears(talking, *BOOK)
    engine.later(timedelta(minutes=1))
    assert engine.campaign().state is CampaignState.FINISHED
    assert engine.campaign().held_why == "target reached: 1 of 1"
    assert sum(one.reason == "target_reached" for one in engine.attempts()) == 8
    assert len(engine.stage.carrier.requests) <= 6


def test_a_spent_budget_ends_a_campaign_before_the_next_opening(engine):
    engine.load(10)
    engine.launch("stop: {budget: 0.2}\n", FILE.replace("pace: 200", "pace: 2"))
    for _ in range(5):
        engine.tick()
    assert engine.campaign().held_why.startswith("budget spent")
    assert sum(one.reason == "budget_spent" for one in engine.attempts()) >= 6


def test_too_many_opt_outs_pause_a_campaign_until_somebody_has_looked(engine):
    engine.load(6)
    engine.launch("stop: {opt_out_rate: 30%, of: 2}\n")
    engine.work()
    engine.hears(0, "退订")
    engine.hears(1, "退订")
    watching.watch(engine.stage.sessions, engine.stage.clock)
    assert engine.campaign().state is CampaignState.PAUSED
    assert "opt-out rate 100.0% of 2" in engine.campaign().held_why
    with engine.stage.sessions.begin() as db:
        steering.resume(db, "try-one", "小王", "看过了", engine.now())
    watching.watch(engine.stage.sessions, engine.stage.clock)
    assert engine.campaign().state is CampaignState.ACTIVE
    with engine.stage.sessions.reading() as db:
        verbs = [one.verb for one in db.exec(select(AuditEntry).order_by(AuditEntry.id)).all()]
    assert verbs[-2:] == ["campaign_paused", "campaign_resumed"]


def test_a_pause_holds_what_is_queued_and_loses_nobody(engine):
    engine.load(5)
    engine.launch()
    opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)
    with engine.stage.sessions.begin() as db:
        steering.pause(db, "try-one", "小王", "", engine.now())
    engine.stage.deliver()
    assert engine.stage.carrier.requests == []
    with engine.stage.sessions.begin() as db:
        steering.resume(db, "try-one", "小王", "", engine.now())
    engine.later(timedelta(minutes=2))
    assert len(engine.stage.carrier.requests) == 5


@pytest.mark.parametrize("scope", list(Scope))
def test_a_stop_holds_from_its_commit_on_and_lifted_loses_nobody(engine, scope):
    engine.load(5)
    campaign = engine.launch()
    opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)
    with engine.stage.sessions.begin() as db:
        stop = Stop(
            scope=scope, campaign_id=campaign.id if scope is Scope.CAMPAIGN else None,
            carrier="local" if scope is Scope.CARRIER else None, by="A", at=TUESDAY,
        )  # fmt: skip
        db.add(stop)
    engine.stage.deliver()
    assert engine.stage.carrier.requests == []
    with engine.stage.sessions.begin() as db:
        db.get_one(Stop, stop.id).lifted_at = engine.now()
        db.get_one(Stop, stop.id).lifted_by = "A"
    engine.later(timedelta(minutes=2))
    assert len(engine.stage.carrier.requests) == 5


def test_the_campaigns_own_cap_counts_its_follow_ups(engine):
    engine.load(1)
    engine.launch(FOLLOW_UPS + "caps: {contacts: 1}\n")
    engine.work()
    engine.hears(0, *BOOK)
    engine.later(timedelta(hours=25))
    assert ends(engine)[1][3:] == ("not_permitted", "too_often")


def test_ended_by_staff_nothing_more_begins(engine):
    engine.load(3)
    engine.launch(FOLLOW_UPS)
    engine.work()
    engine.hears(0, *BOOK)
    with engine.stage.sessions.begin() as db:
        steering.end(db, "try-one", "小王", "活动取消", engine.now())
    engine.hears(1, *BOOK)
    assert planned(engine) == []
    assert engine.campaign().held_why == "活动取消"


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        (FOLLOW_UPS.replace("follow_up_thanks", "nothing"), 10, "no published script"),
        (
            FOLLOW_UPS.replace("channel: sms, script: follow_up_thanks", "channel: voice, script: follow_up_thanks"),
            10,
            "no wording",
        ),
        (FOLLOW_UPS.replace("offer: {event: 亲子理财小课堂}, ", ""), 11, "is missing"),
        (FOLLOW_UPS.replace("event: 亲子", "event: 保本"), 12, "保本"),
        ("caps: {contacts_per_7_days: 9}\n", 9, "more than the policy"),
        ('windows: {sms: {mon: ["06:00-09:00"]}}\n', 9, "wider than the policy"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_line(engine, more, line, said):
    with pytest.raises(ValueError, match=r"c\.yml:") as refused:
        engine.launch(more)
    assert any(problem.line == line and said in str(problem) for problem in refused.value.problems), refused.value
