"""Documents of TwiML: what is refused, and what each verb does on a line."""

import pytest
from carrier_on_test import SENDER, until

from local_carrier.twiml.document import read
from local_carrier.twiml.troubles import TroubleError

CUSTOMER = "+8613800000001"
STAFF = "+8613911110000"
ALLOWED = [
    '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">您好</Say>',
    '<Say language="cmn-CN" voice="Google.cmn-CN-Chirp3-HD-Aoede" loop="2">您<break time="1s"/>好</Say>',
    (
        '<Gather input="speech dtmf" language="cmn-Hans-CN" speechTimeout="auto" speechModel="googlev2_telephony" timeout="4" '
        'hints="上午,下午" bargeIn="true" maxSpeechTime="20" profanityFilter="false" actionOnEmptyResult="true" action="/a?t=1" '
        'numDigits="1" finishOnKey="#" enhanced="true" partialResultCallback="/p"><Say>您好</Say><Pause length="1"/></Gather>'
    ),
    '<Pause length="3"/><Play loop="1">https://bank.example/a.wav</Play><Redirect method="GET">/x</Redirect>',
    '<Dial timeout="20" action="/d" callerId="+13125550199"><Number url="/whisper">+8613911110000</Number></Dial>',
    '<Start><Recording channels="dual" recordingStatusCallback="/r"/></Start><Stop><Recording/></Stop>',
    '<Record maxLength="30" timeout="3" playBeep="false" action="/m"/><Reject reason="busy"/>',
]
REFUSED = [
    ("<Response><Say>您好</Response>", 12100),
    ("", 12100),
    ("您好", 12100),
    ("<Response><Say>\x0b</Say></Response>", 12100),
    ('<!DOCTYPE x [<!ENTITY e "e">]><Response><Say>&e;</Say></Response>', 12100),
    ("<Answer/>", 12200),
    ("<Response><Sing>啦</Sing></Response>", 12200),
    ("<Response>words</Response>", 12200),
    ("<Response><Say></Say></Response>", 12200),
    ("<Response><Say>" + "长" * 4097 + "</Say></Response>", 12200),
    ('<Response><Say speed="2">您好</Say></Response>', 12200),
    ('<Response><Say language="zh">您好</Say></Response>', 12200),
    ('<Response><Say voice="Zhiyu">您好</Say></Response>', 12200),
    ('<Response><Gather input="voice"/></Response>', 12200),
    ('<Response><Gather language="cmn-CN"/></Response>', 12200),
    ('<Response><Gather timeout="-1"/></Response>', 12200),
    ('<Response><Gather speechTimeout="soon"/></Response>', 12200),
    ('<Response><Gather bargeIn="yes"/></Response>', 12200),
    ('<Response><Gather method="PUT"/></Response>', 12200),
    ("<Response><Gather><Hangup/></Gather></Response>", 12200),
    ("<Response><Hangup>bye</Hangup></Response>", 12200),
    ('<Response><Dial callerId="bank">+8613911110000</Dial></Response>', 12200),
    ("<Response><Number>+8613911110000</Number></Response>", 12200),
    ("<Response><say>您好</say></Response>", 12200),
]


@pytest.fixture
def perform(carrier, bank):
    """Perform a document on a call to somebody who keeps silent, and hand back the call."""

    def run(document, persona="silent", status="completed", pages=None, **form):
        carrier.rate(200)
        carrier.pin(CUSTOMER, persona)
        for path, page in (pages or {}).items():
            bank.document(path, page)
        return carrier.over(carrier.call(CUSTOMER, bank.document("/answer", document), **form), status, 20)

    return run


def said(call):
    return [line["text"] for line in call["lines"] if line["who"] == "bank"]


