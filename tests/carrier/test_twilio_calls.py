"""Calls through Twilio's API, against a carrier on this machine that answers as it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from stand_in import ACCOUNT, Breaks, Error
from test_api_contract import assert_question_described, described_form

from outreach.carrier.call_port import CallStatus, NoSuchCall, OutgoingCall
from outreach.carrier.port import NotAnswered, Refused, SendError, Sent

ADDRESS = "https://bank.example/twilio/voice/01a20b80"
PHONE = "+8613800138000"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"


def call(**changes) -> OutgoingCall:
    about = {
        "id": uuid4(), "to": PHONE, "sender": "+85264500001", "address": ADDRESS, "record": False, "to_the_beep": False,
    }  # fmt: skip
    return OutgoingCall(**{**about, **changes})


def test_a_call_is_posted_once_with_our_id_in_every_address(twilio, stand_in):
    accepted = twilio.place_call(call())
    [asked] = stand_in.asked
    assert asked.form == {
        "To": [PHONE],
        "From": ["+85264500001"],
        "Url": [f"{ADDRESS}/answer"],
        "Method": ["POST"],
        "FallbackUrl": [f"{ADDRESS}/fallback"],
        "FallbackMethod": ["POST"],
        "StatusCallback": [f"{ADDRESS}/status"],
        "StatusCallbackMethod": ["POST"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": ["25"],
        "TimeLimit": ["600"],
        "MachineDetection": ["Enable"],
        "AsyncAmd": ["true"],
        "AsyncAmdStatusCallback": [f"{ADDRESS}/machine"],
        "AsyncAmdStatusCallbackMethod": ["POST"],
    }
    assert accepted.ref in stand_in.calls


def test_a_recorded_call_tells_where_its_sound_is_announced(twilio, stand_in):
    twilio.place_call(call(record=True, to_the_beep=True))
    form = stand_in.asked[0].form
    assert (form["Record"], form["MachineDetection"]) == (["true"], ["DetectMessageEnd"])
    assert form["RecordingStatusCallback"] == [f"{ADDRESS}/recording"]


@pytest.mark.contract
@pytest.mark.parametrize("changes", [{}, {"record": True}, {"to_the_beep": True}], ids=str)
def test_a_posted_call_is_one_that_twilio_describes(twilio, stand_in, changes):
    twilio.place_call(call(**changes))
    described_form(stand_in.asked[0], several={"StatusCallbackEvent", "RecordingStatusCallbackEvent"})


@pytest.mark.contract
def test_what_is_asked_of_calls_is_what_twilio_describes(twilio, stand_in):
    ref = twilio.place_call(call()).ref
    stand_in.asked.clear()
    twilio.fetch_call(ref)
    twilio.find_calls(PHONE, datetime.now(UTC) - timedelta(hours=1))
    twilio.steer_call(ref, "<Response><Hangup/></Response>")
    twilio.steer_call(ref, None)
    for asked in stand_in.asked:
        assert_question_described(asked, ref)


@pytest.mark.parametrize(
    ("plan", "sent"),
    [
        (Breaks("resets"), Sent.UNKNOWN),
        (Breaks("ends early", taken=True), Sent.UNKNOWN),
        (Breaks("hangs", taken=True), Sent.UNKNOWN),
        (Error(500, taken=True), Sent.UNKNOWN),
        (Error(429, 20429), Sent.NO),
        (Error(400, 21217), Sent.REFUSED),
        (Error(400, 21211), Sent.REFUSED),
        (Error(403, None), Sent.REFUSED),
    ],
    ids=str,
)
def test_a_call_that_is_not_confirmed_says_what_became_of_it_and_is_not_repeated(twilio, stand_in, plan, sent):
    stand_in.planned.append(plan)
    with pytest.raises(SendError) as failure:
        twilio.place_call(call())
    assert failure.value.sent is sent
    assert stand_in.posts == 1
    assert PHONE not in str(failure.value)


def test_a_number_that_cannot_be_called_ends_as_invalid(twilio, stand_in):
    stand_in.planned.append(Error(400, 21217))
    with pytest.raises(Refused) as failure:
        twilio.place_call(call())
    assert failure.value.outcome == "invalid_number"


def test_a_call_is_found_again_by_reference_and_by_number(twilio, stand_in):
    ref = twilio.place_call(call()).ref
    assert twilio.fetch_call(ref).status is CallStatus.WAITING
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert [found.ref for found in twilio.find_calls(PHONE, hour_ago)] == [ref]
    assert twilio.find_calls(PHONE, datetime.now(UTC) + timedelta(hours=1)) == []


@pytest.mark.parametrize("ref", ["", "../Messages", "CA", "CA" + "x" * 32])
def test_a_strange_reference_never_becomes_part_of_an_address(twilio, stand_in, ref):
    for ask in (twilio.fetch_call, twilio.fetch_recording, twilio.delete_recording):
        with pytest.raises(NoSuchCall):
            ask(ref)
    with pytest.raises(NoSuchCall):
        twilio.steer_call(ref, None)
    assert stand_in.asked == []


def test_a_call_that_is_over_already_need_not_be_ended(twilio, stand_in):
    ref = twilio.place_call(call()).ref
    stand_in.planned.append(Error(400, 21220))
    twilio.steer_call(ref, None)
    stand_in.planned.append(Error(500))
    with pytest.raises(NotAnswered):
        twilio.steer_call(ref, None)


def test_a_sound_comes_as_the_bytes_it_is(twilio, stand_in):
    ref = "RE" + "1" * 32
    stand_in.sounds[ref] = bytes(range(256)) * 10
    assert twilio.fetch_recording(ref) == stand_in.sounds[ref]
    twilio.delete_recording(ref)
    assert stand_in.sounds == {}
    twilio.delete_recording(ref)
    with pytest.raises(NoSuchCall):
        twilio.fetch_recording(ref)
