"""What the carrier posts to the bank: reports on texts, and the texts of handsets."""

import time

import pytest
from carrier_on_test import ACCOUNT, SENDER, until

CUSTOMER = "+8613800000001"


def test_each_change_of_status_is_reported_once_and_signed(carrier, bank):
    message = carrier.text(CUSTOMER, status_callback=bank.base + "/status/7?a=1#rc=2&rp=ct,rt,5xx")
    reports = bank.wait("/status/7", 3)
    assert sorted(r.form["MessageStatus"] for r in reports) == ["delivered", "sending", "sent"]
    assert all(r.signed and "#" not in r.url for r in reports)
    fields = {"MessageSid": message.sid, "SmsSid": message.sid, "To": CUSTOMER, "From": SENDER, "AccountSid": ACCOUNT}
    assert all(
        r.form | fields | {"ApiVersion": "2010-04-01", "SmsStatus": r.form["MessageStatus"]} == r.form for r in reports
    )


def test_an_unreachable_handset_is_reported_with_its_error_code(carrier, bank):
    carrier.pin(CUSTOMER, "unreachable_handset")
    message = carrier.text(CUSTOMER, status_callback=bank.base + "/status")
    last = next(r for r in bank.wait("/status", 3) if r.form["MessageStatus"] == "undelivered")
    assert last.form["ErrorCode"] in {"30003", "30005"}
    shown = carrier.settled(message.sid, "undelivered")
    assert str(shown.error_code) == last.form["ErrorCode"]
    assert shown.error_message


def test_an_inbound_text_is_posted_with_twilios_fields_and_signed(carrier, bank):
    carrier.inbound_url(bank.base + "/in?x=%E4%BD%A0#rc=1")
    sent = carrier.say(CUSTOMER, "好的，明天下午三点 & <b>", num_media=1)
    heard = bank.wait("/in")[0]
    assert heard.signed
    assert "I-Twilio-Idempotency-Token".lower() not in heard.headers
    expected = {
        "MessageSid": sent["sid"],
        "SmsMessageSid": sent["sid"],
        "SmsSid": sent["sid"],
        "SmsStatus": "received",
        "From": CUSTOMER,
        "To": SENDER,
        "Body": "好的，明天下午三点 & <b>",
        "NumSegments": "1",
        "NumMedia": "1",
        "FromCountry": "CN",
        "ToCountry": "US",
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
    }
    assert heard.form | expected == heard.form
    assert heard.form["MediaUrl0"]
    shown = carrier.twilio.messages(sent["sid"]).fetch()
    assert (shown.direction, shown.status, shown.body) == ("inbound", "received", expected["Body"])


def test_a_get_webhook_carries_its_fields_in_the_signed_address(carrier, bank):
    carrier.inbound_url(bank.base + "/in", sms_method="GET")
    carrier.say(CUSTOMER, "好的")
    heard = bank.wait("/in")[0]
    assert heard.method == "GET"
    assert "Body=%E5%A5%BD%E7%9A%84" in heard.url
    assert heard.signed


def test_a_server_error_is_not_tried_again_by_default_and_the_fallback_gets_it(carrier, bank):
    carrier.inbound_url(bank.base + "/in", sms_fallback_url=bank.base + "/fallback")
    bank.answer(500)
    carrier.say(CUSTOMER, "好的")
    assert bank.wait("/fallback")[0].signed
    assert len(bank.at("/in")) == 1
    assert not carrier.control.get("/control/alerts").json()[1:]


def test_the_fragment_asks_for_retries_and_they_carry_one_token(carrier, bank):
    carrier.inbound_url(bank.base + "/in#rc=2&rp=ct,rt,5xx")
    bank.answer(503, 500, 204)
    carrier.say(CUSTOMER, "好的")
    first, second, third = bank.wait("/in", 3)
    header = "i-twilio-idempotency-token"
    assert header not in first.headers
    assert second.headers[header] == third.headers[header]
    assert first.form == second.form == third.form
    time.sleep(0.1)
    assert len(bank.heard) == 3


def test_retries_end_with_their_count_and_leave_an_alert(carrier, bank):
    carrier.inbound_url(bank.base + "/in#rc=2&rp=5xx")
    bank.answer(500, 500, 500, 500)
    carrier.say(CUSTOMER, "好的")
    alert = until(lambda: carrier.control.get("/control/alerts").json())[0]
    assert (alert["tries"], alert["failure"], alert["error_code"]) == (3, "5xx", 11200)
    assert len(bank.heard) == 3


def test_a_read_timeout_is_retried_only_when_asked_for(carrier, bank):
    carrier.inbound_url(bank.base + "/in#rc=1&rp=rt&rt=200")
    bank.answer(0.6)
    carrier.say(CUSTOMER, "好的")
    assert len(bank.wait("/in", 2)) == 2


def test_the_total_time_bounds_all_tries(carrier, bank):
    carrier.inbound_url(bank.base + "/in#rc=5&rp=all&rt=300&tt=450")
    bank.answer(*[0.8] * 6)
    carrier.say(CUSTOMER, "好的")
    alert = until(lambda: carrier.control.get("/control/alerts").json())[0]
    assert (alert["tries"], alert["failure"]) == (2, "rt")


def test_a_refused_connection_is_tried_once_more_by_default(carrier):
    carrier.inbound_url("http://127.0.0.1:9/in")
    carrier.say(CUSTOMER, "好的")
    alert = until(lambda: carrier.control.get("/control/alerts").json())[0]
    assert (alert["tries"], alert["failure"], alert["error_code"]) == (2, "ct", 11205)


@pytest.mark.parametrize("body", ["", "x" * 1601])
def test_a_handset_cannot_send_nothing_or_too_much(carrier, body):
    answer = carrier.control.post(f"/control/handsets/{CUSTOMER}/messages", json={"body": body})
    assert answer.status_code == 422
