"""How texts leave through Twilio's API, and what each way of failing means."""

from __future__ import annotations

import base64
import logging
import socket
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from stand_in import ACCOUNT, KEY, MESSAGES, SECRET, Breaks, Error, dial, text, unused_port

from outreach.carrier.connections import CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS
from outreach.carrier.port import (
    CarrierError,
    FailureKind,
    NoSuchText,
    NotAnswered,
    NotSent,
    Refused,
    Throttled,
    Unknown,
)
from outreach.carrier.twilio import TwilioCarrier
from outreach.rules.delivery import MessageState


def just_now():
    return datetime.now(UTC) - timedelta(seconds=5)


def test_a_text_is_posted_once_with_all_it_needs(twilio, stand_in):
    ours = text()

    twilio.send_text(ours)

    [asked] = stand_in.asked
    assert (asked.method, asked.path) == ("POST", f"{MESSAGES}.json")
    assert asked.form == {
        "To": [ours.to],
        "From": [ours.sender],
        "Body": [ours.body],
        "StatusCallback": ["https://bank.example/tw/status/1#rc=2&rp=ct,rt,5xx"],
        "ValidityPeriod": ["3600"],
    }


def test_a_messaging_service_is_named_as_one(twilio, stand_in):
    service = "MG" + "a" * 32

    twilio.send_text(text(sender=service))

    [asked] = stand_in.asked
    assert asked.form["MessagingServiceSid"] == [service]
    assert "From" not in asked.form


@pytest.mark.parametrize(("left", "asked_for"), [(-5, "1"), (0, "1"), (1, "1"), (36_000, "36000"), (90_000, "36000")])
def test_the_validity_stays_within_twilios_bounds(twilio, stand_in, left, asked_for):
    twilio.send_text(text(valid_for_seconds=left))
    assert stand_in.asked[0].form["ValidityPeriod"] == [asked_for]


BROKEN_OFF = [
    Error(500),
    Error(500, taken=True),
    Error(500, 21610, body=b'{"type":"x","title":"x","status":400,"code":21610}'),  # the real status counts
    Error(502, body=b"<html>Bad Gateway</html>"),
    Error(503, 20503),
    Error(302),  # not followed: it would turn the POST into a GET
    Error(307),  # not followed: it would post again
    Breaks("hangs"),
    Breaks("hangs", taken=True),
    Breaks("resets"),
    Breaks("closes"),
    Breaks("ends early", taken=True),
    Breaks("resets mid-response", taken=True),
    Breaks("drips"),
    Error(201, body=b"not json"),
    Error(201, body=b"[]"),
    Error(201, body=b"{}"),
    Error(201, body=b"\xff\xfe"),
    Error(204, body=b""),
]


@pytest.mark.parametrize("plan", BROKEN_OFF, ids=repr)
def test_a_send_that_breaks_off_is_unknown_and_never_repeated(twilio, stand_in, plan):
    stand_in.planned.append(plan)

    with pytest.raises(Unknown):
        twilio.send_text(text())

    assert stand_in.posts == 1


@pytest.mark.parametrize("plan", [Breaks("hangs"), Breaks("drips")], ids=repr)
def test_a_carrier_that_does_not_finish_is_left_in_time(twilio, stand_in, plan):
    stand_in.planned.append(plan)
    begun = time.monotonic()

    with pytest.raises(Unknown):
        twilio.send_text(text())

    assert time.monotonic() - begun < 4


def test_the_shipped_timeouts_free_a_worker_within_twenty_seconds():
    assert READ_SECONDS <= 10
    assert max(CONNECT_SECONDS + READ_SECONDS, TOTAL_SECONDS) + READ_SECONDS < 20


def refuse_to_resolve(*_, **__):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize("named", [True, False], ids=["a closed port", "a name nobody knows"])
def test_without_a_connection_nothing_was_sent(monkeypatch, named):
    if not named:
        monkeypatch.setattr(socket, "getaddrinfo", refuse_to_resolve)
    carrier = dial(f"http://127.0.0.1:{unused_port()}")

    with pytest.raises(NotSent):
        carrier.send_text(text())
    with pytest.raises(NotAnswered):
        carrier.find_texts(text().to, just_now())

    carrier.close()


