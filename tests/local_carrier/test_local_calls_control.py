"""A person at a handset, through the control API: answering, rejecting, speaking, pressing, keeping silent, hanging up."""

import pytest
from carrier_on_test import until

CUSTOMER = "+8613800000001"
ASK = '<Gather input="speech dtmf" timeout="{}" speechTimeout="1" action="/said" actionOnEmptyResult="true"><Say>请问是您本人吗，这里是一段很长的话</Say></Gather>'


@pytest.fixture
def rings(carrier, bank):
    """Place a call to a handset in hand and hand back its SID when it rings."""

    def place(timeout=60):
        carrier.rate(20)
        carrier.take(CUSTOMER)
        bank.document("/said", "<Say>好的</Say><Pause length='3'/>")
        sid = carrier.call(CUSTOMER, bank.document("/answer", ASK.format(timeout)))
        until(lambda: carrier.heard(sid)["status"] == "ringing")
        return sid

    return place


@pytest.fixture
def goes_on(carrier, rings):
    def place(timeout=60):
        sid = rings(timeout)
        assert carrier.control.post(f"/control/calls/{CUSTOMER}/answer").status_code == 200
        until(lambda: carrier.heard(sid)["status"] == "in-progress")
        return sid

    return place


def test_what_is_said_waits_until_the_bank_has_asked(carrier, bank, goes_on):
    sid = goes_on()
    assert carrier.act(CUSTOMER, speech="嗯对是我", confidence=0.71).json()["status"] == "in-progress"
    call = carrier.over(sid)
    form = bank.at("/said")[0].form
    assert (form["SpeechResult"], form["Confidence"]) == ("嗯对是我", "0.71")
    assert [(line["who"], line["cut"]) for line in call["lines"]] == [
        ("bank", False),
        ("callee", False),
        ("bank", False),
    ]


def test_an_interruption_cuts_the_bank_short(carrier, bank, goes_on):
    sid = goes_on()
    until(lambda: carrier.heard(sid)["interruptible"])
    carrier.act(CUSTOMER, speech="喂", interrupt=True)
    assert carrier.over(sid)["lines"][0]["cut"]
    assert bank.at("/said")[0].form["SpeechResult"] == "喂"


def test_keys_are_pressed(carrier, bank, goes_on):
    sid = goes_on()
    carrier.act(CUSTOMER, digits="12#")
    carrier.over(sid)
    assert bank.at("/said")[0].form["Digits"] == "12"


def test_silence_lets_the_question_pass(carrier, bank, goes_on):
    sid = goes_on(timeout=3)
    carrier.act(CUSTOMER, silence=True)
    carrier.over(sid)
    assert not {"SpeechResult", "Digits"} & set(bank.at("/said")[0].form)


def test_a_hang_up_ends_the_call(carrier, goes_on):
    sid = goes_on()
    carrier.act(CUSTOMER, hang_up=True)
    assert carrier.over(sid)["ended_by"] == "callee"


def test_a_rejected_call_is_busy(carrier, rings):
    sid = rings()
    assert carrier.control.post(f"/control/calls/{CUSTOMER}/reject").status_code == 200
    assert carrier.over(sid, "busy")["sip_code"] == 603


def test_a_handset_in_hand_rings_until_the_timeout(carrier):
    carrier.rate(100)
    carrier.take(CUSTOMER)
    carrier.over(carrier.call(CUSTOMER, Twiml="<Response/>", Timeout=20), "no-answer")


def test_speaking_takes_the_phone_out_of_the_personas_hand(carrier, bank):
    carrier.rate(5)
    carrier.pin(CUSTOMER, "silent")
    bank.document("/said", "<Hangup/>")
    sid = carrier.call(CUSTOMER, bank.document("/answer", ASK.format(60)))
    until(lambda: carrier.act(CUSTOMER, speech="我来说").status_code == 200, 10)
    carrier.over(sid)
    assert bank.at("/said")[0].form["SpeechResult"] == "我来说"
    assert carrier.control.get(f"/control/handsets/{CUSTOMER}").json()["taken"]


@pytest.mark.parametrize(
    "act",
    [{}, {"speech": "好", "hang_up": True}, {"digits": "12a"}, {"speech": "好", "confidence": 2}, {"words": "好"}],
)
def test_an_act_that_makes_no_sense_is_refused(carrier, act):
    assert carrier.act(CUSTOMER, **act).status_code == 422


def test_without_a_call_there_is_nothing_to_act_on(carrier):
    carrier.take(CUSTOMER)
    assert carrier.act(CUSTOMER, speech="好").status_code == 409
    for what in ("answer", "reject"):
        assert carrier.control.post(f"/control/calls/{CUSTOMER}/{what}").status_code == 409
    assert carrier.control.get("/control/calls/CA" + "0" * 32).status_code == 404


def test_calls_are_listed_newest_first_and_by_phone(carrier):
    carrier.rate(100)
    sids = [carrier.call(f"+861380000000{n}", Twiml="<Response/>") for n in range(1, 4)]
    listed = carrier.control.get("/control/calls").json()
    assert [c["sid"] for c in listed["calls"]] == sids[::-1]
    assert carrier.control.get("/control/calls", params={"to": CUSTOMER}).json()["calls"][0]["sid"] == sids[0]
    assert carrier.control.get("/control/calls", params={"limit": 1}).json()["total"] == 3


def test_other_sites_stay_outside(carrier):
    assert carrier.control.get("/control/calls", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_clean_start_forgets_calls(carrier, rings):
    sid = rings()
    carrier.control.delete("/control/state").raise_for_status()
    assert carrier.control.get("/control/calls").json()["total"] == 0
    assert carrier.get(f"/Calls/{sid}.json").json()["code"] == 20404
    assert carrier.counters()["calls"] == []
