"""Who may ask the bot, and for what."""

from __future__ import annotations

import httpx
import pytest
from conftest import Bot, turn

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("secret", [None, "another secret"])
def test_a_stranger_gets_nothing(bot: Bot, secret: str | None) -> None:
    response = bot.post(text="好的", secret=secret)
    assert response.status_code == httpx.codes.UNAUTHORIZED
    assert response.json() == {"error": "unauthorized"}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("{", "the body is not JSON"),
        (b"\xff\xfe", "the body is not JSON"),
        ([], "the body is not a JSON object"),
        (turn(text="好", conversation="+8613800000000"), "conversation is not <uuid>:<turn>"),
        (turn(text="好", channel="fax"), "channel is neither sms nor voice"),
        (turn(text="好", now="2026-11-24T09:30:00"), "now is not an ISO instant with a zone offset"),
        (turn(text="好", zone=None), "zone is not a name"),
        (turn(text="好", flow=None), "flow is not an object"),
        (turn(), "exactly one of text and event is given"),
        (turn(text="好", event={"name": "silence"}), "exactly one of text and event is given"),
        (turn(text=7), "text is not a string"),
        (turn(event={"name": "restart"}), "event is not one of digit, empty, hang_up, machine, silence"),
        (turn(event={"name": "digit", "digit": "22"}), "event is not one of digit, empty, hang_up, machine, silence"),
    ],
)
def test_a_bad_body_is_refused_with_the_reason(bot: Bot, body: object, complaint: str) -> None:
    response = bot.post(body)
    assert response.status_code == httpx.codes.BAD_REQUEST
    assert response.json() == {"error": "bad_turn", "message": complaint}


def test_health_names_the_model(bot: Bot) -> None:
    answer = bot.get("/webhooks/core/health").json()
    assert answer["status"] == "ok"
    assert answer["model"]


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/model", "/domain", "/conversations/x/tracker", "/status"])
def test_nothing_else_is_served(bot: Bot, path: str) -> None:
    assert bot.get(path).status_code == httpx.codes.NOT_FOUND