def test_a_connection_that_does_not_come_about_in_time_sent_nothing(monkeypatch):
    def hang(*_, **__):
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", hang)
    carrier = dial("http://192.0.2.1")

    with pytest.raises(NotSent):
        carrier.send_text(text())

    carrier.close()


def test_a_proxy_that_does_not_answer_sent_nothing(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    carrier = dial("http://carrier.invalid")

    with pytest.raises(NotSent):
        carrier.send_text(text())

    carrier.close()


def test_a_door_that_does_not_speak_tls_leaves_the_question_open(stand_in):
    # The handshake failed, so nothing was sent; yet the library does not tell it from a break later on.
    carrier = dial(stand_in.base.replace("http:", "https:"))

    with pytest.raises(Unknown):
        carrier.send_text(text())

    assert stand_in.posts == 0
    carrier.close()


@pytest.mark.parametrize(
    ("plan", "kind", "code"),
    [
        (Error(400, 21610), FailureKind.OPTED_OUT, "21610"),
        (Error(400, 21211), FailureKind.BAD_NUMBER, "21211"),
        (Error(400, 21617), FailureKind.CONTENT, "21617"),
        (Error(403, 21408), FailureKind.CONFIGURATION, "21408"),
        (Error(401, 20003), FailureKind.CONFIGURATION, "20003"),
        (Error(401, body=b"<html>"), FailureKind.CONFIGURATION, "20003"),
        (Error(404, body=b"[]"), FailureKind.CONFIGURATION, "20404"),
        (Error(400, 99999), FailureKind.TRANSIENT, "99999"),
        (Error(400, body=b'{"code":["21610"]}'), FailureKind.TRANSIENT, None),
        (Error(418), FailureKind.TRANSIENT, None),
    ],
    ids=repr,
)
def test_a_request_that_was_read_and_turned_down_is_final(twilio, stand_in, plan, kind, code):
    stand_in.planned.append(plan)

    with pytest.raises(Refused) as refusal:
        twilio.send_text(text())

    assert (refusal.value.kind, refusal.value.error_code) == (kind, code)
    assert stand_in.posts == 1


@pytest.mark.parametrize("plan", [Error(429), Error(429, 20429), Error(400, 21611), Error(400, 14107)], ids=repr)
def test_too_much_at_once_was_not_processed(twilio, stand_in, plan):
    stand_in.planned.append(plan)

    with pytest.raises(Throttled):
        twilio.send_text(text())

    assert stand_in.posts == 1


@pytest.mark.parametrize("plan", [Error(400, 21211), Error(500), Breaks("resets"), Error(201, body=b"{}")], ids=repr)
def test_no_error_quotes_the_customer_or_the_secret(twilio, stand_in, plan, caplog):
    caplog.set_level(logging.INFO)
    for ask in (twilio.send_text, lambda ours: twilio.find_texts(ours.to, just_now())):
        stand_in.planned.append(plan)
        with pytest.raises(CarrierError) as raised:
            ask(text())
        told = "".join(traceback.format_exception(raised.value)) + caplog.text
        assert raised.value.__context__ is None
        assert not any(secret in told for secret in ("13800138000", "您好", SECRET))


def test_the_key_opens_the_account(twilio, stand_in):
    twilio.send_text(text())

    asked = stand_in.asked[0].headers["Authorization"]
    assert base64.b64decode(asked.removeprefix("Basic ")).decode() == f"{KEY}:{SECRET}"


def test_connections_are_kept(twilio, stand_in):
    for _ in range(5):
        twilio.send_text(text())
    assert stand_in.connections == 1


def test_threads_share_the_pool(twilio, stand_in):
    with ThreadPoolExecutor(4) as threads:
        refs = {accepted.ref for accepted in threads.map(twilio.send_text, [text() for _ in range(40)])}
    assert len(refs) == 40
    assert stand_in.posts == 40
    assert stand_in.connections <= 4


def test_a_broken_connection_is_not_used_again(twilio, stand_in):
    stand_in.planned.append(Breaks("ends early"))
    with pytest.raises(Unknown):
        twilio.send_text(text())

    assert twilio.send_text(text()).state is MessageState.ACCEPTED


def test_a_status_nobody_knows_still_proves_that_the_text_was_taken(twilio, stand_in):
    ref = twilio.send_text(text()).ref
    stand_in.texts[ref]["status"] = "teleported"

    assert twilio.fetch_text(ref).state is MessageState.ACCEPTED
    assert [report.ref for report in twilio.find_texts(text().to, just_now())] == [ref]


def test_texts_that_were_heard_are_not_taken_for_sent(twilio, stand_in):
    stand_in.hear("+85264500001", text().to, "回声")
    assert twilio.find_texts(text().to, just_now()) == []


def test_a_text_of_the_same_second_is_found(twilio, stand_in):
    ref = twilio.send_text(text()).ref
    created = datetime.now(UTC).replace(microsecond=999_999)
    stand_in.texts[ref]["date_created"] = created.strftime("%a, %d %b %Y %H:%M:%S +0000")
    assert len(twilio.find_texts(text().to, created)) == 1


def test_a_list_that_may_be_cut_off_is_not_an_answer(twilio, stand_in):
    for _ in range(1000):
        stand_in.take({"To": [text().to]})
    with pytest.raises(NotAnswered, match="more texts"):
        twilio.find_texts(text().to, just_now())


@pytest.mark.parametrize(
    "plan",
    [
        Error(500),
        Error(429),
        Error(401, 20003),
        Error(404, body=b"<html>"),
        Error(302),
        Error(200, body=b"[]"),
        Error(200, body=b"{}"),
        Error(200, body=b'{"messages": [{"sid": null}]}'),
        Breaks("hangs"),
        Breaks("resets"),
    ],
    ids=repr,
)
def test_a_question_without_a_clear_answer_is_not_answered(twilio, stand_in, plan):
    stand_in.planned += [plan, plan]
    with pytest.raises(NotAnswered):
        twilio.fetch_text("SM" + "f" * 32)
    with pytest.raises(NotAnswered):
        twilio.find_texts(text().to, just_now())
    assert len(stand_in.asked) == 2


def test_only_the_carriers_own_word_says_that_a_text_does_not_exist(twilio, stand_in):
    stand_in.planned.append(Error(404, 20404))
    with pytest.raises(NoSuchText):
        twilio.fetch_text("SM" + "f" * 32)


def test_a_strange_reference_never_becomes_part_of_an_address(twilio, stand_in):
    with pytest.raises(NoSuchText):
        twilio.fetch_text("SM1/../../Calls")
    assert stand_in.asked == []


@pytest.mark.parametrize("base", ["", "127.0.0.1:8010", "ftp://x", "http://", "http://u:p@host", "http://host?x=1"])
def test_an_address_that_is_none_is_refused_at_the_start(base):
    with pytest.raises(ValueError, match="API base"):
        dial(base)


def test_without_a_base_requests_go_where_the_sdk_sends_them():
    carrier = TwilioCarrier(ACCOUNT, KEY, SECRET, pool=1)
    assert carrier._connections._here("https://api.twilio.com/x?y=1") == "https://api.twilio.com/x?y=1"
    carrier.close()


def test_further_pages_stay_at_the_base():
    carrier = dial("http://127.0.0.1:8010/")
    assert carrier._connections._here("https://evil.example/x?y=1") == "http://127.0.0.1:8010/x?y=1"
    carrier.close()


def test_what_customers_sent_is_listed_and_our_own_texts_are_not(twilio, stand_in):
    ours = text()
    twilio.send_text(ours)
    stand_in.hear("+8613800138000", ours.sender, "好的")

    [listed] = twilio.list_heard(ours.sender, just_now(), datetime.now(UTC))

    assert (listed.heard.sender, listed.heard.body, listed.heard.media) == ("+8613800138000", "好的", 0)
    assert just_now() - timedelta(minutes=1) < listed.at <= datetime.now(UTC)
    assert {"To", "DateSent>", "DateSent<"} <= dict(parse_qsl(stand_in.asked[-1].query)).keys()


def test_a_list_that_breaks_off_is_no_list(twilio, stand_in):
    stand_in.planned.append(Error(500, None))

    with pytest.raises(NotAnswered):
        twilio.list_heard("+8610690000001", just_now(), datetime.now(UTC))
