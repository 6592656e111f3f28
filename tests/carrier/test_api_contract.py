"""Every request the adapter makes is one that Twilio describes."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from stand_in import ACCOUNT, Error, text
from werkzeug.datastructures import Headers, ImmutableMultiDict

from outreach.carrier.callbacks import STATES
from outreach.carrier.port import CarrierError

pytestmark = pytest.mark.contract

SHARED = Path(os.environ.get("OUTREACH_SHARED", Path(__file__).resolve().parents[3] / "shared"))
DESCRIPTION = SHARED / "contracts" / "twilio_api_v2010.json"
E164 = re.compile(r"\+[1-9]\d{6,14}")


@cache
def description() -> dict:
    if not DESCRIPTION.exists():
        pytest.skip(
            f"Twilio's API description is not at {DESCRIPTION}; set OUTREACH_SHARED to the folder that holds contracts/"
        )
    return json.loads(DESCRIPTION.read_text())


@cache
def api() -> OpenAPI:
    return OpenAPI.from_dict(description())


class Described:
    """A request to the stand-in, as openapi-core reads one; the host is Twilio's."""

    host_url = "https://api.twilio.com"

    def __init__(self, asked):
        self.path = asked.path
        self.method = asked.method.lower()
        self.body = asked.body or None
        self.content_type = asked.headers.get("Content-Type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(
                [
                    (key, value)
                    for key, values in parse_qs(asked.query, keep_blank_values=True).items()
                    for value in values
                ]
            ),
            header=Headers(asked.headers),
            cookie=ImmutableMultiDict(),
        )


def assert_described(asked) -> None:
    api().validate_request(Described(asked))
    operation = description()["paths"][asked.path.replace(ACCOUNT, "{AccountSid}").replace(f"/SM{'f' * 32}", "/{Sid}")]
    described = operation[asked.method.lower()]
    assert set(parse_qs(asked.query)) <= {p["name"] for p in described.get("parameters", [])}
    if asked.method == "POST":
        schema = described["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        assert_rules_the_description_lacks(asked.form, schema)


def described_form(asked, several: set[str]) -> None:
    """A POST whose form the description knows; these parameters may come several times."""
    described = description()["paths"][asked.path.replace(ACCOUNT, "{AccountSid}")]["post"]
    schema = described["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert set(asked.form) <= set(schema["properties"])
    assert set(schema.get("required", ())) <= set(asked.form)
    assert {key for key, values in asked.form.items() if len(values) > 1} <= several
    assert sum(key in asked.form for key in ("Url", "Twiml", "ApplicationSid")) == 1
    for key, values in asked.form.items():
        kind = schema["properties"][key]
        if kind.get("type") == "integer":
            assert all(value.isdigit() for value in values), key
        if "enum" in kind:
            assert set(values) <= set(kind["enum"]), key


def assert_question_described(asked, ref: str) -> None:
    """A request about one call, or for the list of them."""
    operation = description()["paths"][asked.path.replace(ACCOUNT, "{AccountSid}").replace(ref, "{Sid}")]
    described = operation[asked.method.lower()]
    assert set(parse_qs(asked.query)) <= {parameter["name"] for parameter in described.get("parameters", [])}
    if asked.method == "POST":
        schema = described["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        assert set(asked.form) <= set(schema["properties"])


def assert_rules_the_description_lacks(form: dict[str, list[str]], schema: dict) -> None:
    assert set(form) <= set(schema["properties"])
    assert all(len(values) == 1 for values in form.values())
    one = {key: values[0] for key, values in form.items()}
    assert ("From" in one) != ("MessagingServiceSid" in one)
    assert sum(key in one for key in ("Body", "MediaUrl", "ContentSid")) == 1
    assert len(one["Body"]) <= 1600
    assert E164.fullmatch(one["To"])
    assert "From" not in one or E164.fullmatch(one["From"])
    assert 1 <= int(one["ValidityPeriod"]) <= 36_000


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"body": "a&b=c+d%20 ＋ 😀 \n 拒收请回复R"},
        {"body": "长" * 1600},
        {"valid_for_seconds": -1},
        {"valid_for_seconds": 10**9},
        {"sender": "MG" + "a" * 32},
    ],
    ids=lambda changes: ", ".join(changes) or "plain",
)
def test_a_posted_text_is_one_that_twilio_describes(twilio, stand_in, changes):
    twilio.send_text(text(**changes))

    [asked] = stand_in.asked
    assert_described(asked)
    assert asked.form["Body"] == [text(**changes).body]


def test_questions_are_ones_that_twilio_describes(twilio, stand_in):
    stand_in.planned.append(Error(404, 20404))
    with pytest.raises(CarrierError):
        twilio.fetch_text("SM" + "f" * 32)
    twilio.find_texts(text().to, datetime.now(UTC) - timedelta(hours=1))

    assert [asked.method for asked in stand_in.asked] == ["GET", "GET"]
    for asked in stand_in.asked:
        assert_described(asked)


def test_the_check_notices_what_is_not_described(twilio, stand_in):
    # Were the check blind, every test above would pass for nothing.
    twilio.send_text(text())
    [asked] = stand_in.asked
    asked.body += b"&Colour=red"
    with pytest.raises(AssertionError):
        assert_described(asked)


def test_every_status_in_the_description_is_known():

    described = description()["components"]["schemas"]["message_enum_status"]["enum"]
    assert set(described) - {"receiving", "received"} == set(STATES)
