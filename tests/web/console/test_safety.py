"""What every page of the console is protected by."""

from __future__ import annotations

import re

import pytest

from outreach.web.console.safety import LARGEST_FORM


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8001"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:8001"}, 403),
    ],
    ids=str,
)
def test_only_our_own_pages_change_anything(signed_in, headers, status):
    assert signed_in("agent").post("/account/sessions/end", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:8001", 303), ("http://evil.example", 403), ("null", 403), (None, 403)],
    ids=str,
)
def test_an_older_browser_is_judged_by_its_origin(signed_in, origin, status):
    client = signed_in("agent")
    del client.headers["Sec-Fetch-Site"]
    headers = {"Origin": origin} if origin else {}
    assert client.post("/account/sessions/end", headers=headers).status_code == status


def test_another_host_name_is_not_ours(visitor):
    assert visitor.get("/sign-in", headers={"Host": "console.evil.example"}).status_code == 403


def test_a_page_says_what_it_may_do(visitor):
    answer = visitor.get("/sign-in")
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)[1]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<script[^>]*>", answer.text))
    assert nonce not in visitor.get("/sign-in").text


def test_no_page_fetches_anything_from_elsewhere(visitor):
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", visitor.get("/sign-in").text) == []


@pytest.mark.parametrize("name", ["pico.css", "htmx.js", "echarts.js", "console.css", "console.js", "icon.svg"])
def test_what_pages_are_drawn_with_is_there(visitor, name):
    answer = visitor.get(f"/assets/{name}")
    assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)


@pytest.mark.parametrize("name", ["../door.py", "..%2f..%2fdoor.py", "package.json", "%2e%2e%2fpackage.json"])
def test_nothing_else_is_served(visitor, name):
    assert visitor.get(f"/assets/{name}").status_code == 404


def test_a_body_beyond_any_form_is_refused(visitor):
    assert visitor.post("/sign-in", data={"login": "x" * (LARGEST_FORM + 1)}).status_code == 413


def test_one_person_cannot_ask_without_end(signed_in, monkeypatch):
    from outreach.web.console import guard
    from outreach.web.console.pace import Pace

    monkeypatch.setattr(guard, "OF_SESSION", Pace("3/minute"))
    client = signed_in("agent")
    assert [client.get("/account").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_metrics_and_health_are_read_without_signing_in(visitor):
    assert visitor.get("/metrics", headers={"Host": "prometheus-target"}).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/nothing", "/audit/x/y"])
def test_an_address_without_a_page_is_said_to_have_none(visitor, path):
    answer = visitor.get(path)
    assert (answer.status_code, "Not found" in answer.text) == (404, True)
