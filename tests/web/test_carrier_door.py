"""The carrier's door, by literal webhook bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from outreach import runtime
from outreach.carrier import signature
from outreach.model import Message, StaffTask, Suppression
from outreach.queue import NoQueue
from outreach.rules.delivery import MessageState
from outreach.runtime import Runtime
from outreach.settings import Settings
from outreach.web import carrier_door

TOKEN = "12345678901234567890123456789012"
OLD_TOKEN = "abcdefabcdefabcdefabcdefabcdefab"
ACCOUNT = "AC00000000000000000000000000000001"
PUBLIC = "https://bank.example"
INBOUND = "/twilio/sms/inbound"
TEXT = (
    "ToCountry=CN&SmsMessageSid=SM1&NumMedia=0&SmsSid=SM1&SmsStatus=received&Body={body}&FromCountry=CN&To=%2B8610690000001"
    "&NumSegments=1&MessageSid=SM1&AccountSid=" + ACCOUNT + "&From=%2B8613800138000&ApiVersion=2010-04-01"
)


@pytest.fixture
def door(database_url: str, tmp_path: Path, sessions) -> Iterator[tuple[TestClient, Runtime]]:
    built = runtime.build(
        Settings(
            database_url=database_url, public_base_url=PUBLIC, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN,
            twilio_auth_token_previous=OLD_TOKEN, data_dir=tmp_path, twilio_api_base="http://127.0.0.1:9",
        )
    )  # fmt: skip
    built.__dict__["queue"] = NoQueue()
    with TestClient(carrier_door.build(built), raise_server_exceptions=False) as client:
        yield client, built
    built.sessions.engine.dispose()


def post(client: TestClient, path: str, body: str, token: str = TOKEN, **headers: str):
    sealed = signature.sign(token, PUBLIC + path, parse_qsl(body, keep_blank_values=True))
    return client.post(
        path,
        content=body.encode(),
        headers={"X-Twilio-Signature": sealed, "Content-Type": "application/x-www-form-urlencoded", **headers},
    )


def stored(built: Runtime, table: type):
    with built.sessions.reading() as db:
        return db.exec(select(table)).all()


@dataclass(frozen=True)
class Case:
    name: str
    body: str = TEXT.format(body="%E5%A5%BD%E7%9A%84")
    token: str = TOKEN
    headers: tuple[tuple[str, str], ...] = ()
    times: int = 1
    status: int = 200
    messages: int = 1
    suppressed: int = 0
    tasks: int = 1
    """An unknown sender's words are left to a person."""


