"""The Calls and Recordings resources, used through Twilio's own client and by literal requests."""

import io
import wave
from datetime import timedelta

import pytest
from carrier_on_test import SENDER, until
from twilio.base.exceptions import TwilioRestException

CUSTOMER = "+8613800000001"
FORM = {"To": CUSTOMER, "From": SENDER, "Url": "http://127.0.0.1:9/answer"}


def refusal(carrier, path="/Calls.json", **form):
    answer = carrier.post(path, **{k: v for k, v in form.items() if v is not None})
    return answer.json()["code"], answer.status_code


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"To": ""}, (21201, 400)),
        ({"To": "12"}, (21217, 400)),
        ({"To": "+8612345678901"}, (21217, 400)),
        ({"To": "+33612345678"}, (21215, 400)),
        ({"From": ""}, (21213, 400)),
        ({"From": "bank"}, (21212, 400)),
        ({"From": "+13125550100"}, (21210, 400)),
        ({"Url": None}, (21205, 400)),
        ({"Twiml": "<Response/>"}, (21205, 400)),
        ({"Url": "not a url"}, (21205, 400)),
        ({"Url": None, "ApplicationSid": "AP" + "0" * 32}, (21218, 400)),
        ({"Url": None, "Twiml": "<Response>" + " " * 4000 + "</Response>"}, (20001, 400)),
        ({"Method": "PUT"}, (20001, 400)),
        ({"Timeout": "0"}, (20001, 400)),
        ({"Timeout": "601"}, (20001, 400)),
        ({"TimeLimit": "long"}, (20001, 400)),
        ({"MachineDetection": "Disable"}, (20001, 400)),
        ({"AsyncAmd": "maybe"}, (20001, 400)),
        ({"StatusCallback": "http://[bad"}, (21609, 400)),
        ({"StatusCallbackEvent": "answerd"}, (20001, 400)),
        ({"RecordingTrack": "left"}, (20001, 400)),
        ({"To": "+15005550001"}, (21217, 400)),
        ({"To": "+15005550002"}, (21214, 400)),
        ({"To": "+15005550003"}, (21215, 400)),
        ({"To": "+15005550004"}, (21216, 400)),
        ({"From": "+15005550001"}, (21210, 400)),
    ],
)
def test_a_bad_field_is_refused_with_twilios_code(carrier, form, expected):
    assert refusal(carrier, **(FORM | form)) == expected
    assert carrier.counters()["calls_placed"] == 0


def test_a_fixed_line_may_be_called_though_not_texted(carrier):
    assert carrier.post("/Calls.json", **FORM | {"To": "+861088888888"}).status_code == 201


def test_the_magic_sender_is_accepted_and_nothing_follows(carrier, bank):
    form = FORM | {"From": "+15005550006", "StatusCallback": bank.base + "/status"}
    sid = carrier.post("/Calls.json", **form).json()["sid"]
    assert carrier.twilio.calls(sid).fetch().status == "queued"
    assert carrier.twilio.calls(sid).update(status="canceled").status == "canceled"
    assert not bank.heard


def test_only_the_end_is_reported_unless_more_is_asked_for(carrier, bank):
    carrier.rate(100)
    carrier.pin(CUSTOMER, "silent")
    sid = carrier.call(
        CUSTOMER, Twiml="<Response><Pause/></Response>", StatusCallback=bank.base + "/status?c=7#rc=2&rp=5xx"
    )
    carrier.over(sid)
    report = bank.wait("/status?c=7")[0]
    assert (
        report.form | {"CallSid": sid, "CallStatus": "completed", "SequenceNumber": "0", "Direction": "outbound-api"}
        == report.form
    )
    assert report.signed
    assert len(bank.heard) == 1


