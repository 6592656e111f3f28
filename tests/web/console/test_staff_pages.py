"""Accounts in the console: what the command line does, with the link shown once and everything in the audit."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlmodel import select

from outreach.model import AuditEntry, Role, StaffMember
from tests.web.console.conftest import a_branch

NEW = {"login": "wang.fang", "name": "王芳", "role": "reviewer"}


def the_member(product, login: str = "wang.fang") -> StaffMember:
    with product.sessions.reading() as db:
        return db.exec(select(StaffMember).where(StaffMember.login == login)).one()


def link_in(page: str) -> str | None:
    found = re.search(r'id="welcome">http://127.0.0.1:8001(/welcome/[^<]+)<', page)
    return found[1] if found else None


def kept(product) -> list[tuple[str, str]]:
    with product.sessions.reading() as db:
        rows = db.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(one.verb, one.why) for one in rows if one.who == "admin.one" and one.verb != "signed_in"]


def test_an_account_is_added_and_its_link_is_shown_once(product, signed_in, visitor):
    client = signed_in("admin")
    page = client.post("/staff", data=NEW)
    link = link_in(page.text)
    assert visitor.get(link).status_code == 200
    assert link_in(client.get(f"/staff/{the_member(product).id}").text) is None
    assert "wang.fang" in client.get("/staff").text
    assert kept(product) == [("account_added", "")]


def test_who_signs_in_elsewhere_gets_no_link(product, signed_in):
    assert link_in(signed_in("admin").post("/staff", data=NEW | {"oidc": "true"}).text) is None
    assert the_member(product).role is Role.REVIEWER


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"login": "王芳"}, "2 to 80 of the letters"),
        ({"login": "<script>"}, "2 to 80 of the letters"),
        ({"login": "admin.one"}, "is taken"),
        ({"name": " "}, "name is empty"),
        ({"role": "branch_manager"}, "needs a branch"),
        ({"branch": "没有支行"}, "no such branch"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(product, signed_in, change, said):
    page = signed_in("admin").post("/staff", data=NEW | {"name": "王小芳"} | change)
    assert page.status_code == 422
    assert said in page.text
    assert "王小芳" in page.text or "name" in change
    assert kept(product) == []


def test_a_role_and_a_branch_are_changed_and_hold_from_the_next_request_on(product, signed_in):
    a_branch(product)
    client, other = signed_in("admin"), signed_in("reviewer", login="wang.fang")
    address = f"/staff/{the_member(product).id}"
    assert other.get("/review").status_code == 200
    said = {"role": "branch_manager", "branch": "城南支行", "why": "调岗"}
    assert client.post(f"{address}/role", data={"role": "branch_manager", "why": "调岗"}).status_code == 409
    assert client.post(f"{address}/role", data=said).status_code == 303
    assert client.post(f"{address}/role", data={"role": "agent", "why": "调岗"}).status_code == 303
    assert other.get("/review").status_code == 403
    assert (the_member(product).role, the_member(product).branch_id) == (Role.AGENT, None)
    assert kept(product) == [("account_changed", "调岗")] * 2


def test_somebody_is_signed_out_disabled_and_begins_anew(product, signed_in):
    client, other = signed_in("admin"), signed_in("reviewer", login="wang.fang")
    address = f"/staff/{the_member(product).id}"
    assert client.post(f"{address}/sessions/end").status_code == 422
    assert client.post(f"{address}/sessions/end", data={"why": "手机丢失"}).status_code == 303
    assert other.get("/account").status_code == 303
    again = signed_in("reviewer", login="wang.fang")
    assert client.post(f"{address}/disabling", data={"why": "离职"}).status_code == 303
    assert again.get("/account").status_code == 303
    page = client.post(f"{address}/reset", data={"why": "返聘"})
    assert link_in(page.text)
    assert the_member(product).disabled_at is None
    assert kept(product) == [("sessions_ended", "手机丢失"), ("account_disabled", "离职"), ("account_reset", "返聘")]


@pytest.mark.parametrize("act", ["role", "disabling", "reset", "sessions/end"])
def test_nobody_changes_their_own_account(product, signed_in, act):
    client = signed_in("admin")
    mine = the_member(product, "admin.one").id
    answer = client.post(f"/staff/{mine}/{act}", data={"why": "试试", "role": "agent"})
    assert (answer.status_code, "their own account" in answer.text) == (409, True)
    assert client.get("/staff").status_code == 200


def test_an_account_that_is_not_there_is_not_there(signed_in):
    client = signed_in("admin")
    assert client.get(f"/staff/{uuid4()}").status_code == 404
    assert client.post(f"/staff/{uuid4()}/disabling", data={"why": "离职"}).status_code == 404
    assert client.get("/staff/nobody").status_code == 404
