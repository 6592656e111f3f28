"""The fault plan: each fault as the bank would meet it."""

import time

import httpx
import pytest
from carrier_on_test import SENDER

CUSTOMER = "+8613800000001"
OTHER = "+8613800000002"
FORM = {"To": CUSTOMER, "From": SENDER, "Body": "您好"}


def rule(do, op="create", match=None, **more):
    return {"match": {"op": op} | (match or {}), "do": do} | more


def accepted(carrier):
    return len(carrier.twilio.messages.list(to=CUSTOMER))


def test_accept_then_500_leaves_a_message_behind(carrier):
    carrier.faults(rule("accept_then_500"))
    answer = carrier.post(**FORM)
    assert (answer.status_code, answer.json()["code"], accepted(carrier)) == (500, 20500, 1)


def test_refuse_500_leaves_none(carrier):
    carrier.faults(rule("refuse_500"))
    assert carrier.post(**FORM).status_code == 500
    assert accepted(carrier) == 0
    assert carrier.counters()["texts"] == [{"to": CUSTOMER, "body": "您好", "posts": 1, "accepted": 0}]


@pytest.mark.parametrize("taken", [True, False])
def test_a_reset_cuts_the_connection_without_an_answer(carrier, taken):
    carrier.faults(rule("reset", accepted=taken))
    with pytest.raises(httpx.TransportError):
        carrier.post(**FORM)
    assert accepted(carrier) == taken


def test_a_hang_outlasts_an_impatient_client_and_then_cuts(carrier):
    carrier.faults(rule("hang", seconds=0.6, match={"nth": 1}), rule("hang", seconds=0.1))
    with pytest.raises(httpx.ReadTimeout):
        carrier.post(timeout=0.3, **FORM)
    with pytest.raises(httpx.RemoteProtocolError):
        carrier.post(**FORM)
    assert accepted(carrier) == 2


def test_a_delayed_answer_comes_after_the_callbacks(carrier, bank):
    carrier.faults(rule("delay", seconds=0.5))
    began = time.monotonic()
    answer = carrier.post(**FORM, StatusCallback=bank.base + "/status")
    assert time.monotonic() - began >= 0.5
    assert answer.json()["status"] == "queued"
    assert len(bank.at("/status")) == 3


def test_throttling_ends_by_itself(carrier):
    carrier.faults(rule("throttle_429", seconds=0.4))
    answers = [carrier.post(**FORM) for _ in range(2)]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(429, 20429)] * 2
    time.sleep(0.5)
    assert carrier.post(**FORM).status_code == 201
    assert accepted(carrier) == 1


def test_a_rule_can_be_about_one_number_or_one_turn(carrier):
    carrier.faults(rule("refuse_500", match={"number": OTHER}), rule("refuse_500", match={"nth": 2}))
    assert [carrier.post(**FORM).status_code for _ in range(3)] == [201, 500, 201]
    assert carrier.post(**FORM | {"To": OTHER}).status_code == 500
    seen = [(r["seen"], r["applied"]) for r in carrier.control.get("/control/faults").json()]
    assert seen == [(1, 1), (3, 1)]


def test_a_share_hits_the_same_requests_in_every_run(carrier):
    def run():
        carrier.faults(rule("refuse_500", match={"share": 0.4}))
        return [carrier.post(**FORM).status_code for _ in range(25)]

    first = run()
    assert 4 <= first.count(500) <= 16
    assert run() == first


def test_dropped_callbacks_never_come(carrier, bank):
    carrier.faults(rule("drop", op="status"))
    carrier.settled(carrier.text(CUSTOMER, status_callback=bank.base + "/status").sid)
    time.sleep(0.2)
    assert not bank.heard


def test_an_inbound_text_can_arrive_five_times(carrier, bank):
    carrier.inbound_url(bank.base + "/in")
    carrier.faults(rule("duplicate", op="inbound", times=5))
    carrier.say(CUSTOMER, "好的")
    heard = bank.wait("/in", 5)
    assert len({h.form["MessageSid"] for h in heard}) == 1


def test_a_reordered_text_arrives_after_the_next(carrier, bank):
    carrier.inbound_url(bank.base + "/in")
    carrier.faults(rule("reorder", op="inbound", match={"nth": 1}))
    carrier.say(CUSTOMER, "第一条")
    time.sleep(0.1)
    carrier.say(CUSTOMER, "第二条")
    assert [h.form["Body"] for h in bank.wait("/in", 2)] == ["第二条", "第一条"]


def test_a_held_text_leaves_though_nothing_overtakes_it(carrier, bank):
    carrier.inbound_url(bank.base + "/in")
    carrier.faults(rule("reorder", op="inbound"))
    carrier.say(CUSTOMER, "只有一条")
    bank.wait("/in")


def test_a_delayed_callback_comes_late(carrier, bank):
    carrier.faults(rule("delay", op="status", seconds=0.5))
    began = time.monotonic()
    carrier.text(CUSTOMER, status_callback=bank.base + "/status")
    bank.wait("/status")
    assert time.monotonic() - began >= 0.5


@pytest.mark.parametrize(
    "bad",
    [rule("drop"), rule("hang", op="status"), rule("reset", match={"share": 2}), rule("nothing"), rule("reset", x=1)],
)
def test_a_plan_that_makes_no_sense_is_refused(carrier, bad):
    assert carrier.control.put("/control/faults", json=[bad]).status_code == 422
