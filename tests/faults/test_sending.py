"""Requests that break off, holders that stand still, stops that come in between: each text and call goes out once at most."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import answers, breaker, send, settle, unknown_sends
from outreach.campaigns.answers import Answered
from outreach.campaigns.breaker import Breaker
from outreach.campaigns.claim import claim, mark_sending
from outreach.carrier.port import Accepted, NotSent, StatusReport, Throttled, TooLate, Unknown
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import machine_now
from outreach.model import Attempt, Conversation, Message, StaffTask, suppressions
from outreach.model.suppression import Source
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from tests.conftest import TUESDAY

LONG_AGO = TUESDAY - timedelta(days=900)


def claims(stage, many: int = 8, house=None, **more):
    return claim(
        stage.sessions, stage.clock, house or stage.house, stage.sealer, OUR_NUMBER, Channel.SMS, many, **more
    ).claimed


def messages(stage, *conditions) -> list[Message]:
    with stage.sessions.reading() as db:
        return list(db.exec(select(Message).where(*conditions).order_by(col(Message.position))).all())


def message(stage, id_) -> Message:
    with stage.sessions.reading() as db:
        return db.get_one(Message, id_)


def leases_run_out(stage) -> None:
    with stage.sessions.begin() as db:
        db.execute(update(Message).where(col(Message.lease_until).is_not(None)).values(lease_until=LONG_AGO))


def ask(stage) -> None:
    leases_run_out(stage)
    unknown_sends.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)


def record(stage, *answered: Answered) -> None:
    answers.record(stage.sessions, stage.clock, stage.house, stage.carrier.name, answered)


# -- a stop in between -------------------------------------------------------------------------------------------------


def test_a_stop_wins_over_a_claim_and_ends_the_attempt(stage, opened):
    held = claims(stage)
    with stage.sessions.begin() as db:
        first = db.get_one(Message, held[0].id)
        suppressions.add(db, first.phone_hash, None, Source.STAFF, "要求停止", stage.clock.now())
    marked = mark_sending(stage.sessions, held)
    assert {one.id for one in marked} == {one.id for one in held[1:]}
    assert message(stage, held[0].id).state is MessageState.REJECTED
    with stage.sessions.reading() as db:
        talk = db.get_one(Conversation, first.conversation_id)
        attempt = db.get_one(Attempt, talk.attempt_id)
    assert (talk.state, attempt.state, attempt.outcome) == ("closed", AttemptState.CLOSED, "not_permitted")


def test_what_was_claimed_long_before_the_request_is_permitted_anew(stage, opened):
    held = claims(stage)
    leases_run_out(stage)
    assert mark_sending(stage.sessions, held) == []


def test_a_request_that_waited_too_long_for_a_connection_never_begins(stage, opened):
    one = replace(mark_sending(stage.sessions, claims(stage, 1))[0], begin_by=time.monotonic() - 1)
    answered = stage.sender._ask(one)
    assert isinstance(answered.answer, TooLate)
    record(stage, answered)
    back = message(stage, one.id)
    assert (back.state, back.tries, back.not_before) == (MessageState.QUEUED, 0, None)
    assert stage.carrier.requests == []


def test_what_began_too_late_is_sent_before_the_sender_rests(stage, opened, monkeypatch):
    stands_still = iter([True])

    def marked(sessions, claimed):
        one_late = replace if next(stands_still, False) else lambda one, **_: one
        return [one_late(one, begin_by=time.monotonic() - 1) for one in mark_sending(sessions, claimed)]

    monkeypatch.setattr(send, "mark_sending", marked)
    assert stage.sender.send_queued() == len(stage.carrier.requests) == 6


def test_a_text_must_not_arrive_after_its_window_has_closed(stage, opened):
    assert claims(stage, 1)[0].valid_for_seconds == 4 * 3600
    stage.later(timedelta(hours=10, minutes=40))  # 20:10; the window closes at 20:30
    assert 60 <= claims(stage, 1)[0].valid_for_seconds <= 20 * 60


# -- holders that stand still --------------------------------------------------------------------------------------------


def test_who_stood_still_longer_than_the_lease_cannot_send_what_another_took_over(stage, opened):
    before = claims(stage, 1)
    ask(stage)
    after = claims(stage, 1)
    assert [one.id for one in before] == [one.id for one in after]
    assert mark_sending(stage.sessions, before) == []
    assert len(mark_sending(stage.sessions, after)) == 1


@pytest.mark.parametrize("error", [NotSent("no line"), Unknown("reset")])
def test_what_a_late_holder_heard_changes_nothing_for_the_one_who_took_over(stage, opened, error):
    before = mark_sending(stage.sessions, claims(stage, 1))[0]
    ask(stage)  # the carrier does not have it, so it goes out once more
    after = mark_sending(stage.sessions, claims(stage, 1))[0]
    record(stage, Answered(before, error))
    assert message(stage, after.id).state is MessageState.SENDING
    record(stage, Answered(after, Accepted("MEM1", MessageState.ACCEPTED)))
    assert message(stage, after.id).state is MessageState.ACCEPTED


def test_a_claim_that_nobody_carried_out_is_given_back(stage, opened):
    claims(stage)
    ask(stage)
    assert stage.sender.send_queued() == 6
    assert {one.repeats for one in messages(stage)} == {0}


# -- what nobody knows -----------------------------------------------------------------------------------------------------


def broken_off(stage, *, taken: bool) -> Message:
    stage.carrier.fail_next(Unknown("read timeout"), taken=taken)
    stage.contact()
    return messages(stage, Message.state == MessageState.UNKNOWN)[0]


def test_a_clock_that_is_two_hours_ahead_does_not_hide_what_the_carrier_took(stage):
    unknown = broken_off(stage, taken=True)
    with stage.sessions.begin() as db:
        db.execute(update(Message).values(sent_at=machine_now() + timedelta(hours=2)))
    ask(stage)
    assert message(stage, unknown.id).carrier_ref == "MEM1"
    assert len(stage.carrier.requests) == 1


def test_a_text_that_could_not_leave_at_first_still_has_its_one_repeat(stage):
    stage.carrier.fail_next(NotSent("no line"))
    stage.contact()
    stage.carrier.fail_next(Unknown("reset"), taken=False)
    stage.later(timedelta(minutes=2))
    stage.deliver()
    ask(stage)
    stage.deliver()
    assert [one.state for one in messages(stage)] == [MessageState.ACCEPTED]
    assert len(stage.carrier.taken) == 1


def test_an_opening_that_was_never_confirmed_becomes_a_persons_task(stage):
    stage.carrier.fail_next(Unknown("reset"), Unknown("reset"), taken=False)
    stage.contact()
    for _ in range(3):
        ask(stage)
        stage.deliver()
    with stage.sessions.reading() as db:
        assert [task.kind for task in db.exec(select(StaffTask))] == ["unknown_send"]


def twins(stage) -> tuple[Message, Message]:
    """Two equal answers to one number, both requests broken off and both read."""
    made = stage.contact()
    stage.carrier.requests.clear()
    with stage.sessions.begin() as db:
        first = db.exec(select(Message)).one()
        for turn in (1, 2):
            db.add(
                Message(
                    conversation_id=made.conversation, customer_id=first.customer_id, phone_hash=first.phone_hash,
                    side="bank", text="【XX银行】好的", at=stage.clock.now(), state=MessageState.QUEUED, turn=turn,
                )
            )  # fmt: skip
            db.flush()
    stage.carrier.fail_next(Unknown("read timeout"), Unknown("read timeout"), taken=True)
    stage.sender.send_queued()
    one, two = messages(stage, Message.state == MessageState.UNKNOWN)
    return one, two


def test_two_equal_texts_to_one_number_are_given_a_record_each(stage):
    twins(stage)
    for _ in range(2):
        ask(stage)
    assert len({one.carrier_ref for one in messages(stage)}) == 3
    assert len(stage.carrier.requests) == 2


def test_a_callback_proves_whose_record_it_is_against_what_the_list_suggested(stage):
    one, two = twins(stage)
    with stage.sessions.begin() as db:  # the list gave the first text the second one's record
        db.execute(
            update(Message)
            .where(col(Message.id) == one.id)
            .values(carrier="memory", carrier_ref="MEM3", state=MessageState.ACCEPTED, lease_until=None)
        )
    said = StatusReport(ref="MEM3", state=MessageState.DELIVERED, error_code=None, kind=None)
    assert settle.report(stage.sessions, stage.clock, stage.house, "memory", two.id, said)
    assert message(stage, two.id).state is MessageState.DELIVERED
    assert message(stage, one.id).state is MessageState.UNKNOWN
    ask(stage)
    assert message(stage, one.id).carrier_ref == "MEM2"
    assert len(stage.carrier.requests) == 2


def test_a_carrier_that_does_not_answer_is_asked_again_and_nothing_is_sent_meanwhile(stage):
    unknown = broken_off(stage, taken=False)
    stage.carrier.answers = False
    for _ in range(3):
        ask(stage)
        stage.deliver()
    assert message(stage, unknown.id).state is MessageState.UNKNOWN
    assert len(stage.carrier.requests) == 1


# -- order and pace --------------------------------------------------------------------------------------------------------


def test_an_answer_does_not_wait_behind_openings(stage, opened):
    with stage.sessions.begin() as db:
        first = db.exec(select(Message).order_by(col(Message.position))).first()
        db.add(
            Message(
                conversation_id=first.conversation_id, customer_id=first.customer_id, side="bank", text="【XX银行】好的",
                at=stage.clock.now(), state=MessageState.QUEUED, turn=1,
            )
        )  # fmt: skip
    assert [one.body for one in claims(stage, 1)] == ["【XX银行】好的"]
    assert claims(stage, answers_only=True) == []


def test_a_number_sends_no_faster_than_its_pace_whoever_claims(stage, opened):
    house = replace(stage.house, bank=replace(stage.house.bank, texts_per_second=2.0))
    with ThreadPoolExecutor(3) as pool:
        many = list(pool.map(lambda _: len(claims(stage, house=house)), range(3)))
    assert sum(many) == 2


def test_what_is_refused_does_not_hold_up_what_is_permitted(stage, opened):
    with stage.sessions.begin() as db:
        hashes = db.exec(select(Message.phone_hash).order_by(col(Message.position)).limit(5)).all()
        for one in hashes:  # without the message being dropped, as if the stop came while it was queued elsewhere
            db.add(suppressions.Suppression(phone_hash=one, source=Source.LIST, at=stage.clock.now()))
    assert len(claims(stage, 2)) == 1


def test_a_carrier_that_turns_everything_away_is_left_alone_and_tried_now_and_then(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(breaker.time, "monotonic", lambda: now[0])
    one = Breaker()
    for _ in range(breaker.OPENS_AFTER):
        assert one.room(8) == 8
        one.turned_away()
    assert one.room(8) == 0
    now[0] += breaker.LONGEST_SECONDS
    assert one.room(8) == 1
    one.taken()
    assert one.room(8) == 8


def test_a_throttled_campaign_is_sent_whole_once_the_carrier_takes_it(stage, opened):
    stage.carrier.fail_next(*[Throttled("429")] * 4)
    stage.sender.send_queued()
    stage.later(timedelta(minutes=2))
    deadline = time.monotonic() + 10
    while len(stage.carrier.taken) < 6 and time.monotonic() < deadline:
        stage.sender.send_queued()
        time.sleep(0.05)
    assert len({request.id for request in stage.carrier.taken.values()}) == len(stage.carrier.taken) == 6
