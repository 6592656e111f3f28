"""The Messages resource, used through Twilio's own client."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from carrier_on_test import ACCOUNT, SENDER, TOKEN, until
from twilio.base.exceptions import TwilioRestException

CUSTOMER = "+8613800000001"


def refusal(carrier, **form):
    answer = carrier.post(**({"To": CUSTOMER, "From": SENDER, "Body": "您好"} | form))
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["more_info"].endswith(str(body["code"]))
    return body["code"], answer.status_code


def test_a_text_is_queued_at_first_and_delivered_at_last(carrier):
    message = carrier.text(CUSTOMER)
    assert message.status == "queued"
    assert re.fullmatch(r"SM[0-9a-f]{32}", message.sid)
    assert (message.direction, message.price, message.error_code, message.date_sent) == (
        "outbound-api",
        None,
        None,
        None,
    )
    settled = carrier.settled(message.sid)
    assert settled.date_sent is not None
    assert settled.date_sent.tzinfo == UTC


def test_counts_are_strings_and_dates_are_rfc_2822(carrier):
    shown = carrier.post(To=CUSTOMER, From=SENDER, Body="激" * 71).json()
    assert (shown["num_segments"], shown["num_media"]) == ("2", "0")
    assert abs(parsedate_to_datetime(shown["date_created"]) - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"To": ""}, (21604, 400)),
        ({"To": "12"}, (21211, 400)),
        ({"To": "+8612345678901"}, (21211, 400)),
        ({"To": "+861088888888"}, (21614, 400)),
        ({"To": "+33612345678"}, (21408, 400)),
        ({"From": ""}, (21603, 400)),
        ({"From": "bank"}, (21212, 400)),
        ({"From": "+13125550100"}, (21606, 400)),
        ({"Body": ""}, (21602, 400)),
        ({"Body": "字" * 1601}, (21617, 400)),
        ({"ValidityPeriod": "0"}, (21624, 400)),
        ({"ValidityPeriod": "36001"}, (21624, 400)),
        ({"ValidityPeriod": "soon"}, (21624, 400)),
        ({"StatusCallback": "not a url"}, (21609, 400)),
        ({"StatusCallback": "http://[bad"}, (21609, 400)),
        ({"StatusCallback": "http://bank:99999/"}, (21609, 400)),
        ({"SendAt": "2026-12-01T00:00:00Z"}, (35118, 400)),
        ({"From": "", "MessagingServiceSid": "MG" + "0" * 32}, (21701, 400)),
    ],
)
def test_a_bad_field_is_refused_with_twilios_code(carrier, form, expected):
    assert refusal(carrier, **form) == expected
    assert carrier.counters()["accepted"] == 0


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": "+15005550001"}, 21212),
        ({"From": "+15005550007"}, 21606),
        ({"From": "+15005550008"}, 21611),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550002"}, 21612),
        ({"To": "+15005550003"}, 21408),
        ({"To": "+15005550004"}, 21610),
        ({"To": "+15005550009"}, 21614),
    ],
)
def test_magic_numbers_fail_as_with_twilios_test_credentials(carrier, form, code):
    assert refusal(carrier, **form)[0] == code


def test_the_magic_sender_is_accepted_and_nothing_follows(carrier, bank):
    answer = carrier.post(To=CUSTOMER, From="+15005550006", Body="您好", StatusCallback=bank.base + "/status")
    assert answer.status_code == 201
    carrier.settled(carrier.text("+8613800000002").sid)
    assert carrier.twilio.messages(answer.json()["sid"]).fetch().status == "queued"
    assert not bank.heard


def test_wrong_credentials_are_20003_and_another_account_is_20404(carrier):
    answer = carrier.get("/Messages.json", auth=(ACCOUNT, "wrong"))
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert "Basic" in answer.headers["WWW-Authenticate"]
    carrier.path = "/2010-04-01/Accounts/AC" + "f" * 32
    assert carrier.get("/Messages.json", auth=(ACCOUNT, TOKEN)).json()["code"] == 20404


@pytest.mark.parametrize(
    "path", ["/Messages/SM" + "0" * 32 + ".json", "/Calls/CA" + "0" * 32 + ".json", "/Nothing.json"]
)
def test_what_does_not_exist_is_20404(carrier, path):
    answer = carrier.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_lists_are_newest_first_and_narrowed_by_both_ends(carrier):
    numbers = [f"+86138000000{n:02d}" for n in range(5)]
    sids = [carrier.text(number).sid for number in numbers]
    assert [m.sid for m in carrier.twilio.messages.list()] == sids[::-1]
    assert [m.sid for m in carrier.twilio.messages.list(to=numbers[3])] == [sids[3]]
    answer = carrier.say(numbers[2], "好的")["sid"]
    assert [m.sid for m in carrier.twilio.messages.list(from_=numbers[2], to=SENDER)] == [answer]
    assert [m.sid for m in carrier.twilio.messages.list(to=SENDER)] == [answer]


def test_date_sent_filters_include_the_moment_itself(carrier):
    sid = carrier.text(CUSTOMER).sid
    sent = carrier.settled(sid).date_sent
    second = timedelta(seconds=1)

    def found(**query):
        return [m.sid for m in carrier.twilio.messages.list(to=CUSTOMER, **query)] == [sid]

    assert found(date_sent_after=sent)
    assert not found(date_sent_after=sent + second)
    assert found(date_sent_before=sent)
    assert not found(date_sent_before=sent - second)
    assert found(date_sent=sent.replace(hour=0, minute=0, second=0))
    assert not found(date_sent=sent - timedelta(days=1))
    assert carrier.get("/Messages.json", **{"DateSent>": sent.date().isoformat(), "To": CUSTOMER}).json()["messages"]
    assert carrier.get("/Messages.json", **{"DateSent>": "Wed, 19 Jun 2019 22:04:00 -0000"}).json()["messages"]
    for nonsense in ("yesterday", "9999-12-31"):
        assert carrier.get("/Messages.json", DateSent=nonsense).json()["code"] == 20001


def test_pages_show_each_message_once_though_new_ones_arrive_between(carrier):
    sids = [carrier.text(f"+86138000000{n:02d}").sid for n in range(5)]
    page = carrier.twilio.messages.page(page_size=2)
    seen = [m.sid for m in page]
    carrier.text("+8613800000099")
    while page := page.next_page():
        seen += [m.sid for m in page]
    assert seen == sids[::-1]


def test_a_final_message_can_be_emptied_and_deleted_but_not_canceled(carrier):
    sid = carrier.text(CUSTOMER, "卡号6222020000000000").sid
    carrier.settled(sid)
    assert carrier.post(f"/Messages/{sid}.json", Status="canceled").json()["code"] == 30409
    assert carrier.post(f"/Messages/{sid}.json", Body="other words").json()["code"] == 30400
    assert carrier.post(f"/Messages/{sid}.json").json()["code"] == 30400
    assert carrier.twilio.messages(sid).update(body="").body == ""
    assert carrier.twilio.messages(sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        carrier.twilio.messages(sid).fetch()
    assert gone.value.code == 20404


def test_a_waiting_message_can_be_canceled_but_not_deleted(carrier):
    sid = carrier.post(To=CUSTOMER, From="+15005550006", Body="您好").json()["sid"]
    with pytest.raises(TwilioRestException) as early:
        carrier.twilio.messages(sid).delete()
    assert early.value.code == 20009
    assert carrier.twilio.messages(sid).update(status="canceled").status == "canceled"


def test_the_number_tells_where_its_texts_go_and_can_be_changed(carrier):
    number = carrier.twilio.incoming_phone_numbers.list(phone_number=SENDER)[0]
    changed = number.update(sms_url="http://127.0.0.1:9/in", sms_method="GET", friendly_name="银行")
    assert (changed.sms_url, changed.sms_method, changed.friendly_name) == ("http://127.0.0.1:9/in", "GET", "银行")
    assert carrier.twilio.incoming_phone_numbers(number.sid).fetch().sms_url == "http://127.0.0.1:9/in"
    assert carrier.post(f"/IncomingPhoneNumbers/{number.sid}.json", SmsMethod="PUT").status_code == 400


def test_the_account_is_active(carrier):
    assert carrier.twilio.api.accounts(ACCOUNT).fetch().status == "active"


def test_the_carriers_keyword_blocks_one_sender_until_start(carrier):
    carrier.settled(carrier.text(CUSTOMER).sid)
    carrier.say(CUSTOMER, "STOP PLEASE")
    carrier.text(CUSTOMER)
    carrier.say(CUSTOMER, " stop ")
    assert refusal(carrier) == (21610, 400)
    assert carrier.control.get(f"/control/handsets/{CUSTOMER}").json()["opted_out"] == [SENDER]
    assert until(lambda: "unsubscribed" in carrier.thread(CUSTOMER)[-1]["body"])
    carrier.say(CUSTOMER, "START")
    assert carrier.text(CUSTOMER).status == "queued"
