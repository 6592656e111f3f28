"""What was kept for as long as policy.yml says is forgotten; refusals never are."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from outreach.campaigns import retention
from outreach.cli.stage_call import CallOnStage
from outreach.model import (
    Attempt,
    Call,
    CallTurn,
    Conversation,
    Customer,
    Message,
    Recording,
    StaffTask,
    Suppression,
)
from outreach.rules.retention import BOUNDS


def rows(stage, table: type[SQLModel]) -> int:
    with stage.sessions.reading() as db:
        return db.exec(select(func.count()).select_from(table)).one()


def run(stage) -> dict[str, int]:
    return {one.kind: one.rows for one in retention.run(stage.sessions, stage.house.policy, stage.clock)}


def due(stage) -> dict[str, int]:
    with stage.sessions.reading() as db:
        return {one.kind: one.rows for one in retention.due(db, stage.house.policy, stage.clock)}


def test_every_kind_of_the_policy_is_forgotten_or_says_why_not():
    assert set(retention.KINDS) | set(retention.ELSEWHERE) | {"finished_jobs"} == set(BOUNDS)


def test_a_talk_goes_with_all_its_words_and_the_refusal_stays(stage):
    stage.contact()
    stage.hears("退订")
    assert run(stage)["conversations"] == 0
    stage.later(timedelta(days=1096))
    assert due(stage)["conversations"] == 1
    assert run(stage)["conversations"] == 1
    left = {table: rows(stage, table) for table in (Conversation, Message, Attempt, Suppression, Customer)}
    assert left == {Conversation: 0, Message: 0, Attempt: 0, Suppression: 1, Customer: 1}
    assert stage.contact().reason == "opted_out"


def test_the_sound_of_a_call_goes_long_before_its_words(stage):
    made = stage.contact(channel="voice")
    talk = CallOnStage(stage, made.conversation)
    talk.picks_up()
    with stage.sessions.begin() as db:
        call = db.exec(select(Call)).one()
        sound = stage.sealer.seal_sound(b"RIFF")
        db.add(Recording(id=call.id, carrier_ref="RE1", announced_at=stage.clock.now(), sound=sound))
    stage.later(timedelta(days=181))
    assert run(stage)["call_recordings"] == 1
    with stage.sessions.reading() as db:
        assert db.exec(select(Recording)).one().sound is None
    assert rows(stage, Message) > 0


def test_a_call_goes_with_its_turns_and_its_recording(stage):
    made = stage.contact(channel="voice")
    talk = CallOnStage(stage, made.conversation)
    talk.picks_up()
    talk.ends()
    with stage.sessions.begin() as db:
        db.add(Recording(id=db.exec(select(Call)).one().id, carrier_ref="RE1", announced_at=stage.clock.now()))
    stage.later(timedelta(days=1096))
    run(stage)
    assert {rows(stage, table) for table in (Conversation, Message, Call, CallTurn, Recording)} == {0}


def test_a_strangers_words_are_kept_no_longer_than_a_customers(stage):
    stage.stores("你是谁", "+8613877777777")
    stage.later(timedelta(days=1096))
    assert due(stage)["conversations"] == 1
    run(stage)
    assert rows(stage, Message) == 0
    assert rows(stage, StaffTask) == 1  # open still; it points at nothing


def test_what_goes_on_is_not_forgotten(stage):
    stage.contact()
    with stage.sessions.begin() as db:
        for attempt in db.exec(select(Attempt).where(col(Attempt.expires_at).is_not(None))).all():
            attempt.expires_at = None
            db.add(attempt)
    stage.later(timedelta(days=4000))
    assert due(stage)["conversations"] == due(stage)["attempts"] == 0
