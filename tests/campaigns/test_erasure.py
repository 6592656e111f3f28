"""An erased customer: no word and no sound is left, nobody waits for them, and they are not reached."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from sqlmodel import col, select

from outreach.campaigns import customer_erasure, customer_record, customer_workbook, recordings
from outreach.carrier.call_port import Recorded
from outreach.cli.stage import Stage
from outreach.cli.stage_call import CallOnStage
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Callback, CallTurn, Customer, Recording, StaffTask, TaskResult, Visit, VisitState
from tests.conftest import TUESDAY

READINGS = {
    "是我": "confirm_identity", "方便": "affirm", "明天下午三点": "inform_time", "转人工": "ask_human",
    "下午三点再打": "callback_at",
}  # fmt: skip


@pytest.fixture
def recorded(sessions, our_house, sealer):
    """A stage on which calls are recorded."""
    bank = replace(our_house.bank, calling=replace(our_house.bank.calling, recording=True))
    bot = Rehearsal(lambda words: READINGS.get(words, "nlu_fallback"))
    built = Stage(sessions, TUESDAY, replace(our_house, bank=bank), sealer, bot)
    yield built
    built.sender.close()


def rows(stage, table):
    with stage.sessions.reading() as db:
        return db.exec(select(table).order_by(*[col(key) for key in table.__table__.primary_key])).all()


def erase(stage):
    with stage.sessions.begin() as db:
        customer_erasure.erase(db, db.exec(select(Customer)).one(), "an.he", "asked", stage.clock.now())


def call(stage, *words):
    talk = CallOnStage(stage, stage.contact(channel="voice").conversation)
    talk.picks_up()
    for said in words:
        talk.says(said)
    return talk


def announce(stage, talk, ref="RE1"):
    stage.carrier.sounds[ref] = b"RIFF sound"
    assert recordings.announce(stage.sessions, stage.clock, talk.id, Recorded(call_ref=talk.ref, ref=ref, seconds=12))


def collect(stage):
    recordings.collect(stage.sessions, stage.carrier, stage.clock, stage.sealer)


def test_the_sound_of_a_call_and_what_was_said_in_it_go(recorded):
    talk = call(recorded, "是我")
    talk.ends()
    announce(recorded, talk)
    collect(recorded)
    assert rows(recorded, Recording)[0].sound
    erase(recorded)
    assert rows(recorded, Recording)[0].sound is None
    assert {turn.document for turn in rows(recorded, CallTurn)} == {customer_erasure.NOTHING_SAID}
    assert "Say" not in customer_erasure.NOTHING_SAID


@pytest.mark.parametrize("first", [announce, erase])
def test_a_recording_that_lies_at_the_carrier_is_deleted_there_unheard(recorded, first, monkeypatch):
    talk = call(recorded, "是我")
    talk.ends()
    if first is announce:
        announce(recorded, talk)
        erase(recorded)
    else:
        erase(recorded)
        announce(recorded, talk)
    monkeypatch.setattr(recorded.carrier, "fetch_recording", lambda ref: pytest.fail("fetched"))
    collect(recorded)
    assert recorded.carrier.sounds == {}
    assert rows(recorded, Recording)[0].removed_at_carrier


def test_a_recording_that_is_being_fetched_meanwhile_is_not_kept(recorded, monkeypatch):
    talk = call(recorded, "是我")
    talk.ends()
    announce(recorded, talk)
    fetch = recorded.carrier.fetch_recording

    def erased_meanwhile(ref):
        sound = fetch(ref)
        erase(recorded)
        return sound

    monkeypatch.setattr(recorded.carrier, "fetch_recording", erased_meanwhile)
    collect(recorded)
    assert rows(recorded, Recording)[0].sound is None
    assert recorded.carrier.sounds == {}


def test_a_call_that_goes_on_ends_with_the_next_word(recorded):
    talk = call(recorded, "是我")
    erase(recorded)
    assert talk.says("方便") == []
    assert talk.over


def test_the_branch_expects_nobody_and_no_work_is_left(recorded):
    made = recorded.contact()
    recorded.hears("方便")
    recorded.hears("明天下午三点")
    recorded.hears("转人工")
    assert [visit.state for visit in rows(recorded, Visit)] == [VisitState.BOOKED]
    assert recorded.shows(made.conversation)["tasks"]
    erase(recorded)
    assert [(visit.state, visit.changed_by) for visit in rows(recorded, Visit)] == [(VisitState.CANCELLED, "an.he")]
    tasks = [(task.result, task.done_by, task.note) for task in rows(recorded, StaffTask)]
    assert tasks == [(TaskResult.NOT_NEEDED, "an.he", customer_erasure.ERASED)]


def test_nobody_calls_back(recorded):
    recorded.contact()
    recorded.hears("下午三点再打")
    assert [back.cancelled_at for back in rows(recorded, Callback)] == [None]
    erase(recorded)
    assert rows(recorded, Callback)[0].cancelled_at


def test_what_is_handed_over_holds_the_recordings(recorded):
    talk = call(recorded, "是我")
    talk.ends()
    announce(recorded, talk)
    collect(recorded)
    with recorded.sessions.reading() as db:
        record = customer_record.of(db, db.exec(select(Customer)).one(), recorded.sealer, masked=False)
    (told,) = record["conversations"][0]["recordings"]
    assert (told["seconds"], told["wav"]) == (12, "UklGRiBzb3VuZA==")
    sheet = openpyxl.load_workbook(io.BytesIO(customer_workbook.of(record)))["recordings"]
    assert [cell.value for cell in sheet[2]][2] == 12