CASES = [
    Case("a plain text"),
    Case("the same text three times", times=3),
    Case("signed with the token before the rotation", token=OLD_TOKEN),
    Case("signed with a foreign token", token="0" * 32, status=403, messages=0, tasks=0),
    Case("a signature of nothing", headers=(("X-Twilio-Signature", "AAAA"),), status=403, messages=0, tasks=0),
    Case("an empty body", body=TEXT.format(body="")),
    Case("no body at all", body=TEXT.replace("&Body={body}", "")),
    Case("a picture", body=TEXT.format(body="").replace("NumMedia=0", "NumMedia=1")),
    Case("a stop", body=TEXT.format(body="TD"), suppressed=1, tasks=0),
    Case("a full-width stop", body=TEXT.format(body="%EF%BC%B2%EF%BC%81"), suppressed=1, tasks=0),
    Case("a text of 10 kB", body=TEXT.format(body="%E5%A5%BD" * 1100)),
    Case("a control character", body=TEXT.format(body="a%00%0Bb")),
    Case("no sender", body="MessageSid=SM1&Body=x&To=%2B1", status=400, messages=0, tasks=0),
    Case("no id", body="From=%2B8613800138000&Body=x&To=%2B1", status=400, messages=0, tasks=0),
    Case("a body beyond any text", body="Body=" + "x" * 300_000, status=413, messages=0, tasks=0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_inbound_text(door, case):
    client, built = door
    for _ in range(case.times):
        answer = post(client, INBOUND, case.body, case.token, **dict(case.headers))
        assert answer.status_code == case.status
    if case.status == 200:
        assert answer.headers["content-type"].startswith("text/xml")
        assert "<Message" not in answer.text
    assert len(stored(built, Message)) == case.messages
    assert len(stored(built, Suppression)) == case.suppressed
    assert len(stored(built, StaffTask)) == case.tasks


def test_an_unsigned_text_is_refused(door):
    client, built = door
    assert client.post(INBOUND, content=TEXT.format(body="x").encode()).status_code == 403
    assert stored(built, Message) == []


def test_a_store_that_is_away_is_a_503_so_that_the_carrier_tries_again(door):
    client, built = door
    gone = str(built.sessions.engine.url.set(port=1, query={}).set(host="127.0.0.1"))
    from outreach.model import connect

    built.__dict__["sessions"] = connect(gone)
    assert post(client, INBOUND, TEXT.format(body="x")).status_code == 503


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/metrics", "/", "/twilio/sms/inbound/x"])
def test_the_carriers_door_shows_nothing_else(door, path):
    client, _ = door
    assert client.get(path).status_code == 404


STATUS = "MessageSid={ref}&MessageStatus={word}&AccountSid=" + ACCOUNT + "&From=%2B8610690000001&To=%2B8613800138000"


@pytest.fixture
def sent_text(door, our_house) -> Message:
    """An opening that the carrier took."""
    from outreach.campaigns import publication, settle
    from outreach.campaigns.contact import contact

    _, built = door
    now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    with built.sessions.begin() as db:
        publication.publish_shipped(db, now)
        contact(
            db, our_house, built.sealer, now, phone="+8613800138000", script="card_activation", channel="sms",
            about={"name": "王芳", "gender": "f", "card_tail": "6612", "branch": "城南支行"}, offer={},
        )  # fmt: skip
    with built.sessions.begin() as db:
        message = db.exec(select(Message)).one()
        message.state = MessageState.SENDING
        settle.accepted(db, our_house, message, "twilio", "SM9", MessageState.ACCEPTED, now)
        return message


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("sent", "delivered"), "delivered"),
        (("delivered", "sent"), "delivered"),
        (("delivered", "delivered", "delivered"), "delivered"),
        (("sent", "sent"), "sent"),
        (("queued",), "accepted"),
    ],
)
def test_reports_in_any_order_end_in_the_truth(door, sent_text, words, state):
    client, built = door
    for word in words:
        body = STATUS.format(ref="SM9", word=word)
        assert post(client, f"/twilio/sms/status/{sent_text.id}", body).status_code == 204
    assert stored(built, Message)[0].state == state


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("30005", "invalid_number"),
        ("30003", "unreachable"),
        ("30007", "blocked"),
        ("21610", "opted_out"),
        ("99999", "undelivered"),
    ],
)
def test_a_text_that_never_arrives_ends_its_attempt(door, sent_text, code, outcome):
    from outreach.model import Attempt

    client, built = door
    body = STATUS.format(ref="SM9", word="undelivered") + f"&ErrorCode={code}"
    assert post(client, f"/twilio/sms/status/{sent_text.id}", body).status_code == 204
    assert stored(built, Attempt)[0].outcome == outcome


def test_a_report_on_a_text_that_is_not_ours_changes_nothing(door, sent_text):
    client, built = door
    other = "01999999-0000-7000-8000-000000000000"
    assert post(client, f"/twilio/sms/status/{other}", STATUS.format(ref="SM9", word="failed")).status_code == 204
    foreign = STATUS.format(ref="SM_other", word="failed")
    assert post(client, f"/twilio/sms/status/{sent_text.id}", foreign).status_code == 204
    assert stored(built, Message)[0].state == "accepted"


def test_a_report_from_another_account_is_refused(door, sent_text):
    client, _ = door
    body = STATUS.format(ref="SM9", word="failed").replace(ACCOUNT, "AC" + "9" * 32)
    assert post(client, f"/twilio/sms/status/{sent_text.id}", body).status_code == 403


def test_an_unknown_status_word_is_refused_by_name(door, sent_text):
    client, _ = door
    answer = post(client, f"/twilio/sms/status/{sent_text.id}", STATUS.format(ref="SM9", word="teleported"))
    assert (answer.status_code, "MessageStatus" in answer.text) == (400, True)
