"""A call from its placing to its last report, used as the bank uses Twilio."""

import re

from carrier_on_test import ACCOUNT, SENDER, until

CUSTOMER = "+8613800000001"
ASK = '<Gather input="speech dtmf" language="cmn-Hans-CN" action="/said" actionOnEmptyResult="true"><Say language="cmn-CN">请问是王先生本人吗</Say></Gather>'
EVENTS = ["initiated", "ringing", "answered", "completed"]


def test_a_call_is_placed_rings_is_answered_asks_and_ends(carrier, bank):
    carrier.rate(60)
    carrier.pin(CUSTOMER, "willing_now")
    url = bank.document("/answer", ASK)
    bank.document("/said", "<Say>好的再见</Say><Hangup/>")
    answer = carrier.post(
        "/Calls.json",
        To=CUSTOMER,
        From=SENDER,
        Url=url,
        StatusCallback=bank.base + "/status",
        StatusCallbackEvent=EVENTS,
    )
    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["direction"]) == (201, "queued", "outbound-api")
    assert re.fullmatch(r"CA[0-9a-f]{32}", shown["sid"])
    call = carrier.over(shown["sid"])
    assert (call["lines"][-3]["who"], call["lines"][-3]["text"]) == ("bank", "请问是王先生本人吗")
    said = bank.wait("/said")[0]
    assert said.signed
    assert said.form["SpeechResult"] == call["lines"][-2]["text"]
    assert 0.8 < float(said.form["Confidence"]) <= 1
    assert bank.at("/answer")[0].form | {
        "CallStatus": "in-progress",
        "CallSid": shown["sid"],
        "AccountSid": ACCOUNT,
    } == (bank.at("/answer")[0].form)
    reports = sorted(bank.wait("/status", 4), key=lambda r: int(r.form["SequenceNumber"]))
    assert [r.form["CallStatus"] for r in reports] == ["initiated", "ringing", "in-progress", "completed"]
    assert all(r.signed and r.form["CallbackSource"] == "call-progress-events" for r in reports)
    assert int(reports[-1].form["CallDuration"]) >= 4
    assert carrier.twilio.calls(shown["sid"]).fetch().status == "completed"


def test_a_person_answers_presses_a_key_and_is_redirected(carrier, bank):
    carrier.rate(30)
    carrier.take(CUSTOMER)
    bank.document("/said", "<Redirect>/last</Redirect>")
    bank.document("/last", "<Say>谢谢</Say>")
    sid = carrier.call(CUSTOMER, bank.document("/answer", ASK.replace("dtmf", "dtmf") + "<Hangup/>"))
    until(lambda: carrier.control.post(f"/control/calls/{CUSTOMER}/answer").status_code == 200)
    until(lambda: carrier.act(CUSTOMER, digits="1#").status_code == 200)
    call = carrier.over(sid)
    assert bank.at("/said")[0].form["Digits"] == "1"
    assert call["lines"][-1]["text"] == "谢谢"
    assert call["ended_by"] == "bank"