@pytest.mark.parametrize("inside", ALLOWED)
def test_what_twilio_knows_is_read(inside):
    assert read(f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>")


@pytest.mark.parametrize(("document", "code"), REFUSED)
def test_what_twilio_does_not_know_is_refused(document, code):
    with pytest.raises(TroubleError) as trouble:
        read(document)
    assert trouble.value.code == code


@pytest.mark.parametrize(("document", "code"), [("<Sing>啦</Sing>", 12200), ("<?xml version='1.0'?><Response>", 12100)])
def test_a_bad_document_ends_the_call_with_an_error_that_is_heard(carrier, perform, document, code):
    call = perform(document)
    assert "应用程序出现错误" in call["lines"][-1]["text"]
    assert call["lines"][-1]["who"] == "carrier"
    assert carrier.control.get("/control/alerts").json()[-1]["error_code"] == code


def test_a_server_error_leads_to_the_fallback_and_then_to_the_end(carrier, bank, perform):
    bank.answer(500, 500)
    call = perform("<Say>您好</Say>", FallbackUrl=bank.base + "/fallback")
    assert bank.at("/fallback")[0].form["ErrorCode"] == "11200"
    assert call["lines"][-1]["who"] == "carrier"


def test_sounds_are_heard_in_order(perform):
    call = perform(
        '<Say loop="2">您好</Say><Play>/a.wav</Play><Pause length="2"/><Say>再<sub alias="会">见</sub></Say>'
    )
    assert said(call) == ["您好", "您好", "[/a.wav]", "再会"]
    assert call["seconds"] > 4


def test_an_empty_gather_falls_to_the_next_verb_unless_it_wants_to_know(bank, perform):
    gather = '<Gather input="speech" timeout="2" action="/said"{}><Say>在吗</Say></Gather>'
    call = perform(gather.format("") + "<Say>没听到</Say>", pages={"/said": "<Say>到了</Say>"})
    assert said(call) == ["在吗", "没听到"]
    assert not bank.at("/said")
    call = perform(
        gather.format(' actionOnEmptyResult="true"') + "<Say>没听到</Say>", pages={"/said": "<Say>到了</Say>"}
    )
    assert said(call) == ["在吗", "到了"]
    assert "SpeechResult" not in bank.at("/said")[0].form


def test_a_gather_without_an_action_asks_the_same_document_again(bank, perform):
    perform('<Gather input="dtmf"><Say>请按键</Say></Gather>', persona="presses_zero", TimeLimit="30")
    assert [r.form.get("Digits") for r in bank.at("/answer")][:2] == [None, "0"]


def test_without_barge_in_the_bank_speaks_to_its_end(perform):
    prompt = "您好，" * 20
    gather = '<Gather input="speech" timeout="2" action="/said" bargeIn="{}"><Say>{}</Say></Gather>'
    cuts = [
        next(
            line["cut"]
            for line in perform(gather.format(barge, prompt), persona="interrupts")["lines"]
            if line["who"] == "bank"
        )
        for barge in ("true", "false")
    ]
    assert cuts == [True, False]


def test_keys_end_with_the_wanted_number_or_the_finish_key(carrier, bank, perform):
    carrier.pin(CUSTOMER, "opts_out_word")
    perform('<Gather numDigits="1" action="/k" timeout="60"/>', persona="opts_out_word", pages={"/k": "<Hangup/>"})
    assert bank.at("/k")[0].form["Digits"] == "9"


def test_automatic_ends_of_speech_with_the_usual_model_are_warned_of(carrier, perform):
    perform('<Gather input="speech" speechTimeout="auto" timeout="1"/>')
    assert carrier.control.get("/control/alerts").json()[-1]["error_code"] == 13335


def test_partial_results_are_told(bank, perform):
    perform(
        f'<Gather input="speech" action="/said" partialResultCallback="{bank.base}/part"><Say>请问是您本人吗</Say></Gather>',
        persona="willing_now",
        pages={"/said": "<Hangup/>"},
    )
    assert bank.wait("/part")[0].form["StableSpeechResult"] == bank.at("/said")[0].form["SpeechResult"]


def test_a_redirect_may_be_a_get(bank, perform):
    perform('<Redirect method="GET">/other?x=1</Redirect>', pages={"/other": "<Hangup/>"})
    assert bank.at("/other")[0].method == "GET"
    assert bank.at("/other")[0].signed


def test_a_dial_whispers_talks_and_tells_how_it_went(carrier, bank, perform):
    dial = f'<Dial action="/dialled" timeout="20"><Number url="/whisper" statusCallback="/leg">{STAFF}</Number></Dial>'
    call = perform(dial, pages={"/whisper": "<Say>有客户找您</Say>", "/dialled": "<Hangup/>"})
    form = bank.at("/dialled")[0].form
    assert (form["DialCallStatus"], form["DialBridged"], int(form["DialCallDuration"]) > 15) == (
        "completed",
        "true",
        True,
    )
    assert call["lines"][-1]["who"] == "dialled"
    leg = carrier.twilio.calls(form["DialCallSid"]).fetch()
    assert (leg.direction, leg.parent_call_sid, leg.to, leg.status) == (
        "outbound-dial",
        call["sid"],
        STAFF,
        "completed",
    )
    assert said(carrier.heard(leg.sid)) == ["有客户找您"]
    assert bank.wait("/leg")[0].form["CallSid"] == leg.sid


def test_a_dial_that_takes_too_little_time_is_not_answered(bank, perform):
    perform(f'<Dial action="/dialled" timeout="3">{STAFF}</Dial>', pages={"/dialled": "<Hangup/>"})
    assert bank.at("/dialled")[0].form["DialCallStatus"] == "no-answer"


def test_a_whisper_that_hangs_up_declines_the_callee(bank, perform):
    dial = f'<Dial action="/dialled"><Number url="/whisper">{STAFF}</Number></Dial>'
    perform(dial, pages={"/whisper": "<Hangup/>", "/dialled": "<Hangup/>"})
    assert bank.at("/dialled")[0].form["DialBridged"] == "false"


def test_a_caller_that_is_not_ours_cannot_dial(carrier, perform):
    perform(f'<Dial callerId="+13125550100">{STAFF}</Dial>')
    assert carrier.control.get("/control/alerts").json()[-1]["error_code"] == 13214


def test_a_dialled_leg_ends_when_the_callee_hangs_up(carrier, bank):
    carrier.rate(20)
    carrier.take(CUSTOMER)
    sid = carrier.call(CUSTOMER, bank.document("/answer", f"<Dial>{STAFF}</Dial>"))
    until(lambda: carrier.control.post(f"/control/calls/{CUSTOMER}/answer").status_code == 200)
    leg = until(lambda: carrier.twilio.calls.list(to=STAFF, status="in-progress"))[0]
    carrier.act(CUSTOMER, hang_up=True)
    assert carrier.over(sid)["ended_by"] == "callee"
    assert until(lambda: carrier.twilio.calls(leg.sid).fetch().status == "completed")


def test_a_record_verb_hands_over_what_was_said(bank, perform):
    perform('<Record action="/message" timeout="4"/>', persona="silent", pages={"/message": "<Hangup/>"})
    assert not bank.at("/message")
    call = perform('<Record action="/message" timeout="4"/>', persona="willing_now", pages={"/message": "<Hangup/>"})
    form = bank.at("/message")[0].form
    assert int(form["RecordingDuration"]) > 3
    assert form["RecordingUrl"].endswith("/Recordings/" + form["RecordingSid"])
    assert call["lines"][1] | {"text": "beep", "kind": "sound"} == call["lines"][1]


def test_a_recording_beside_the_talk_is_told_of_when_it_stops(carrier, bank, perform):
    start = f'<Start><Recording channels="dual" recordingStatusCallback="{bank.base}/tape"/></Start>'
    call = perform(start + '<Pause length="5"/><Stop><Recording/></Stop><Pause length="5"/>')
    form = bank.wait("/tape")[0].form
    assert (form["RecordingSource"], form["RecordingChannels"], form["CallSid"]) == (
        "StartCallRecordingAPI",
        "2",
        call["sid"],
    )
    assert 4 <= int(form["RecordingDuration"]) <= 12
    assert carrier.twilio.calls(call["sid"]).fetch()._from == SENDER
