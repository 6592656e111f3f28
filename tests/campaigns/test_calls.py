"""Calls from the claim to their end: never placed twice, never too many at once, and what each leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import callbacks, campaign_file, launching, plan, recordings, settle_calls, unknown_sends
from outreach.campaigns import open as opening
from outreach.campaigns.claim import claim
from outreach.campaigns.customer_import import import_customers
from outreach.carrier.call_port import CallStatus, Recorded
from outreach.carrier.port import FailureKind, NotSent, Refused, Throttled, Unknown
from outreach.cli.stage import OUR_NUMBER, PHONE, Stage
from outreach.cli.stage_call import CallOnStage
from outreach.dialogue.rehearsal import Rehearsal
from outreach.documents import Refused as FileRefused
from outreach.model import Attempt, Branch, Call, Message, Recording, StaffTask, suppressions
from outreach.model.suppression import Source
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState
from tests.conftest import TUESDAY

LONG_AGO = TUESDAY - timedelta(days=900)
READINGS = {
    "是我": "confirm_identity", "好的": "affirm", "明天下午": "inform_time", "发短信给我": "send_sms",
    "下午三点再打": "callback_at", "转人工": "ask_human",
}  # fmt: skip
CUSTOMERS = "客户号,姓名,性别,手机号,网点,卡尾号,发卡日,已绑借记卡,短信同意,电话同意,同意日期,同意来源\n" + "".join(
    f"C{number},王芳{number},女,1380013{number:04},城南支行,{number:04},2026-01-01,否,是,是,2026-01-02,开户协议\n"
    for number in range(20)
)
FILE = """\
name: try-calls
script: card_activation
segment: card_not_activated
channels: [voice]
start: 2026-11-24
end: 2026-11-30
pace: 200
offer: {{benefits: 9元洗车、9元看电影, gift: 一把雨伞}}
{more}
"""


def house_with(house, **calling):
    return replace(house, bank=replace(house.bank, calling=replace(house.bank.calling, **calling)))


@pytest.fixture
def stage(sessions, our_house, sealer):
    house = house_with(our_house, calls_per_second=1000, calls_at_once=1000)
    built = Stage(sessions, TUESDAY, house, sealer, Rehearsal(lambda words: READINGS.get(words, "nlu_fallback")))
    yield built
    built.sender.close()


@pytest.fixture
def launched(stage, tmp_path: Path):
    """Launch a campaign of calls with more keys, opened and placed."""

    def launch(more: str = "") -> None:
        (tmp_path / "c.csv").write_text(CUSTOMERS, encoding="utf-8")
        import_customers(stage.sessions, stage.sealer, TUESDAY, tmp_path / "c.csv")
        (tmp_path / "c.yml").write_text(FILE.format(more=more), encoding="utf-8")
        with stage.sessions.begin() as db:
            campaign = launching.launch(db, stage.house, campaign_file.read(tmp_path / "c.yml"), TUESDAY)
        plan.plan(stage.sessions, stage.clock, stage.house, campaign.id)
        while opening.open_due(stage.sessions, stage.clock, stage.house):
            pass
        stage.deliver()

    return launch


def call(stage, *words: str) -> tuple[CallOnStage, object]:
    """Contact the customer by voice, pick up and say these things."""
    made = stage.contact(channel="voice")
    talk = CallOnStage(stage, made.conversation)
    talk.picks_up()
    for said in words:
        talk.says(said)
    return talk, made.conversation


def rows(stage, table, *conditions):
    with stage.sessions.reading() as db:
        return db.exec(select(table).where(*conditions)).all()


def ask_about_unknowns(stage) -> None:
    with stage.sessions.begin() as db:
        db.execute(update(Message).values(lease_until=LONG_AGO))
    unknown_sends.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)
    stage.deliver()


# -- placed once ------------------------------------------------------------------------------------------------------


def test_a_broken_off_request_that_was_read_is_found_and_goes_on(stage):
    stage.carrier.fail_next(Unknown("read timeout"), taken=True)
    made = stage.contact(channel="voice")
    with stage.sessions.begin() as db:
        db.execute(update(Message).values(sent_at=LONG_AGO))
    ask_about_unknowns(stage)
    assert len(stage.carrier.calls) == 1
    talk = CallOnStage(stage, made.conversation)
    assert talk.ref == "MEMCALL1"
    talk.picks_up()
    assert stage.shows(made.conversation)["messages"][0]["status"] == "delivered"


def test_a_call_that_may_have_been_placed_is_never_placed_again(stage):
    stage.carrier.fail_next(Unknown("reset"), taken=False)
    made = stage.contact(channel="voice")
    for _ in range(3):
        ask_about_unknowns(stage)
    assert stage.carrier.calls == {}
    shown = stage.shows(made.conversation)
    assert shown["outcome"] == "unreachable"
    assert [task.kind for task in rows(stage, StaffTask)] == ["unknown_send"]
    assert rows(stage, Call)[0].ended_at is not None


def test_a_worker_killed_after_it_said_sending_places_no_second_call(stage):
    made = stage.contact(channel="voice")
    with stage.sessions.begin() as db:
        db.execute(update(Message).values(state=MessageState.SENDING, carrier_ref=None, sent_at=LONG_AGO))
    ask_about_unknowns(stage)
    assert len(stage.carrier.calls) == 1
    assert stage.shows(made.conversation)["messages"][0]["status"] == "accepted"


def test_a_claim_of_a_dead_worker_was_never_requested_and_goes_back(stage):
    made = stage.contact(channel="voice")
    stage.carrier.calls.clear()
    with stage.sessions.begin() as db:
        db.execute(update(Message).values(state=MessageState.CLAIMED, carrier_ref=None))
    ask_about_unknowns(stage)
    assert len(stage.carrier.calls) == 1
    assert stage.shows(made.conversation)["state"] == "open"


@pytest.mark.parametrize("error", [NotSent("no connection"), Throttled("429")])
def test_what_provably_was_not_placed_waits_and_is_placed_later(stage, error):
    stage.carrier.fail_next(error)
    made = stage.contact(channel="voice")
    assert stage.shows(made.conversation)["messages"][0]["status"] == "queued"
    stage.later(timedelta(minutes=2))
    stage.deliver()
    assert len(stage.carrier.calls) == 1


@pytest.mark.parametrize(
    ("kind", "outcome", "ended"),
    [
        (FailureKind.BAD_NUMBER, "invalid_number", "invalid_number"),
        (FailureKind.CONFIGURATION, "undelivered", "unreachable"),
        (FailureKind.CONTENT, "blocked", "unreachable"),
    ],
)
def test_a_refused_call_ends_its_attempt_in_words_for_calls(stage, kind, outcome, ended):
    stage.carrier.fail_next(Refused("refused", kind, outcome, "21211"))
    made = stage.contact(channel="voice")
    assert stage.shows(made.conversation)["outcome"] == ended


# -- lines ------------------------------------------------------------------------------------------------------------


def test_no_more_calls_at_once_than_the_account_has_lines(stage, launched):
    stage.sender._house = stage.house = house_with(stage.house, calls_at_once=7)
    launched()
    stage.deliver()
    assert len(stage.carrier.calls) == 7
    opened = rows(stage, Message, Message.state == MessageState.ACCEPTED)
    CallOnStage(stage, opened[0].conversation_id).ends(CallStatus.BUSY)
    assert len(stage.carrier.calls) == 8


def test_no_more_calls_a_second_than_the_account_takes_whoever_claims(stage, launched):
    house = house_with(stage.house, calls_per_second=3)
    stage.sender._house = house
    launched()
    placed = len(stage.carrier.calls)

    def more(_: int) -> int:
        return len(claim(stage.sessions, stage.clock, house, stage.sealer, OUR_NUMBER, Channel.VOICE, 8).claimed)

    with ThreadPoolExecutor(4) as pool:
        claimed = sum(pool.map(more, range(4)))
    assert placed <= 3
    assert placed + claimed <= 6


# -- machines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"), [("on_machine: hang_up", []), ("on_machine: message", ["您好，这里是XX银行的智能语音助手"])]
)
def test_a_machine_hears_what_the_campaign_wants(stage, launched, more, said):
    launched(more)
    first = rows(stage, Message, Message.state == MessageState.ACCEPTED)[0]
    talk = CallOnStage(stage, first.conversation_id)
    talk.picks_up()
    heard = talk.detects("machine_end_beep")
    assert [words[: len(said[0])] for words in heard] == said
    assert not any("王" in words or "卡" in words for words in heard)
    assert stage.shows(first.conversation_id)["outcome"] == "machine"
    assert stage.carrier.calls[talk.ref].to_the_beep is ("message" in more)


def test_who_let_a_machine_answer_is_texted_instead_where_the_campaign_says_so(stage, launched):
    launched("on_machine: text")
    first = rows(stage, Message, Message.state == MessageState.ACCEPTED)[0]
    talk = CallOnStage(stage, first.conversation_id)
    talk.picks_up()
    talk.says("您好我是机主的智能助理请问有什么需要转达")
    assert stage.shows(first.conversation_id)["outcome"] == "machine"
    with stage.sessions.begin() as db:
        opening.open_due(stage.sessions, stage.clock, stage.house)
        db.rollback()
    stage.deliver()
    assert len(stage.sent()) == 1
    assert "拒收请回复R" in stage.sent()[0]


# -- after the call ---------------------------------------------------------------------------------------------------


def test_who_asks_for_a_text_gets_it_after_the_call(stage):
    call(stage, "是我", "发短信给我")
    assert len(stage.sent()) == 1
    assert stage.sent()[0].startswith("【XX银行】激活信用卡")


def test_a_booked_visit_is_confirmed_by_text_once(stage):
    talk, conversation = call(stage, "是我", "好的", "好的", "明天下午")
    talk._report(CallStatus.COMPLETED)
    stage.deliver()
    assert len(stage.sent()) == 1
    assert "11月25日周三）下午" in stage.sent()[0]
    assert stage.shows(conversation)["outcome"] == "visit_booked"


def test_a_stop_of_texts_holds_after_a_call_too(stage):
    with stage.sessions.begin() as db:
        suppressions.add(db, stage.sealer.find(PHONE), Channel.SMS, Source.SAID, "别发短信", TUESDAY)
    call(stage, "是我", "发短信给我")
    assert stage.sent() == []


def test_a_text_after_a_late_call_waits_for_the_morning(stage):
    stage.later(timedelta(hours=10))  # 19:30
    made = stage.contact(channel="voice")
    stage.later(timedelta(minutes=70))  # the call goes on past 20:30, when texts end
    talk = CallOnStage(stage, made.conversation)
    talk.picks_up()
    talk.says("是我")
    talk.says("发短信给我")
    assert stage.sent() == []
    stage.later(timedelta(hours=12))
    stage.deliver()
    assert len(stage.sent()) == 1


# -- callbacks --------------------------------------------------------------------------------------------------------


def test_a_campaign_that_calls_back_by_itself_does_so_at_the_named_time_and_ticks_off_the_task(stage, launched):
    launched("callbacks: automatic")
    first = rows(stage, Message, Message.state == MessageState.ACCEPTED)[0]
    talk = CallOnStage(stage, first.conversation_id)
    talk.picks_up()
    talk.says("是我")
    talk.says("下午三点再打")
    assert callbacks.plan(stage.sessions, stage.clock) == 1
    assert callbacks.plan(stage.sessions, stage.clock) == 0
    before = len(stage.carrier.calls)
    opening.open_due(stage.sessions, stage.clock, stage.house)
    stage.deliver()
    assert len(stage.carrier.calls) == before
    stage.later(timedelta(hours=6))  # 15:30: the second call of the day, which the customer asked for
    opening.open_due(stage.sessions, stage.clock, stage.house)
    stage.deliver()
    assert len(stage.carrier.calls) == before + 1
    assert {task.state for task in rows(stage, StaffTask, StaffTask.kind == "callback")} == {"done"}


def test_a_campaign_that_leaves_callbacks_to_people_plans_none(stage, launched):
    launched()
    first = rows(stage, Message, Message.state == MessageState.ACCEPTED)[0]
    talk = CallOnStage(stage, first.conversation_id)
    talk.picks_up()
    talk.says("下午三点再打")
    assert callbacks.plan(stage.sessions, stage.clock) == 0
    assert [task.state for task in rows(stage, StaffTask, StaffTask.kind == "callback")] == ["open"]


@pytest.mark.parametrize("more", ["on_machine: sing", "callbacks: never"])
def test_a_campaign_file_that_wants_something_unknown_of_calls_is_refused(tmp_path, more):
    (tmp_path / "c.yml").write_text(FILE.format(more=more), encoding="utf-8")
    with pytest.raises(FileRefused, match=more.partition(":")[0]):
        campaign_file.read(tmp_path / "c.yml")


# -- handing over -----------------------------------------------------------------------------------------------------


def test_a_person_is_dialled_only_in_the_hours_of_who_would_answer(stage):
    with stage.sessions.begin() as db:
        stage.contact(channel="sms", phone="+8613800139999")
        db.execute(update(Branch).values(phone="+861012345678"))
    stage.later(timedelta(hours=9))  # 18:30: the branch is closed
    _, conversation = call(stage, "转人工")
    with stage.sessions.reading() as db:
        placed = db.exec(select(Call).where(Call.conversation_id == conversation)).one()
    assert placed.transferred_to is None
    assert [task["state"] for task in stage.shows(conversation)["tasks"]] == ["open"]


# -- recordings -------------------------------------------------------------------------------------------------------


def test_a_recorded_call_says_so_and_its_sound_is_fetched_sealed_and_deleted_at_the_carrier(
    sessions, our_house, sealer
):
    house = house_with(our_house, recording=True)
    stage = Stage(sessions, TUESDAY, house, sealer, Rehearsal(lambda words: READINGS.get(words, "nlu_fallback")))
    made = stage.contact(channel="voice")
    talk = CallOnStage(stage, made.conversation)
    assert "本次通话会录音" in talk.picks_up()[0]
    assert stage.carrier.calls[talk.ref].record
    talk.ends()
    stage.carrier.sounds["RE1"] = b"RIFF sound"
    ready = Recorded(call_ref=talk.ref, ref="RE1", seconds=12)
    assert recordings.announce(sessions, stage.clock, talk.id, ready)
    assert not recordings.announce(sessions, stage.clock, talk.id, ready)
    stage.carrier.answers = False
    recordings.collect(sessions, stage.carrier, stage.clock, sealer)
    assert rows(stage, Recording)[0].sound is None
    stage.carrier.answers = True
    recordings.collect(sessions, stage.carrier, stage.clock, sealer)
    kept = rows(stage, Recording)[0]
    assert sealer.open_sound(kept.sound) == b"RIFF sound"
    assert b"RIFF" not in kept.sound
    assert stage.carrier.sounds == {}
    stage.sender.close()


def test_a_recording_of_a_call_that_is_not_recorded_is_not_taken(stage):
    talk, _ = call(stage, "是我")
    assert not recordings.announce(
        stage.sessions, stage.clock, talk.id, Recorded(call_ref=talk.ref, ref="RE1", seconds=12)
    )


# -- lost reports -----------------------------------------------------------------------------------------------------


def test_a_call_whose_end_nobody_reported_is_asked_about(stage):
    talk, conversation = call(stage, "是我")
    with stage.sessions.begin() as db:
        db.execute(update(Call).values(claimed_at=LONG_AGO))
    stage.carrier.report_call(talk.ref, CallStatus.COMPLETED)
    assert settle_calls.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house) == 1
    assert stage.shows(conversation)["outcome"] == "broke_off"
    assert settle_calls.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house) == 0


def test_a_call_nobody_knows_any_more_is_closed(stage):
    _, conversation = call(stage, "是我")
    stage.carrier._call_reports.clear()
    with stage.sessions.begin() as db:
        db.execute(update(Call).values(claimed_at=LONG_AGO))
    settle_calls.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house)
    assert stage.shows(conversation)["outcome"] == "broke_off"
    assert rows(stage, Attempt, col(Attempt.state) != "closed") == []


def test_a_call_that_rang_out_and_whose_end_nobody_reported_is_asked_about(stage):
    conversation = stage.contact(channel="voice").conversation
    with stage.sessions.begin() as db:
        db.execute(update(Call).values(claimed_at=LONG_AGO))
    assert settle_calls.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house) == 1
    assert stage.shows(conversation)["state"] == "open", "it may still be ringing"
    stage.carrier.report_call(next(iter(stage.carrier.calls)), CallStatus.NO_ANSWER)
    settle_calls.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house)
    assert stage.shows(conversation)["outcome"] == "no_answer"
    assert settle_calls.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house) == 0
