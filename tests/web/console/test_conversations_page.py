"""The list of conversations: every filter leaves out what does not match, and pages go on where the last ended."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from outreach.model import Conversation, Customer, Message, SavedView
from tests.conftest import TUESDAY
from tests.web.console.conftest import as_role, built
from tests.web.console.talks import a_talk, branch_named, listed

AGREED = (
    ("bank", "您好"),
    ("customer", "好的，明天下午去", {"intent": "affirm", "confidence": 0.98, "runners_up": []}),
)
LOST = (("bank", "您好"), ("customer", "咕噜咕噜", {"intent": "nlu_fallback", "confidence": 0.2, "runners_up": []}))


@pytest.fixture
def store(product):
    """Three conversations that differ in everything."""
    return filled(product)


@pytest.fixture(scope="module")
def shelf(database_url_of_module, tmp_path_factory):
    """The same, filled once for tests that only read it."""
    for product in built(database_url_of_module, tmp_path_factory.mktemp("shelf")):
        yield filled(product)


@pytest.fixture(scope="module")
def reader(shelf):
    return as_role(shelf, "agent")


def filled(product):
    south, north = branch_named(product, "城南支行"), branch_named(product, "城北支行")
    a_talk(product, "王芳", branch=south, manager="张经理", campaign="spring")
    a_talk(
        product, "李强", AGREED, outcome="visit_booked", branch=north, manager="李经理", campaign="autumn", variant="b",
        channel="voice", opened_at=TUESDAY + timedelta(days=2), rating=2,
    )  # fmt: skip
    a_talk(product, "赵敏", LOST, outcome=None, branch=south, manager="周经理", opened_at=TUESDAY + timedelta(days=5))
    return product


def names(page) -> set[str]:
    return {name for name in ("王芳", "李强", "赵敏") if name in page.text}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"王芳", "李强", "赵敏"}),
        ("campaign=spring", {"王芳"}),
        ("campaign=winter", set()),
        ("script=card_activation", {"王芳", "李强", "赵敏"}),
        ("script=other", set()),
        ("version=1", {"王芳", "李强", "赵敏"}),
        ("version=2", set()),
        ("variant=b", {"李强"}),
        ("channel=voice", {"李强"}),
        ("state=open", {"赵敏"}),
        ("outcome=refused", {"王芳"}),
        ("grade=A", {"李强"}),
        ("intent=object_low_limit", {"王芳"}),
        ("doubtful=yes", {"王芳", "赵敏"}),
        ("not_understood=yes", {"赵敏"}),
        ("refusing=yes", {"王芳"}),
        ("branch=%E5%9F%8E%E5%8D%97%E6%94%AF%E8%A1%8C", {"王芳", "赵敏"}),
        ("manager=%E6%9D%8E%E7%BB%8F%E7%90%86", {"李强"}),
        ("since=2026-11-25&until=2026-11-26", {"李强"}),
        ("since=2026-11-29", {"赵敏"}),
        ("until=2026-11-24", {"王芳"}),
        ("rating=2", {"李强"}),
        ("rating=5", set()),
        ("flagged=yes", set()),
        ("reviewed=no", {"王芳", "李强", "赵敏"}),
        ("q=额度", {"王芳"}),
        ("q=优惠", {"王芳"}),
        ("q=优惠 额度", {"王芳"}),
        ("q=优惠 明天", set()),
        ("q=ＸＸ银行", {"王芳"}),
        ("q=%F0%9F%98%80", set()),
        ("q=<script>", set()),
        ("q=%27%20OR%201=1", set()),
        ("intent=deny&outcome=refused&branch=%E5%9F%8E%E5%8D%97%E6%94%AF%E8%A1%8C&q=洗车", {"王芳"}),
    ],
)
def test_a_filter_leaves_out_what_does_not_match(reader, query, found):
    page = reader.get(f"/conversations?{query}")
    assert (page.status_code, names(page)) == (200, found)
    if not found:
        assert "No conversation matches" in page.text


@pytest.mark.parametrize("query", ["version=many", "since=soon", "flagged=perhaps", "rating=good"])
def test_a_filter_that_cannot_be_read_is_named(reader, query):
    page = reader.get(f"/conversations?{query}")
    assert (page.status_code, query.split("=")[0] in page.text) == (422, True)


def test_a_grade_that_comes_later_is_found_too(store, signed_in):
    with store.sessions.begin() as db:
        talk = db.exec(
            select(Conversation).join(Customer, Customer.id == Conversation.customer_id).where(Customer.name == "王芳")
        ).one()
        talk.rating = 5
        db.add(talk)
    listed(store)
    client = signed_in("agent")
    assert names(client.get("/conversations?rating=5")) == {"王芳"}
    assert "<dt>Rating</dt><dd>5 of 5</dd>" in client.get(f"/conversations/{talk.id}").text


def test_branch_staff_see_their_branch_only(shelf):
    south = branch_named(shelf, "城南支行")
    client = as_role(shelf, "agent", login="of.south", branch_id=south)
    assert names(client.get("/conversations")) == {"王芳", "赵敏"}
    assert names(client.get("/conversations?branch=城北支行")) == set()
    assert "李经理" not in client.get("/conversations").text


def test_a_customer_who_moves_to_another_branch_moves_in_the_list(store, signed_in):
    with store.sessions.begin() as db:
        customer = db.exec(select(Customer).where(Customer.name == "王芳")).one()
        customer.branch_id = branch_named(store, "城北支行")
        db.add(customer)
    listed(store)
    client = signed_in("agent", login="of.south", branch_id=branch_named(store, "城南支行"))
    assert names(client.get("/conversations")) == {"赵敏"}


def test_words_that_are_forgotten_are_no_longer_found(store, signed_in):
    with store.sessions.begin() as db:
        for message in db.exec(select(Message)).all():
            message.text = "（已删除）"
            db.add(message)
    listed(store)
    assert names(signed_in("agent").get("/conversations?q=额度")) == set()


@pytest.mark.parametrize(
    ("role", "shown"), [("agent", True), ("compliance", True), ("marketer", False), ("reviewer", False)]
)
def test_names_are_masked_for_those_who_need_not_know_them(shelf, role, shown):
    page = as_role(shelf, role).get("/conversations").text
    assert ("王芳" in page) is shown
    assert ("王*" in page) is not shown


def test_pages_hold_every_conversation_once(product, signed_in):
    for number in range(60):
        a_talk(product, f"客户{number:02}号", (("bank", "您好"),), opened_at=TUESDAY + timedelta(minutes=number // 7))
    client, path, seen = signed_in("agent"), "/conversations", []
    for _ in range(5):
        page = client.get(path).text
        seen += [part.split("<")[0] for part in page.split('">客户')[1:]]
        if 'rel="next"' not in page:
            break
        path = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("after", ["2000-01-01T00:00:00+00:00_" + str(uuid4()), "nonsense", "2026_x"])
def test_a_page_past_the_end_leads_back(reader, after):
    page = reader.get("/conversations", params={"after": after})
    assert (page.status_code, "There is nothing older" in page.text) == (200, True)


def test_a_view_is_kept_under_its_name_and_removed_by_its_owner_only(store, signed_in):
    client, other = signed_in("agent"), signed_in("agent", login="agent.two")
    kept = client.post("/views", data={"name": "<b>mine</b>", "query": "outcome=refused&done=saved&after=x"})
    assert kept.headers["location"] == "/conversations?outcome=refused&done=saved"
    page = client.get("/conversations").text
    assert "&lt;b&gt;mine&lt;/b&gt;" in page
    assert "mine" not in other.get("/conversations").text
    with store.sessions.reading() as db:
        view = db.exec(select(SavedView)).one()
    other.delete(f"/views/{view.id}")
    assert "mine" in client.get("/conversations").text
    client.delete(f"/views/{view.id}")
    assert "mine" not in client.get("/conversations").text


def test_what_is_typed_into_a_filter_is_shown_and_never_run(signed_in):
    page = (
        signed_in("agent").get("/conversations?q=\"><script>alert(1)</script>&campaign=<img src=x>&manager='><b>").text
    )
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in page


def test_the_words_of_both_sides_are_found(reader):
    assert names(reader.get("/conversations?q=洗车")) == {"王芳"}
    assert names(reader.get("/conversations?q=不想用")) == {"王芳"}
