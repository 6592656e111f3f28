"""The fault plan for calls: their placing, the requests for documents, the reports."""

import time

import httpx
import pytest
from carrier_on_test import SENDER, until

CUSTOMER = "+8613800000001"
ASK = '<Gather input="speech" action="/said" actionOnEmptyResult="true"><Say>您好请讲</Say></Gather>'


def rule(do, op="call_create", match=None, **more):
    return {"match": {"op": op} | (match or {}), "do": do} | more


@pytest.fixture
def form(carrier, bank):
    carrier.rate(100)
    carrier.pin(CUSTOMER, "willing_now")
    return {"To": CUSTOMER, "From": SENDER, "Url": bank.document("/answer", "<Hangup/>")}


def placed(carrier):
    return len(carrier.twilio.calls.list(to=CUSTOMER))


def test_a_call_can_be_placed_though_the_answer_is_a_500(carrier, form):
    carrier.faults(rule("accept_then_500"))
    answer = carrier.post("/Calls.json", **form)
    assert (answer.status_code, answer.json()["code"], placed(carrier)) == (500, 20500, 1)


def test_a_refused_call_is_not_placed(carrier, form):
    carrier.faults(rule("refuse_500"))
    assert carrier.post("/Calls.json", **form).status_code == 500
    assert placed(carrier) == 0
    assert carrier.counters()["calls"] == [{"to": CUSTOMER, "posts": 1, "placed": 0}]


def test_throttling_refuses_calls(carrier, form):
    carrier.faults(rule("throttle_429", seconds=5))
    assert [carrier.post("/Calls.json", **form).status_code for _ in range(2)] == [429, 429]
    assert placed(carrier) == 0


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("fault", [{"do": "reset"}, {"do": "hang", "seconds": 0.05}])
def test_the_answer_to_a_placing_can_be_lost(carrier, form, fault, taken):
    carrier.faults(rule(**fault, accepted=taken))
    with pytest.raises(httpx.TransportError):
        carrier.post("/Calls.json", **form)
    assert placed(carrier) == taken


def test_a_call_placed_twice_is_counted(carrier, form):
    carrier.faults(rule("accept_then_500", match={"nth": 1}))
    for _ in range(2):
        carrier.post("/Calls.json", **form)
    counts = carrier.counters()
    assert (counts["placed_twice"], counts["call_posts"], counts["calls_placed"]) == (1, 2, 2)


def test_a_document_that_never_arrives_leads_to_the_fallback(carrier, bank, form):
    carrier.faults(rule("drop", "voice", match={"nth": 1}))
    fallback = bank.document("/fallback", "<Say>请稍后再试</Say>")
    call = carrier.over(carrier.call(CUSTOMER, form["Url"], FallbackUrl=fallback))
    told = bank.at("/fallback")[0].form
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("11205", form["Url"])
    assert call["lines"][-1]["text"] == "请稍后再试"
    assert not bank.at("/answer")


def test_an_answer_can_arrive_twice_and_the_first_document_is_performed(carrier, bank):
    carrier.rate(100)
    carrier.pin(CUSTOMER, "willing_now")
    carrier.faults(rule("duplicate", "voice", match={"nth": 2}))
    bank.document("/said", "<Say>再见</Say>")
    call = carrier.over(carrier.call(CUSTOMER, bank.document("/answer", ASK)))
    first, second = bank.wait("/said", 2)
    assert first.form == second.form
    assert [line["text"] for line in call["lines"] if line["who"] == "bank"] == ["您好请讲", "再见"]


def test_a_late_document_only_makes_the_call_longer_by_its_real_time(carrier, form):
    carrier.faults(rule("delay", "voice", seconds=0.5))
    began = time.monotonic()
    call = carrier.over(carrier.call(CUSTOMER, form["Url"]))
    assert time.monotonic() - began >= 0.5
    assert call["seconds"] < 10


