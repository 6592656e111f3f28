"""A customer's page: what is kept, masked by role; stopped, corrected, handed over, erased on request."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from sqlmodel import select

from outreach.model import AuditEntry, Card, Customer, Message, Role, Suppression, suppressions
from outreach.rules.channel import Channel
from tests.web.console.conftest import a_branch
from tests.web.console.work import staged, talk

WHY = {"why": "asked at the counter"}


@pytest.fixture
def customer(product):
    stage = staged(product)
    talk(stage, "方便", "=1+1")
    with product.sessions.reading() as db:
        found = db.exec(select(Customer)).one()
    yield found
    stage.sender.close()


@pytest.mark.parametrize("who", ["13800138000", "+86 138 0013 8000"])
def test_a_customer_is_found_by_number_and_the_number_is_in_no_address(customer, signed_in, who):
    found = signed_in("agent").post("/customers", data={"who": who})
    assert found.headers["location"] == f"/customers/{customer.id}"


def test_nobody_is_found_in_another_branch(product, customer, signed_in):
    elsewhere = signed_in("agent", login="agent.north", branch_id=a_branch(product, "城北支行"))
    assert elsewhere.post("/customers", data={"who": "13800138000"}).status_code == 404
    assert elsewhere.get(f"/customers/{customer.id}").status_code == 404
    assert "No customer" in signed_in("agent").post("/customers", data={"who": "nobody"}).text


def test_the_page_masks_the_number_and_the_look_is_in_the_audit(product, customer, signed_in):
    client = signed_in("agent")
    page = client.get(f"/customers/{customer.id}").text
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "****6612" in page
    shown = client.post(f"/customers/{customer.id}/number", data=WHY)
    assert "13800138000" in shown.text
    with product.sessions.reading() as db:
        done = {one.verb: one.why for one in db.exec(select(AuditEntry).where(AuditEntry.what == customer.id))}
    assert done["number_shown"] == WHY["why"]
    assert "customer_viewed" in done


def test_a_refusal_told_to_a_person_holds_until_compliance_lifts_it(product, customer, signed_in):
    signed_in("agent").post(f"/customers/{customer.id}/stop", data={**WHY, "channel": "voice"})
    with product.sessions.reading() as db:
        assert suppressions.stands(db, customer.phone_hash, Channel.VOICE)
        assert not suppressions.stands(db, customer.phone_hash, Channel.SMS)
    assert signed_in("agent").post(f"/customers/{customer.id}/lift", data=WHY).status_code == 403
    signed_in("compliance").post(f"/customers/{customer.id}/lift", data=WHY)
    with product.sessions.reading() as db:
        assert not suppressions.stands(db, customer.phone_hash, Channel.VOICE)


def test_a_name_is_corrected_on_request(product, customer, signed_in):
    signed_in("compliance").post(f"/customers/{customer.id}/name", data={**WHY, "name": "王方"})
    with product.sessions.reading() as db:
        assert db.get_one(Customer, customer.id).name == "王方"


def test_everything_kept_is_handed_over_and_no_cell_is_a_formula(customer, signed_in):
    client = signed_in("compliance")
    book = client.post(f"/customers/{customer.id}/export", data={**WHY, "form": "xlsx"})
    assert book.headers["content-disposition"] == f'attachment; filename="customer-{customer.id}.xlsx"'
    cells = [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(book.content)) for row in sheet for cell in row]
    assert "'=1+1" in cells
    assert "'+8613800138000" in cells
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@"))]
    record = json.loads(client.post(f"/customers/{customer.id}/export", data={**WHY, "form": "json"}).content)
    assert record["phone"] == "+8613800138000"
    assert record["conversations"][0]["messages"]


def test_an_erased_customer_leaves_only_that_they_may_not_be_reached(product, customer, signed_in):
    client = signed_in("compliance")
    assert client.post(f"/customers/{customer.id}/erase", data=WHY).status_code == 422, "not without being sure"
    client.post(f"/customers/{customer.id}/erase", data={**WHY, "sure": "yes"})
    page = client.get(f"/customers/{customer.id}").text
    assert "王芳" not in page
    assert "138" not in page.split("<main")[1]
    with product.sessions.reading() as db:
        assert db.exec(select(Card)).all() == []
        assert {one.text for one in db.exec(select(Message))} == {"（已删除）"}
        assert db.exec(select(Suppression)).one().phone_hash == customer.phone_hash
        assert suppressions.stands(db, customer.phone_hash, Channel.SMS)


def test_how_long_each_kind_is_kept_is_shown(product, signed_in):
    page = signed_in("compliance").get("/customers").text
    assert "for ever" in page
    assert page.count("<tr>") == len(product.house.policy.retention) + 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MARKETER, Role.ADMIN])
def test_other_roles_see_no_customer(customer, signed_in, role):
    assert signed_in(role).get(f"/customers/{customer.id}").status_code == 403
