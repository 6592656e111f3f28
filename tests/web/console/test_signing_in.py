"""Signing in: what it takes, how often one may try, and what a token is worth afterwards."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlmodel import select

from outreach.clock import machine_now
from outreach.model import AuditEntry, Role, SignInFailure, StaffMember, StaffSession
from outreach.staff import accounts, links, passwords, second_factor, sessions
from outreach.web.console.cookies import SESSION

PASSWORD = "seven quiet herons at dusk"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def li_na(product) -> StaffMember:
    with product.sessions.begin() as db:
        member = accounts.add(db, "li.na", "李娜", Role.REVIEWER, None, "test", machine_now())
        member.password_hash = passwords.hashed(PASSWORD)
        member.secret_sealed = product.sealer.seal_secret(SECRET)
        db.add(member)
        return member


def enter(client, code: str | None = None, **typed):
    now = pyotp.TOTP(SECRET).now() if code is None else code
    return client.post("/sign-in", data={"login": "li.na", "password": PASSWORD, "code": now, **typed})


def test_password_and_code_let_in(visitor, li_na):
    answer = enter(visitor, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "李娜" in visitor.get("/account").text


@pytest.mark.parametrize(
    "typed",
    [{"password": "wrong"}, {"code": "000000"}, {"code": ""}, {"login": "nobody"}, {"login": "li.na' OR '1'='1"}],
    ids=str,
)
def test_one_thing_wrong_lets_nobody_in_and_does_not_say_which(visitor, li_na, typed):
    answer = enter(visitor, **typed)
    assert answer.status_code == 401
    assert "Login, password or code is wrong" in answer.text
    assert visitor.get("/account").status_code == 303


def test_a_code_is_taken_once(visitor, li_na):
    code = pyotp.TOTP(SECRET).now()
    assert enter(visitor, code).status_code == 303
    assert enter(visitor, code).status_code == 401


def test_after_five_wrong_tries_the_right_words_do_not_help_either(visitor, li_na):
    for _ in range(5):
        assert enter(visitor, password="wrong").status_code == 401
    assert enter(visitor).status_code == 429


def test_tries_are_forgotten_after_a_quarter_of_an_hour(product, visitor, li_na):
    for _ in range(5):
        enter(visitor, password="wrong")
    with product.sessions.begin() as db:
        for failure in db.exec(select(SignInFailure)).all():
            failure.at -= timedelta(minutes=16)
            db.add(failure)
    assert enter(visitor).status_code == 303


def test_trying_many_accounts_from_one_address_is_stopped(product, visitor, li_na):
    enter(visitor, login="guess.0")
    with product.sessions.begin() as db:
        first = db.exec(select(SignInFailure)).one()
        db.add_all(SignInFailure(login=f"guess.{n}", address=first.address, at=first.at) for n in range(1, 30))
    assert enter(visitor).status_code == 429


def test_a_disabled_account_is_out_at_once(product, visitor, li_na):
    enter(visitor)
    with product.sessions.begin() as db:
        accounts.disable(db, accounts.find(db, "li.na"), "admin", "left the bank", machine_now())
    assert visitor.get("/account").status_code == 303
    assert enter(visitor).status_code == 401


def test_signing_in_changes_the_token(product, visitor, li_na):
    """A token that somebody planted beforehand is worth nothing (session fixation)."""
    visitor.cookies.set(SESSION, "planted")
    answer = enter(visitor)
    assert "planted" not in answer.headers["set-cookie"]
    with product.sessions.reading() as db:
        assert [row.token_hash for row in db.exec(select(StaffSession)).all()] != [sessions.hashed("planted")]


def test_a_stolen_token_is_worth_nothing_after_signing_out(visitor, li_na):
    enter(visitor)
    stolen = visitor.cookies[SESSION]
    assert visitor.post("/sign-out").status_code == 303
    visitor.cookies.set(SESSION, stolen)
    assert visitor.get("/account").status_code == 303


@pytest.mark.parametrize(("field", "ago"), [("seen_at", sessions.IDLE), ("started_at", sessions.ABSOLUTE)])
def test_a_session_ends_by_itself(product, visitor, li_na, field, ago):
    enter(visitor)
    with product.sessions.begin() as db:
        row = db.exec(select(StaffSession)).one()
        setattr(row, field, getattr(row, field) - ago - timedelta(seconds=1))
        db.add(row)
    assert visitor.get("/account").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts(visitor, li_na):
    cookie = enter(visitor).headers["set-cookie"]
    assert ("HttpOnly" in cookie, "SameSite=lax" in cookie, "Path=/" in cookie) == (True, True, True)


@pytest.mark.parametrize("following", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_away_after_signing_in(visitor, li_na, following):
    assert enter(visitor, next=following).headers["location"] == "/"


def test_a_form_that_comes_after_the_session_keeps_what_was_typed(visitor):
    typed = "a long note <b>with</b> every word of it, which must not be lost"
    answer = visitor.post("/account/sessions/end", data={"note": typed, "password": "hidden"})
    assert answer.status_code == 401
    assert "every word of it" in answer.text
    assert "<b>with</b>" not in answer.text
    assert "hidden" not in answer.text.replace('type="hidden"', "").replace(" hidden", "")


def test_a_link_sets_a_password_once(product, visitor):
    with product.sessions.begin() as db:
        member = accounts.add(db, "wang.wei", "王伟", Role.AGENT, None, "test", machine_now())
        token = links.make(db, member, machine_now())
    sent = {"secret": SECRET, "password": PASSWORD, "repeated": PASSWORD, "code": pyotp.TOTP(SECRET).now()}
    assert visitor.get(f"/welcome/{token}").status_code == 200
    assert visitor.post(f"/welcome/{token}", data=sent | {"repeated": "other"}).status_code == 422
    assert visitor.post(f"/welcome/{token}", data=sent | {"code": "000000"}).status_code == 422
    assert visitor.post(f"/welcome/{token}", data=sent).headers["location"] == "/sign-in?done=set_up"
    assert visitor.post(f"/welcome/{token}", data=sent).status_code == 404
    assert visitor.get(f"/welcome/{token}").status_code == 404


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", passwords.TOO_SHORT),
        ("x" * 129, passwords.TOO_LONG),
        ("password1234", passwords.TOO_EASY),
        ("wangwei.wangwei", passwords.TOO_EASY),
        ("111111111111", passwords.TOO_EASY),
        (PASSWORD, None),
        ("北京的秋天落叶很多，适合散步", None),
    ],
)
def test_a_password_is_long_and_hard_to_guess(password, problem):
    assert passwords.weakness(password, ["wangwei", "王伟"]) == problem


def test_the_first_start_offers_a_link_until_somebody_can_sign_in(product, li_na):
    with product.sessions.begin() as db:
        assert accounts.first_link(db, machine_now()) is None
        li_na.password_hash = None
        db.add(li_na)
        db.flush()
        assert accounts.first_link(db, machine_now()) is None


def test_an_empty_store_offers_the_first_link(product):
    with product.sessions.begin() as db:
        first = accounts.first_link(db, machine_now())
        assert first
        assert accounts.first_link(db, machine_now()) != first


def test_a_sample_link_does_not_set_a_password_nor_the_other_way_round(product, visitor):
    with product.sessions.begin() as db:
        member = accounts.add(db, "sample", "Sample", Role.AGENT, None, "demo", machine_now())
        sample, setting = links.make(db, member, machine_now(), sample=True), links.make(db, member, machine_now())
    assert visitor.get(f"/welcome/{sample}").status_code == 404
    assert visitor.post(f"/sample/{setting}").status_code == 404
    assert visitor.get(f"/sample/{sample}").status_code == 200
    assert visitor.post(f"/sample/{sample}").status_code == 303
    assert "Sample" in visitor.get("/account").text


def test_tries_are_in_the_audit_and_passwords_are_not(product, visitor, li_na):
    enter(visitor, password="very secret words")
    enter(visitor)
    with product.sessions.reading() as db:
        entries = db.exec(select(AuditEntry)).all()
    assert {"sign_in_refused", "signed_in"} <= {entry.verb for entry in entries}
    assert "very secret words" not in str([entry.model_dump() for entry in entries])


def test_a_code_of_two_minutes_ago_is_too_old():
    now = machine_now()
    old = pyotp.TOTP(SECRET).at(now - timedelta(minutes=2))
    assert second_factor.counter(SECRET, old, now, None) is None