def test_a_dropped_report_never_comes_and_the_call_can_still_be_fetched(carrier, bank, form):
    carrier.faults(rule("drop", "call_status"))
    sid = carrier.call(CUSTOMER, form["Url"], StatusCallback=bank.base + "/status")
    carrier.over(sid)
    time.sleep(0.2)
    assert not bank.at("/status")
    assert carrier.twilio.calls(sid).fetch().status == "completed"


def test_a_report_can_come_three_times_and_late(carrier, bank, form):
    carrier.faults(
        rule("duplicate", "call_status", times=3, match={"nth": 1}), rule("delay", "call_status", seconds=0.3)
    )
    events = ["ringing", "completed"]
    carrier.call(CUSTOMER, form["Url"], StatusCallback=bank.base + "/status", StatusCallbackEvent=events)
    reports = bank.wait("/status", 4)
    assert [r.form["CallStatus"] for r in reports] == ["ringing"] * 3 + ["completed"]


def test_reports_can_overtake_each_other(carrier, bank, form):
    carrier.rate(20)
    carrier.faults(rule("reorder", "call_status", match={"nth": 1}))
    events = ["initiated", "ringing", "completed"]
    carrier.call(CUSTOMER, form["Url"], StatusCallback=bank.base + "/status", StatusCallbackEvent=events)
    reports = bank.wait("/status", 3)
    assert [r.form["SequenceNumber"] for r in reports] == ["1", "0", "2"]


@pytest.mark.parametrize("bad", [rule("drop"), rule("hang", "voice"), rule("refuse_500", "call_status")])
def test_a_plan_that_makes_no_sense_for_calls_is_refused(carrier, bad):
    assert carrier.control.put("/control/faults", json=[bad]).status_code == 422


def test_a_hundred_reports_lost_do_not_end_the_calls(carrier, bank, form):
    carrier.faults(rule("drop", "call_status"))
    sids = [carrier.call(f"+86138000001{n:02d}", form["Url"], StatusCallback=bank.base + "/s") for n in range(50)]
    until(lambda: carrier.control.get("/health").json()["calls_going_on"] == 0, 20)
    assert len({carrier.heard(sid)["status"] for sid in sids} - {"completed", "busy", "no-answer", "failed"}) == 0


def test_a_bank_that_thinks_too_long_is_given_up_and_the_fallback_asked(carrier, bank, form):
    bank.answer(0.6)
    fallback = bank.document("/fallback", "<Hangup/>")
    carrier.over(carrier.call(CUSTOMER, form["Url"] + "#rc=0&rt=200", FallbackUrl=fallback))
    assert bank.at("/fallback")[0].form["ErrorCode"] == "11200"


def test_a_request_for_a_document_is_tried_again_where_the_address_asks_for_it(carrier, bank, form):
    bank.answer(503)
    call = carrier.over(carrier.call(CUSTOMER, form["Url"] + "#rc=2&rp=5xx"))
    first, second = bank.at("/answer")
    assert first.form == second.form
    assert "i-twilio-idempotency-token" in second.headers
    assert call["ended_by"] == "bank"


def test_what_is_not_a_document_is_refused(carrier, bank, form):
    bank.documents["/answer"] = ["<?xml version='1.0'?><html/>"]
    call = carrier.over(carrier.call(CUSTOMER, form["Url"]))
    assert call["lines"][-1]["who"] == "carrier"
    assert carrier.control.get("/control/alerts").json()[-1]["error_code"] == 12200


def test_the_bank_gets_its_request_though_the_callee_hangs_up_meanwhile(carrier, bank):
    carrier.rate(20)
    carrier.take(CUSTOMER)
    bank.document("/said", "<Say>再见</Say>")
    sid = carrier.call(CUSTOMER, bank.document("/answer", ASK))
    until(lambda: carrier.control.post(f"/control/calls/{CUSTOMER}/answer").status_code == 200)
    until(lambda: bank.at("/answer"))
    bank.answer(0.5)
    carrier.act(CUSTOMER, speech="好的")
    bank.wait("/said")
    carrier.act(CUSTOMER, hang_up=True)
    assert carrier.over(sid)["ended_by"] == "callee"
    time.sleep(0.6)
    assert carrier.control.get("/control/alerts").json() == []