def test_a_ringing_call_is_canceled_and_cannot_be_ended_again(carrier, bank):
    carrier.pin(CUSTOMER, "rings_out")
    sid = carrier.call(CUSTOMER, bank.base, StatusCallback=bank.base + "/status")
    until(lambda: carrier.twilio.calls(sid).fetch().status == "ringing")
    assert carrier.twilio.calls(sid).update(status="canceled").status == "canceled"
    assert bank.wait("/status")[0].form["CallStatus"] == "canceled"
    with pytest.raises(TwilioRestException) as late:
        carrier.twilio.calls(sid).update(status="completed")
    assert late.value.code == 21220


def test_a_call_that_goes_on_is_redirected_and_completed_but_not_canceled(carrier, bank):
    carrier.rate(20)
    carrier.pin(CUSTOMER, "silent")
    bank.document("/other", "<Say>改一下</Say><Pause length='600'/>")
    sid = carrier.call(CUSTOMER, bank.document("/answer", "<Pause length='600'/>"))
    assert refusal(carrier, f"/Calls/{sid}.json", Url=bank.base + "/other") == (21220, 400)
    until(lambda: carrier.twilio.calls(sid).fetch().status == "in-progress")
    carrier.twilio.calls(sid).update(url=bank.base + "/other")
    until(lambda: "改一下" in [line["text"] for line in carrier.heard(sid)["lines"]])
    carrier.twilio.calls(sid).update(twiml="<Response><Say>再改</Say><Pause length='600'/></Response>")
    until(lambda: "再改" in [line["text"] for line in carrier.heard(sid)["lines"]])
    assert carrier.twilio.calls(sid).update(status="canceled").status == "in-progress"
    assert carrier.twilio.calls(sid).update(status="completed").status == "completed"
    assert carrier.heard(sid)["ended_by"] == "api"
    assert refusal(carrier, f"/Calls/{sid}.json", Status="busy") == (20001, 400)


def test_the_time_limit_ends_a_call(carrier):
    carrier.rate(100)
    carrier.pin(CUSTOMER, "silent")
    sid = carrier.call(CUSTOMER, Twiml="<Response><Pause length='900'/></Response>", TimeLimit=30)
    call = carrier.over(sid)
    assert (call["ended_by"], 29 <= call["seconds"] <= 45) == ("limit", True)


def test_nobody_answers_within_the_timeout(carrier):
    carrier.rate(100)
    carrier.pin(CUSTOMER, "voicemail")  # picks up after 18 seconds at least
    carrier.over(carrier.call(CUSTOMER, Twiml="<Response/>", Timeout=10), "no-answer")


def test_lists_are_narrowed_and_paged(carrier):
    carrier.rate(100)
    numbers = [f"+86138000000{n:02d}" for n in range(5)]
    for number in numbers:
        carrier.pin(number, "engaged")
    sids = [carrier.call(number, Twiml="<Response/>") for number in numbers]
    for sid in sids:
        carrier.over(sid, "busy")
    assert [c.sid for c in carrier.twilio.calls.list(page_size=2)] == sids[::-1]
    assert [c.sid for c in carrier.twilio.calls.list(to=numbers[3])] == [sids[3]]
    assert len(carrier.twilio.calls.list(from_=SENDER, status="busy")) == 5
    assert carrier.twilio.calls.list(status="completed") == []
    started = carrier.twilio.calls(sids[0]).fetch().start_time
    day = timedelta(days=1)
    assert len(carrier.twilio.calls.list(start_time_after=started)) == 5
    assert carrier.twilio.calls.list(start_time_after=started + day) == []
    assert carrier.twilio.calls.list(start_time_before=started - day) == []
    assert carrier.get("/Calls.json", StartTime="someday").json()["code"] == 20001


def test_a_finished_call_can_be_deleted_and_a_live_one_not(carrier):
    carrier.pin(CUSTOMER, "rings_out")
    sid = carrier.call(CUSTOMER, Twiml="<Response/>")
    with pytest.raises(TwilioRestException) as early:
        carrier.twilio.calls(sid).delete()
    assert early.value.code == 20009
    carrier.twilio.calls(sid).update(status="canceled")
    assert carrier.twilio.calls(sid).delete()
    assert carrier.get(f"/Calls/{sid}.json").json()["code"] == 20404


