"""Signing in at the bank's own issuer: what it vouches for is believed only when everything fits."""

from __future__ import annotations

import pytest
from joserfc.jwk import RSAKey

from outreach.clock import machine_now
from outreach.model import Role
from outreach.staff import accounts
from tests.web.console.issuer import CLIENT, SECRET, running

CALLBACK = "/sign-in/elsewhere/callback"


@pytest.fixture(scope="module")
def one_issuer():
    with running() as issuer:
        yield issuer


@pytest.fixture
def issuer(one_issuer, product):
    one_issuer.claims, one_issuer.signs_with = {"preferred_username": "Li.Na"}, None
    given = {"oidc_issuer": one_issuer.url, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    object.__setattr__(product, "settings", product.settings.model_copy(update=given))
    with product.sessions.begin() as db:
        accounts.add(db, "li.na", "李娜", Role.COMPLIANCE, None, "test", machine_now())
    return one_issuer


def come_back(visitor, issuer, **changed: str):
    sent = visitor.get("/sign-in/elsewhere").headers["location"]
    assert sent.startswith(issuer.url)
    query = issuer.visit(sent)
    for name, value in changed.items():
        query = "&".join(f"{name}={value}" if part.startswith(f"{name}=") else part for part in query.split("&"))
    return visitor.get(f"{CALLBACK}?{query}")


def test_whom_the_issuer_vouches_for_is_let_in_as_our_account_says(visitor, issuer):
    assert come_back(visitor, issuer).headers["location"] == "/"
    assert "Compliance" in visitor.get("/account").text.title()


def test_who_has_no_account_here_is_not_let_in(visitor, issuer):
    issuer.claims = {"preferred_username": "stranger"}
    assert come_back(visitor, issuer).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "other"}, {"exp": 1}, {"preferred_username": None}],
    ids=str,
)
def test_a_word_that_was_not_meant_for_us_is_not_believed(visitor, issuer, claims):
    issuer.claims |= claims
    assert come_back(visitor, issuer).status_code == 401
    assert visitor.get("/account").status_code == 303


def test_a_word_signed_by_somebody_else_is_not_believed(visitor, issuer):
    issuer.signs_with = RSAKey.generate_key(2048, {"kid": "now"})
    assert come_back(visitor, issuer).status_code == 401


@pytest.mark.parametrize("changed", [{"state": "other"}, {"code": "stolen"}], ids=str)
def test_what_comes_back_changed_is_not_believed(visitor, issuer, changed):
    assert come_back(visitor, issuer, **changed).status_code == 401


def test_a_sign_in_that_began_in_another_browser_does_not_end_here(visitor, issuer):
    query = issuer.visit(visitor.get("/sign-in/elsewhere").headers["location"])
    visitor.cookies.clear()
    assert visitor.get(f"{CALLBACK}?{query}").status_code == 401


def test_without_an_issuer_there_is_no_such_page(visitor):
    assert visitor.get("/sign-in/elsewhere").status_code == 404
