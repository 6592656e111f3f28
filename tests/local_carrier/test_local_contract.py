"""The carrier's answers against Twilio's own description of its REST API."""

import json
import os
import warnings
from pathlib import Path

import pytest
from carrier_on_test import ACCOUNT, SENDER

SHARED = Path(os.environ.get("OUTREACH_SHARED") or Path(__file__).parents[3] / "shared")
DESCRIPTION = SHARED / "contracts" / "twilio_api_v2010.json"

pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(not DESCRIPTION.exists(), reason=f"no API description at {DESCRIPTION}; set OUTREACH_SHARED"),
]


@pytest.fixture(scope="module")
def description():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the libraries' own deprecations are not this project's
        from openapi_core import OpenAPI

        return OpenAPI.from_dict(json.loads(DESCRIPTION.read_text()))


@pytest.fixture
def conforms(description, carrier):
    from openapi_core.testing import MockRequest, MockResponse

    def check(answer, path: str):
        request = MockRequest("https://api.twilio.com", answer.request.method.lower(), carrier.path + path)
        response = MockResponse(
            answer.content, status_code=answer.status_code, content_type=answer.headers["Content-Type"]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            description.validate_response(request, response)
        return answer.json()

    return check


@pytest.fixture
def described():
    schemas = json.loads(DESCRIPTION.read_text())["components"]["schemas"]
    return lambda name: set(schemas[name]["properties"])


def test_a_created_a_fetched_and_a_changed_message_conform(carrier, conforms, described):
    created = conforms(carrier.post(To="+8613800000001", From=SENDER, Body="您好"), "/Messages.json")
    assert set(created) == described("api.v2010.account.message")
    path = f"/Messages/{created['sid']}.json"
    carrier.settled(created["sid"])
    conforms(carrier.get(path), path)
    conforms(carrier.post(path, Body=""), path)


def test_an_inbound_and_an_undelivered_message_conform(carrier, conforms):
    carrier.pin("+8613800000001", "unreachable_handset")
    sid = carrier.text("+8613800000001").sid
    carrier.settled(sid, "undelivered")
    assert conforms(carrier.get(f"/Messages/{sid}.json"), f"/Messages/{sid}.json")["error_message"]
    sid = carrier.say("+8613800000002", "好的", num_media=2)["sid"]
    assert conforms(carrier.get(f"/Messages/{sid}.json"), f"/Messages/{sid}.json")["num_media"] == "2"


def test_lists_conform_on_every_page(carrier, conforms):
    for n in range(3):
        carrier.text(f"+8613800000{n:03d}")
    first = conforms(carrier.get("/Messages.json", PageSize=2), "/Messages.json")
    assert first["next_page_uri"]
    assert first["previous_page_uri"] is None
    last = conforms(carrier.get("/Messages.json", PageSize=2, Page=1), "/Messages.json")
    assert (last["next_page_uri"], len(last["messages"]), last["start"], last["end"]) == (None, 1, 2, 2)
    assert conforms(carrier.get("/Messages.json", To="+8613800000009"), "/Messages.json")["messages"] == []


def test_numbers_and_the_account_conform(carrier, conforms, described):
    listed = conforms(carrier.get("/IncomingPhoneNumbers.json"), "/IncomingPhoneNumbers.json")
    number = listed["incoming_phone_numbers"][0]
    assert set(number) <= described("api.v2010.account.incoming_phone_number")
    path = f"/IncomingPhoneNumbers/{number['sid']}.json"
    conforms(carrier.post(path, SmsUrl="http://127.0.0.1:9/in", SmsMethod="POST"), path)
    carrier.path = f"/2010-04-01/Accounts/{ACCOUNT}.json"
    assert conforms(carrier.get(""), "")["type"] == "Full"


def test_calls_conform_from_their_placing_to_their_end(carrier, conforms, described):
    carrier.rate(100)
    carrier.pin("+8613800000001", "silent")
    form = {
        "To": "+8613800000001",
        "From": SENDER,
        "Twiml": "<Response><Pause length='5'/></Response>",
        "Record": "true",
    }
    created = conforms(carrier.post("/Calls.json", **form), "/Calls.json")
    assert set(created) == described("api.v2010.account.call")
    path = f"/Calls/{created['sid']}.json"
    carrier.over(created["sid"])
    assert 5 <= int(conforms(carrier.get(path), path)["duration"]) <= 12
    assert len(conforms(carrier.get("/Calls.json", PageSize=1), "/Calls.json")["calls"]) == 1
    listed = f"/Calls/{created['sid']}/Recordings.json"
    recording = conforms(carrier.get(listed), listed)["recordings"][0]
    assert set(recording) == described("api.v2010.account.call.call_recording")
    path = f"/Recordings/{recording['sid']}.json"
    assert set(conforms(carrier.get(path), path)) == described("api.v2010.account.recording")


def test_a_canceled_call_conforms(carrier, conforms):
    carrier.pin("+8613800000001", "rings_out")
    sid = carrier.call("+8613800000001", Twiml="<Response/>")
    answer = carrier.post(f"/Calls/{sid}.json", Status="canceled")
    assert conforms(answer, f"/Calls/{sid}.json")["status"] == "canceled"