def test_a_recorded_call_leaves_a_recording_that_can_be_heard_and_deleted(carrier, bank):
    carrier.rate(100)
    carrier.pin(CUSTOMER, "silent")
    sid = carrier.call(
        CUSTOMER,
        Twiml="<Response><Pause length='10'/></Response>",
        Record="true",
        RecordingChannels="dual",
        RecordingStatusCallback=bank.base + "/tape",
        StatusCallback=bank.base + "/status",
    )
    carrier.over(sid)
    told = bank.wait("/tape")[0]
    recording = carrier.twilio.calls(sid).recordings.list()[0]
    assert told.signed
    assert told.form["RecordingSid"] == recording.sid
    assert (
        told.form | {"RecordingStatus": "completed", "RecordingSource": "OutboundAPI", "RecordingChannels": "2"}
        == told.form
    )
    assert 9 <= int(told.form["RecordingDuration"]) <= 20
    assert bank.wait("/status")[0].form["RecordingUrl"] == told.form["RecordingUrl"]
    sound = carrier.get(f"/Recordings/{recording.sid}.wav")
    assert sound.headers["Content-Type"] == "audio/x-wav"
    with wave.open(io.BytesIO(sound.content)) as wav:
        assert (wav.getnchannels(), wav.getframerate(), wav.getnframes() > 0) == (2, 8000, True)
    assert carrier.twilio.recordings(recording.sid).fetch().call_sid == sid
    assert carrier.twilio.recordings(recording.sid).delete()
    assert carrier.twilio.calls(sid).recordings.list() == []
    assert carrier.get(f"/Recordings/{recording.sid}.wav").json()["code"] == 20404


@pytest.mark.parametrize(
    ("who", "detection", "found"),
    [
        ("willing_now", "Enable", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
        ("invalid_number_announced", "Enable", "unknown"),
    ],
)
def test_the_detection_comes_with_the_first_request_or_later_by_itself(carrier, bank, who, detection, found):
    carrier.rate(100)
    carrier.pin(CUSTOMER, who)
    url = bank.document("/answer", "<Pause length='40'/>")
    carrier.over(carrier.call(CUSTOMER, url, MachineDetection=detection), seconds=15)
    assert bank.at("/answer")[0].form["AnsweredBy"] == found
    assert int(bank.at("/answer")[0].form["MachineDetectionDuration"]) > 1000
    sid = carrier.call(
        CUSTOMER, url, MachineDetection=detection, AsyncAmd="true", AsyncAmdStatusCallback=bank.base + "/amd"
    )
    call = carrier.over(sid, seconds=15)
    assert "AnsweredBy" not in bank.at("/answer")[1].form
    assert bank.wait("/amd")[0].form | {"AnsweredBy": found, "CallSid": sid} == bank.at("/amd")[0].form
    assert call["answered_by"] == found


def test_fifty_calls_go_on_at_once(carrier, bank):
    carrier.rate(20)
    numbers = [f"+86138000001{n:02d}" for n in range(50)]
    for number in numbers:
        carrier.pin(number, "willing_now")
    ask = '<Gather input="speech" timeout="6" speechTimeout="1" action="/{}" actionOnEmptyResult="true"><Say>{}</Say></Gather>'
    bank.document("/two", ask.format("three", "您看今天上午还是下午有空过来"))
    bank.document("/three", "<Say>好的再见</Say>")
    url = bank.document("/answer", ask.format("two", "请问是您本人吗"))
    sids = [carrier.call(number, url) for number in numbers]
    calls = [carrier.over(sid, seconds=30) for sid in sids]
    assert all(r.form.get("SpeechResult") for path in ("/two", "/three") for r in bank.at(path))
    assert len(bank.at("/three")) == 50
    assert max(call["seconds"] for call in calls) < 45
