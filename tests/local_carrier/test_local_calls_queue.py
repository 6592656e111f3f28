"""A carrier with one call a second of product time and two at once."""

import pytest
from carrier_on_test import SENDER, until

CUSTOMERS = [f"+86138000000{n:02d}" for n in range(4)]


@pytest.fixture
def local(slow_exchange):
    slow_exchange.control.delete("/control/state").raise_for_status()
    slow_exchange.rate(1)
    return slow_exchange


def test_calls_above_the_rate_stay_queued_until_their_turn(local):
    sids = [local.call(number, Twiml="<Response/>") for number in CUSTOMERS[:3]]
    until(lambda: local.heard(sids[0])["status"] == "initiated")
    assert [local.heard(sid)["status"] for sid in sids[1:]] == ["queued", "queued"]
    assert [c.sid for c in local.twilio.calls.list(status="queued")] == sids[::-1]
    until(lambda: local.heard(sids[1])["status"] == "initiated")
    assert local.heard(sids[2])["status"] == "queued"


def test_a_queued_call_is_canceled_before_it_rings(local):
    sids = [local.call(number, Twiml="<Response/>") for number in CUSTOMERS[:3]]
    assert local.twilio.calls(sids[2]).update(status="completed").status == "canceled"
    assert local.heard(sids[2])["lines"] == []


def test_calls_above_the_number_at_once_are_refused(local):
    local.rate(5)
    for number in CUSTOMERS[:2]:
        local.call(number, Twiml="<Response><Pause length='100'/></Response>")
    until(lambda: local.control.get("/health").json()["calls_going_on"] == 2)
    answer = local.post("/Calls.json", To=CUSTOMERS[2], From=SENDER, Twiml="<Response/>")
    assert (answer.status_code, answer.json()["code"]) == (429, 10004)


def test_a_dialled_phone_is_as_the_run_was_told(local):
    local.rate(50)
    local.pin(CUSTOMERS[0], "willing_now")
    sid = local.call(CUSTOMERS[0], Twiml="<Response><Dial>+8613911110000</Dial><Say>没有接通</Say></Response>")
    assert local.over(sid)["lines"][-1]["text"] == "没有接通"
    assert local.twilio.calls.list(to="+8613911110000")[0].status == "busy"


def test_with_personas_switched_off_only_a_person_picks_up(local):
    local.rate(100)
    local.over(local.call(CUSTOMERS[0], Twiml="<Response/>"), "no-answer")
