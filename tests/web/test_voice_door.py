"""The carrier's door for calls, by literal webhook bodies: what a customer hears, whatever comes in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import parse_qsl, quote
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from outreach import runtime, times
from outreach.campaigns import publication
from outreach.campaigns.contact import contact
from outreach.carrier import signature
from outreach.carrier.memory import MemoryCarrier
from outreach.clock import ZONE, Anchor, Clock, machine_now
from outreach.conversations import transcript
from outreach.conversations.call import Calls
from outreach.dialogue.port import Asked, Proposed
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Branch, CallTurn, Conversation, Message, Side, StaffTask
from outreach.queue import NoQueue
from outreach.runtime import Runtime
from outreach.settings import Settings
from outreach.web import carrier_door
from tests.conftest import TUESDAY

TOKEN = "12345678901234567890123456789012"
ACCOUNT = "AC00000000000000000000000000000001"
PUBLIC = "https://bank.example"
PHONE = "+8613800138000"
PATIENT, SOON, LATER = 60.0, 0.2, 0.6
"""Seconds until the filler, and the end: a machine at its limits must not be told from a slow bot by accident."""
READINGS = {"是我": "confirm_identity", "好的": "affirm", "明天下午": "inform_time", "转人工": "ask_human"}


class Bot(Rehearsal):
    """Answers as a rehearsal does, once it is let."""

    def __init__(self) -> None:
        super().__init__(lambda words: READINGS.get(words, "nlu_fallback"))
        self.let = Event()
        self.let.set()

    def propose(self, asked: Asked) -> Proposed:
        self.let.wait()
        return super().propose(asked)


@dataclass
class OnCall:
    """One call that was placed, and the carrier that asks what to say on it."""

    client: TestClient
    runtime: Runtime
    bot: Bot
    conversation: UUID
    id: UUID
    ref: str

    def asks(self, path: str, fields: str = "", ref: str | None = None, token: str = TOKEN):
        body = f"AccountSid={ACCOUNT}&CallSid={ref or self.ref}&From=%2B8610690000001&To=%2B8613800138000&{fields}"
        address = f"/twilio/voice/{self.id}/{path}"
        sealed = signature.sign(token, PUBLIC + address, parse_qsl(body, keep_blank_values=True))
        headers = {"X-Twilio-Signature": sealed, "Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(address, content=body.encode(), headers=headers)

    def hears(self, path: str, fields: str = "") -> str:
        """What is said, as one text."""
        answer = self.asks(path, fields)
        assert answer.status_code == 200, answer.text
        return said(answer.text)

    def hurried(self, filler: float, end: float) -> None:
        """Wait no longer than so many seconds for the bot."""
        self.runtime.calls.close()
        self.runtime.__dict__["calls"] = _calls(self.runtime, self.bot, filler, end)

    def shows(self) -> dict:
        with self.runtime.sessions.reading() as db:
            shown = transcript.of(db, self.conversation)
        assert shown is not None
        return shown


def said(document: str) -> str:
    return "".join("".join(say.itertext()) for say in ET.fromstring(document.encode()).iter("Say"))


def speech(words: str, confidence: str = "0.9") -> str:
    return f"SpeechResult={quote(words)}&Confidence={confidence}"


@pytest.fixture
def place(database_url: str, tmp_path: Path, sessions) -> Iterator[Callable[..., OnCall]]:
    settings = Settings(
        database_url=database_url, public_base_url=PUBLIC, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN,
        data_dir=tmp_path, twilio_api_base="http://127.0.0.1:9", calls_per_second=100, calls_at_once=100,
    )  # fmt: skip
    built = runtime.build(settings)
    bot = Bot()
    built.__dict__.update(
        queue=NoQueue(), carrier=MemoryCarrier(), dialogue=bot, clock=Clock.fixed(Anchor(machine_now(), TUESDAY))
    )
    built.__dict__["calls"] = _calls(built, bot, PATIENT, PATIENT)
    times.read("明天下午", TUESDAY, ZONE)  # the first reading loads its dictionaries
    with built.sessions.begin() as db:
        publication.publish_shipped(db, TUESDAY)
    client = TestClient(carrier_door.build(built), raise_server_exceptions=False)

    def begin(**about: str) -> OnCall:
        known = {"name": "王芳", "gender": "f", "card_tail": "6612", "branch": "城南支行", **about}
        with built.sessions.begin() as db:
            made = contact(
                db, built.house, built.sealer, TUESDAY,
                phone=PHONE, script="card_activation", channel="voice", about=known, offer={},
            )  # fmt: skip
        assert made.conversation is not None, made
        built.sender.send_queued()
        with built.sessions.reading() as db:
            opening = db.exec(select(Message).where(Message.conversation_id == made.conversation)).one()
        return OnCall(client, built, bot, made.conversation, opening.id, opening.carrier_ref or "")

    with client:
        yield begin
    bot.let.set()
    built.calls.close()
    built.sender.close()
    built.sessions.engine.dispose()


def _calls(built: Runtime, bot: Bot, filler: float, end: float) -> Calls:
    return Calls(
        built.sessions, bot, built.clock, built.house, "memory", built.call_address,
        filler_seconds=filler, give_up_seconds=end,
    )  # fmt: skip


def test_the_first_words_name_bank_machine_and_way_out_where_nobody_can_talk_into_them(place):
    document = ET.fromstring(place().asks("answer").text)
    assert [verb.tag for verb in document][-2:] == ["Gather", "Redirect"]
    before = "".join(say.text or "" for say in document.findall("Say"))
    assert "XX银行" in before
    assert "智能语音助手" in before
    assert "按九" in before
    assert document.find("Gather/Say").text == "请问是王女士本人吗？"


def test_a_talk_goes_from_identity_to_a_visit(place):
    call = place()
    call.asks("answer")
    assert "尚未激活" in call.hears("turn/1", speech("是我"))
    call.hears("turn/2", speech("好的"))
    call.hears("turn/3", speech("好的"))
    assert "明天，十一月二十五日周三，下午" in call.hears("turn/4", speech("明天下午"))
    shown = call.shows()
    assert shown["outcome"] == "visit_booked"
    assert [one["text"] for one in shown["messages"] if one["from"] == "customer"] == [
        "是我",
        "好的",
        "好的",
        "明天下午",
    ]


@pytest.mark.parametrize(
    ("fields", "intent"),
    [
        (speech(""), "silence"),
        ("", "silence"),
        ("SpeechResult=&Confidence=&Digits=", "silence"),
        (speech("哦" * 5000), "can_you_hear"),
        (speech("利率" * 2500), "nlu_fallback"),
        (speech("who is this please"), "nlu_fallback"),
        (speech("是我", "0"), "confirm_identity"),
        (speech("是我", "NaN"), "confirm_identity"),
        (speech("是我", "much"), "confirm_identity"),
        (speech("/restart"), "nlu_fallback"),
        (speech("</Say><Dial>+8613900139000</Dial>"), "nlu_fallback"),
        (speech("\x0b\x00"), "silence"),
        ("Digits=1", "confirm_identity"),
        ("Digits=9", "opt_out"),
        ("Digits=0", "ask_human"),
        ("Digits=%2A%23", "nlu_fallback"),
        ("Digits=%23", "digit"),
    ],
)
def test_whatever_is_heard_gets_a_document_that_parses(place, fields, intent):
    call = place()
    call.asks("answer")
    answer = call.asks("turn/1", fields)
    assert answer.status_code == 200
    assert [verb.tag for verb in ET.fromstring(answer.text)][-1] in {"Redirect", "Hangup"}
    assert [one["intent"] for one in call.shows()["messages"] if one["from"] == "customer"] == [intent]


@pytest.mark.parametrize("name", ["王<b>芳", "A&B", "王\x0b芳", '"王"', "王" * 60])
def test_a_name_of_any_characters_gives_a_document_that_parses(place, name):
    ET.fromstring(place(name=name, gender="m").asks("answer").text)


def test_a_call_is_answered_once_however_often_it_is_asked_for(place):
    call = place()
    with ThreadPoolExecutor(5) as pool:
        documents = {answer.text for answer in pool.map(lambda _: call.asks("answer"), range(5))}
    assert len(documents) == 1


def test_a_repeated_turn_hears_the_very_same_and_moves_nothing(place):
    call = place()
    call.asks("answer")
    with ThreadPoolExecutor(5) as pool:
        documents = {answer.text for answer in pool.map(lambda _: call.asks("turn/1", speech("是我")), range(5))}
    assert len(documents) == 1
    assert len([one for one in call.shows()["messages"] if one["from"] == "customer"]) == 1
    call.asks("turn/2", speech("好的"))
    before = call.shows()
    assert call.asks("turn/1", speech("是我")).text in documents
    assert call.shows() == before


def test_a_slow_bot_is_covered_by_a_filler_and_its_answer_follows(place):
    call = place()
    call.asks("answer")
    call.hurried(SOON, PATIENT)
    call.bot.let.clear()
    document = call.asks("turn/1", speech("是我")).text
    assert said(document) == "嗯，您稍等，我看一下。"
    assert ET.fromstring(document).find("Redirect").text.endswith("/turn/1/wait")
    call.bot.let.set()
    later = call.asks("turn/1/wait")
    assert "尚未激活" in said(later.text)
    assert call.asks("turn/1/wait").text == later.text
    assert call.asks("turn/1", speech("是我")).text == document


def test_a_bot_that_is_down_ends_the_call_kindly_and_leaves_a_callback(place):
    call = place()
    call.asks("answer")
    call.hurried(SOON, LATER)
    call.bot.down = True
    call.asks("turn/1", speech("是我"))
    last = call.asks("turn/1/wait")
    assert "稍后由工作人员给您回电" in said(last.text)
    assert ET.fromstring(last.text).find("Hangup") is not None
    shown = call.shows()
    assert shown["outcome"] == "handed_over"
    assert [task["kind"] for task in shown["tasks"]] == ["callback"]
    assert shown["messages"][-1]["line"] == "callback_soon"


def test_a_bot_that_is_down_when_the_phone_is_answered_changes_nothing(place):
    call = place()
    call.bot.down = True
    assert "王女士" in call.hears("answer")


def test_an_answer_that_comes_after_the_kind_end_is_not_said(place):
    call = place()
    call.asks("answer")
    call.hurried(SOON, LATER)
    call.bot.let.clear()
    call.asks("turn/1", speech("是我"))
    call.asks("turn/1/wait")
    call.bot.let.set()
    call.runtime.calls.close()  # lets the turn under way end
    lines = [one["line"] for one in call.shows()["messages"] if one["from"] == "bank"]
    assert lines == ["opening", "hold_on", "callback_soon"]


def test_a_stop_by_text_while_the_phone_rings_is_obeyed(place):
    call = place()
    body = (
        f"MessageSid=SM1&Body={quote('退订')}&NumMedia=0&AccountSid={ACCOUNT}&From=%2B8613800138000&To=%2B8610690000001"
    )
    sealed = signature.sign(TOKEN, PUBLIC + "/twilio/sms/inbound", parse_qsl(body))
    headers = {"X-Twilio-Signature": sealed, "Content-Type": "application/x-www-form-urlencoded"}
    call.client.post("/twilio/sms/inbound", content=body.encode(), headers=headers)
    document = ET.fromstring(call.asks("answer").text)
    assert [verb.tag for verb in document] == ["Hangup"]
    assert call.shows()["outcome"] == "opted_out"


@pytest.mark.parametrize("path", ["answer", "turn/1", "turn/1/wait", "fallback", "dialled", "status", "machine"])
def test_what_is_not_signed_is_not_believed(place, path):
    assert place().asks(path, "CallStatus=completed", token="x" * 32).status_code == 403


@pytest.mark.parametrize("path", ["answer", "turn/1", "turn/7/wait", "dialled"])
def test_a_call_of_another_reference_is_not_ours(place, path):
    call = place()
    assert call.asks(path, ref="CA" + "9" * 32).status_code == 404
    assert len(call.shows()["messages"]) == 1


def test_a_call_that_was_never_placed_is_not_ours(place):
    call = place()
    call.id = uuid4()
    assert call.asks("answer").status_code == 404
    assert call.asks("status", "CallStatus=completed").status_code == 204


def test_after_a_lost_answer_the_same_is_said_again(place):
    call = place()
    first = call.asks("answer").text
    assert call.asks("fallback", "ErrorCode=11200").text == first


def test_an_apology_is_left_where_nothing_is_known(place):
    call = place()
    assert "线路出了点问题" in said(call.asks("fallback", "ErrorCode=11200").text)


def test_a_machine_is_told_nothing(place):
    call = place()
    call.asks("answer")
    assert call.asks("machine", "AnsweredBy=machine_start").status_code == 204
    assert call.runtime.carrier.steered == [(call.ref, None)]
    assert call.shows()["outcome"] == "machine"
    assert [verb.tag for verb in ET.fromstring(call.asks("turn/1", speech("您好")).text)] == ["Hangup"]


@pytest.mark.parametrize("found", ["AnsweredBy=human", "AnsweredBy=unknown", "AnsweredBy=", ""])
def test_who_may_be_a_person_is_talked_to(place, found):
    call = place()
    call.asks("answer")
    call.asks("machine", found)
    assert call.runtime.carrier.steered == []
    assert call.shows()["state"] == "open"


def test_a_person_is_dialled_in_the_branch_s_hours_and_told_what_was_said(place):
    call = place()
    with call.runtime.sessions.begin() as db:
        branch = db.exec(select(Branch)).one()
        branch.phone = "+861012345678"
        db.add(branch)
    call.asks("answer")
    call.asks("turn/1", speech("是我"))
    dial = ET.fromstring(call.asks("turn/2", speech("转人工")).text).find("Dial")
    assert dial.find("Number").text == "+861012345678"
    whisper = call.asks("whisper").text
    assert "刚才说，是我，转人工" in said(whisper)
    assert ET.fromstring(whisper).find("Hangup") is None
    call.asks("dialled", "DialCallStatus=completed")
    shown = call.shows()
    assert shown["outcome"] == "handed_over"
    assert [(task["kind"], task["state"]) for task in shown["tasks"]] == [("handover", "done")]


def test_a_branch_that_does_not_pick_up_leaves_the_task(place):
    call = place()
    with call.runtime.sessions.begin() as db:
        branch = db.exec(select(Branch)).one()
        branch.phone = "+861012345678"
        db.add(branch)
    call.asks("answer")
    call.asks("turn/1", "Digits=0")
    assert "没有人接听" in call.hears("dialled", "DialCallStatus=no-answer")
    assert [(task["kind"], task["state"]) for task in call.shows()["tasks"]] == [("handover", "open")]


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        (["CallStatus=initiated", "CallStatus=ringing", "CallStatus=busy"], "line_busy"),
        (["CallStatus=busy", "CallStatus=ringing", "CallStatus=busy", "CallStatus=initiated"], "line_busy"),
        (["CallStatus=no-answer&SipResponseCode=487"], "no_answer"),
        (["CallStatus=no-answer&SipResponseCode=480"], "unreachable"),
        (["CallStatus=no-answer"], "no_answer"),
        (["CallStatus=failed&SipResponseCode=404"], "invalid_number"),
        (["CallStatus=failed&SipResponseCode=484"], "invalid_number"),
        (["CallStatus=failed&SipResponseCode=480"], "unreachable"),
        (["CallStatus=failed&SipResponseCode=486"], "line_busy"),
        (["CallStatus=failed"], "unreachable"),
        (["CallStatus=canceled"], "unreachable"),
        (["CallStatus=in-progress", "CallStatus=completed&CallDuration=3"], "broke_off"),
        (["CallStatus=completed&CallDuration=3", "CallStatus=in-progress", "CallStatus=ringing"], "broke_off"),
        (["CallStatus=in-progress", "CallStatus=completed&CallDuration=9&AnsweredBy=machine_start"], "machine"),
    ],
)
def test_events_of_a_call_in_any_order_come_to_its_outcome(place, events, outcome):
    call = place()
    for event in events:
        assert call.asks("status", event).status_code == 204
    assert call.shows()["outcome"] == outcome


def test_an_event_that_overtakes_the_answer_to_our_request_is_believed(place):
    call = place()
    with call.runtime.sessions.begin() as db:
        opening = db.get_one(Message, call.id)
        opening.carrier_ref = None
        db.add(opening)
    call.asks("status", "CallStatus=ringing")
    assert "王女士" in call.hears("answer")
    assert call.shows()["messages"][0]["status"] == "delivered"


def test_an_unknown_status_is_refused_and_changes_nothing(place):
    call = place()
    assert call.asks("status", "CallStatus=dreaming").status_code == 400
    assert call.shows()["state"] == "open"


def test_hanging_up_in_the_middle_of_a_turn_settles_what_was_said(place):
    call = place()
    call.asks("answer")
    call.hurried(SOON, LATER)
    call.bot.down = True
    call.asks("turn/1", speech("是我"))
    call.asks("status", "CallStatus=completed&CallDuration=12")
    shown = call.shows()
    assert shown["outcome"] == "broke_off"
    assert shown["unanswered"] == 0


def test_two_contacts_at_once_place_one_call(place):
    call = place()
    with pytest.raises(AssertionError, match=r"too_often|in_conversation"):
        place()
    assert len(call.runtime.carrier.calls) == 1


def test_every_turn_is_kept_with_what_it_said(place):
    call = place()
    call.asks("answer")
    call.asks("turn/1", speech("是我"))
    with call.runtime.sessions.reading() as db:
        kept = db.exec(select(CallTurn).order_by(col(CallTurn.number))).all()
        spoken = db.exec(select(Message).where(Message.side == Side.BANK).order_by(col(Message.position))).all()
        tasks = db.exec(select(StaffTask)).all()
        open_ones = db.exec(select(Conversation)).all()
    assert [turn.number for turn in kept] == [0, 1]
    assert all(turn.document for turn in kept)
    assert [message.state for message in spoken] == ["delivered", "delivered"]
    assert not tasks
    assert len(open_ones) == 1
