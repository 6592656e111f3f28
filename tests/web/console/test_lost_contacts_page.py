"""Numbers that reach nobody: listed, put right by somebody who says how they know."""

from __future__ import annotations

import pytest
from sqlmodel import select

from outreach.model import AuditEntry, Customer, TaskKind, TaskState, suppressions
from outreach.model.suppression import Source
from outreach.rules.channel import Channel
from tests.conftest import TUESDAY
from tests.web.console.conftest import a_branch
from tests.web.console.work import staged, talk, the_task


@pytest.fixture
def lost(product):
    stage = staged(product)
    talk(stage, "我不是她")
    yield the_customer(product)
    stage.sender.close()


def the_customer(product) -> Customer:
    with product.sessions.reading() as db:
        return db.exec(select(Customer).where(Customer.name == "王芳")).one()


def test_a_lost_customer_is_listed_with_a_masked_number(product, lost, signed_in):
    page = signed_in("agent").get("/lost-contacts").text
    assert "王芳" in page
    assert "138****8000" in page
    elsewhere = signed_in("agent", login="agent.north", branch_id=a_branch(product, "城北支行"))
    assert "王芳" not in elsewhere.get("/lost-contacts").text
    assert elsewhere.get(f"/lost-contacts/{lost.id}").status_code == 404


def test_a_corrected_number_is_used_again_and_ends_the_task(product, lost, signed_in):
    with product.sessions.begin() as db:
        suppressions.add(db, lost.phone_hash, Channel.VOICE, Source.SAID, "别打电话", TUESDAY, lost.id)
    answer = signed_in("agent").post(f"/lost-contacts/{lost.id}", data={"number": "139 1234 5678", "why": "her branch"})
    assert answer.headers["location"] == "/lost-contacts?done=number_corrected"
    now = the_customer(product)
    assert now.phone_bad_since is None
    assert product.sealer.open(now.phone_sealed) == "+8613912345678"
    assert the_task(product, TaskKind.WRONG_NUMBER).state is TaskState.DONE
    with product.sessions.reading() as db:
        assert suppressions.stands(db, now.phone_hash, Channel.VOICE), "a refusal holds for the new number, too"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1380013800", "少一位数字"), ("95588", "不是手机或固定电话"), ("", "没有号码"), ("13800138009", "另一位客户")],
)
def test_a_number_that_cannot_be_hers_is_refused_with_what_would_be_right(product, lost, signed_in, typed, said):
    with product.sessions.begin() as db:
        number = "+8613800138009"
        db.add(
            Customer(
                name="李雷",
                phone_sealed=product.sealer.seal(number),
                phone_hash=product.sealer.find(number),
                created_at=TUESDAY,
            )
        )
    refused = signed_in("agent").post(f"/lost-contacts/{lost.id}", data={"number": typed, "why": "her branch"})
    assert refused.status_code == 422
    assert said in refused.text
    assert the_customer(product).phone_bad_since is not None


def test_a_branch_is_not_told_whose_number_it_is_and_the_try_is_in_the_audit(product, lost, signed_in):
    number, north = "+8613800138009", a_branch(product, "城北支行")
    with product.sessions.begin() as db:
        held = {"phone_sealed": product.sealer.seal(number), "phone_hash": product.sealer.find(number)}
        db.add(Customer(name="李雷", ref="N00777", branch_id=north, created_at=TUESDAY, **held))
    typed = {"number": "13800138009", "why": "her branch"}
    refused = signed_in("branch_manager", branch_id=lost.branch_id).post(f"/lost-contacts/{lost.id}", data=typed)
    assert (refused.status_code, "另一位客户" in refused.text, "N00777" in refused.text) == (422, True, False)
    assert "N00777" in signed_in("agent").post(f"/lost-contacts/{lost.id}", data=typed).text
    with product.sessions.reading() as db:
        tried = db.exec(select(AuditEntry).where(AuditEntry.verb == "number_refused")).all()
    assert {(one.who, one.what, one.why) for one in tried} == {
        ("branch_manager.one", lost.id, "her branch"), ("agent.one", lost.id, "her branch"),
    }  # fmt: skip
    assert "138" not in str([one.details for one in tried])
