"""Every document that leaves parses, knows only what Twilio knows, and lets nobody talk over what must be heard."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_carrier.twiml.document import read
from outreach.carrier import twiml
from outreach.carrier.speech import HangUp, Listen, Speech, Transfer, Voice, Wait
from outreach.carrier.twiml import Addresses

VOICE = Voice()
HERE = Addresses("https://bank.example/twilio/voice/1", 4)
THEN = st.one_of(
    st.just(HangUp()),
    st.just(Wait()),
    st.just(Transfer("+8613800138000")),
    st.builds(
        Listen,
        barge_in=st.booleans(),
        hints=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"])), max_size=600).map(tuple),
    ),
)
PIECES = st.lists(st.text(st.characters()), max_size=6).map(tuple)


def test_an_empty_answer_says_nothing():
    document = ET.fromstring(twiml.empty())
    assert document.tag == "Response"
    assert list(document) == []
    assert not document.text


@given(pieces=PIECES, protected=PIECES, then=THEN)
def test_whatever_is_said_makes_a_document_that_twilio_performs(pieces, protected, then):
    verbs = read(twiml.spoken(Speech(pieces, then, protected), VOICE, HERE))
    assert verbs[-1].name in {"Hangup", "Redirect", "Dial"}


@pytest.mark.parametrize("piece", ["\x0b", "a\x00b", "\ud800", "<Say>", "&amp;", "]]>", "字" * 5000, ""])
def test_what_xml_cannot_hold_is_left_out_and_the_rest_is_said(piece):
    [say, _] = read(twiml.spoken(Speech((f"好{piece}的",)), VOICE))
    assert say.words.startswith("好")
    assert len(say.words) <= 4096


def test_a_listening_turn_speaks_inside_the_gather_and_asks_again_where_the_recogniser_fails():
    say, gather, redirect = read(
        twiml.spoken(Speech(("您好吗？",), Listen(hints=("好", "不好")), ("我是机器人。",)), VOICE, HERE)
    )
    assert say.words == "我是机器人。"
    assert gather.inside[0].words == "您好吗？"
    assert redirect.words == gather.get("action") == HERE.turn
    assert gather.attributes == {
        "input": "speech dtmf",
        "language": "cmn-Hans-CN",
        "action": HERE.turn,
        "method": "POST",
        "timeout": "5",
        "speechTimeout": "auto",
        "speechModel": "googlev2_telephony",
        "hints": "好,不好",
        "actionOnEmptyResult": "true",
        "bargeIn": "true",
        "numDigits": "1",
        "finishOnKey": "",
    }


def test_a_step_that_is_to_be_heard_out_lets_nobody_talk_into_it():
    gather, _ = read(twiml.spoken(Speech(("您好",), Listen(barge_in=False)), VOICE, HERE))
    assert gather.get("bargeIn") == "false"


def test_the_end_hangs_up_and_a_wait_asks_for_the_turn_before():
    assert read(twiml.spoken(Speech(("再见。",)), VOICE, HERE))[-1].name == "Hangup"
    wait = read(twiml.spoken(Speech(("稍等。",), Wait()), VOICE, HERE))[-1]
    assert wait.words == "https://bank.example/twilio/voice/1/turn/3/wait"


def test_a_transfer_whispers_to_whoever_takes_the_call():
    say, dial = read(twiml.spoken(Speech(("马上转接。",), Transfer("+861012345678")), VOICE, HERE))
    assert say.words == "马上转接。"
    assert dial.get("action") == HERE.dialled
    assert dial.inside[0].get("url") == HERE.whisper
    assert [verb.name for verb in read(twiml.whispered(Speech(("客户来电",)), VOICE))] == ["Say"]


def test_so_many_hints_as_twilio_takes_and_no_half_one():
    hints = tuple(f"第{number}句话说得不短" for number in range(900))
    gather, _ = read(twiml.spoken(Speech((), Listen(hints=hints)), VOICE, HERE))
    given_hints = gather.get("hints").split(",")
    assert len(given_hints) <= 500
    assert set(given_hints) <= set(hints)
