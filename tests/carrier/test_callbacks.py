"""What Twilio's callbacks say, as literal bodies."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from structlog.testing import capture_logs

from outreach.carrier import twilio
from outreach.carrier.callbacks import NotUnderstood
from outreach.carrier.port import FailureKind, HeardText, StatusReport
from outreach.rules.delivery import MessageState

SID = "SM1f0e8ae6ade43cb3c0ce4525424e404f"


def form(body: str) -> dict[str, str]:
    return dict(parse_qsl(body, keep_blank_values=True))


HEARD = (
    f"ToCountry=HK&SmsMessageSid={SID}&NumMedia=0&SmsSid={SID}&SmsStatus=received&FromCountry=CN"
    f"&Body=%E5%A5%BD%E7%9A%84%EF%BC%8C%E5%91%A8%E5%85%AD&To=%2B85264500001&NumSegments=1&MessageSid={SID}"
    "&AccountSid=ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&From=%2B8613800138000&ApiVersion=2010-04-01"
)


def test_a_text_is_heard():
    assert twilio.read_text(form(HEARD), "token-1") == HeardText(
        ref=SID, sender="+8613800138000", to="+85264500001", body="好的，周六", media=0, idempotency="token-1"
    )


def test_a_first_callback_has_no_mark_of_repetition():
    assert twilio.read_text(form(HEARD)).idempotency is None
    assert twilio.read_text(form(HEARD), "").idempotency is None


def test_a_picture_without_words_is_heard():
    heard = twilio.read_text(form(f"MessageSid={SID}&From=%2B8613800138000&To=%2B85264500001&Body=&NumMedia=2"))
    assert (heard.body, heard.media) == ("", 2)


def test_what_is_not_said_about_pictures_is_none():
    assert twilio.read_text(form(f"MessageSid={SID}&From=95588&To=%2B85264500001")).media == 0


def test_a_customers_words_are_kept_to_the_letter():
    heard = twilio.read_text(form(f"MessageSid={SID}&From=%2B1&To=%2B2&Body=%20%2Frestart%0D%0A%3C%2FSay%3E%00%20"))
    assert heard.body == " /restart\r\n</Say>\x00 "


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("From=%2B1&To=%2B2&Body=x", "MessageSid"),
        (f"MessageSid={SID}&To=%2B2&Body=x", "From"),
        (f"MessageSid={SID}&From=&To=%2B2&Body=x", "From"),
        (f"MessageSid={SID}&From=%2B1&Body=x", "To"),
        (f"MessageSid={SID}&From=%2B1&To=%2B2&NumMedia=two", "NumMedia"),
        (f"MessageSid={SID}&From=%2B1&To=%2B2&NumMedia=%C2%B2", "NumMedia"),
        ("", "MessageSid"),
    ],
)
def test_a_text_that_cannot_be_read_names_the_field(body, field):
    with pytest.raises(NotUnderstood) as refused:
        twilio.read_text(form(body))
    assert refused.value.field == field
    assert field in str(refused.value)


@pytest.mark.parametrize(
    ("rest", "state", "code", "kind"),
    [
        ("MessageStatus=accepted", MessageState.ACCEPTED, None, None),
        ("MessageStatus=scheduled", MessageState.ACCEPTED, None, None),
        ("MessageStatus=queued", MessageState.ACCEPTED, None, None),
        ("MessageStatus=sending", MessageState.ACCEPTED, None, None),
        ("MessageStatus=sent", MessageState.SENT, None, None),
        ("MessageStatus=partially_delivered", MessageState.SENT, None, None),
        ("MessageStatus=delivered&ErrorCode=", MessageState.DELIVERED, None, None),
        ("MessageStatus=read", MessageState.DELIVERED, None, None),
        ("MessageStatus=undelivered&ErrorCode=30003", MessageState.FAILED, "30003", FailureKind.TRANSIENT),
        ("MessageStatus=undelivered&ErrorCode=30005", MessageState.FAILED, "30005", FailureKind.BAD_NUMBER),
        ("MessageStatus=failed&ErrorCode=30007", MessageState.FAILED, "30007", FailureKind.CONTENT),
        ("MessageStatus=failed&ErrorCode=21610", MessageState.FAILED, "21610", FailureKind.OPTED_OUT),
        ("MessageStatus=failed&ErrorCode=31337", MessageState.FAILED, "31337", FailureKind.TRANSIENT),
        ("MessageStatus=canceled", MessageState.FAILED, None, FailureKind.TRANSIENT),
    ],
)
def test_a_status_is_read(rest, state, code, kind):
    body = f"SmsSid={SID}&SmsStatus=x&MessageSid={SID}&To=%2B8613800138000&From=%2B85264500001&{rest}&Later=1"
    assert twilio.read_status(form(body)) == StatusReport(ref=SID, state=state, error_code=code, kind=kind)


@pytest.mark.parametrize("word", ["received", "receiving", "DELIVERED", "teleported", "delivered "])
def test_a_status_nobody_knows_is_logged_and_refused(word):
    with capture_logs() as logs, pytest.raises(NotUnderstood) as refused:
        twilio.read_status({"MessageSid": SID, "MessageStatus": word, "To": "+8613800138000"})
    assert refused.value.field == "MessageStatus"
    assert [(entry["event"], entry["word"]) for entry in logs] == [("callback_not_understood", word)]
    assert "13800138000" not in str(logs)


@pytest.mark.parametrize(
    ("body", "field"),
    [("MessageStatus=sent", "MessageSid"), (f"MessageSid={SID}", "MessageStatus"), ("", "MessageSid")],
)
def test_a_status_that_cannot_be_read_names_the_field(body, field):
    with pytest.raises(NotUnderstood) as refused:
        twilio.read_status(form(body))
    assert refused.value.field == field


def test_what_cannot_be_read_is_logged_without_words_or_numbers():
    with capture_logs() as logs, pytest.raises(NotUnderstood):
        twilio.read_text(form("From=%2B8613800138000&Body=sesame"))
    assert logs == [{"event": "callback_not_understood", "field": "MessageSid", "log_level": "warning"}]
