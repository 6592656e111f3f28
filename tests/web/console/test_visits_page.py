"""Visits: by day and branch; the customer came, did not come, or comes when the branch is open and has room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import Branch, Customer, Visit, VisitState
from tests.web.console.conftest import a_branch
from tests.web.console.forms import sent_again
from tests.web.console.work import BOOKS, staged, talk, visits_of

DAY = "2026-11-26"


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def test_a_day_and_a_week_show_who_comes(product, stage, signed_in):
    talk(stage, *BOOKS)
    client = signed_in("branch_manager")
    assert "王芳" in client.get("/visits", params={"day": DAY}).text
    assert "王芳" not in client.get("/visits", params={"day": "2026-11-27"}).text
    assert "王芳" in client.get("/visits", params={"day": "2026-11-23", "span": "week"}).text


def test_another_branch_does_not_see_them(product, stage, signed_in):
    visit = visits_of(product, talk(stage, *BOOKS))[0]
    elsewhere = signed_in("agent", login="agent.north", branch_id=a_branch(product, "城北支行"))
    assert "王芳" not in elsewhere.get("/visits", params={"day": DAY}).text
    assert elsewhere.get(f"/visits/{visit.id}").status_code == 404


@pytest.fixture
def elsewhere(product, stage):
    """A visit of a customer of 城南支行 at 城北支行, with the ids of both branches and of the customer."""
    visit = visits_of(product, talk(stage, *BOOKS))[0]
    south, north = visit.branch_id, a_branch(product, "城北支行")
    with product.sessions.begin() as db:
        moved = db.get_one(Visit, visit.id)
        moved.branch_id = north
        db.get_one(Branch, north).hours = db.get_one(Branch, south).hours
        db.get_one(Customer, visit.customer_id).ref = "C00017"
    return moved, south, north


def test_the_branch_that_receives_a_customer_keeps_the_visit_and_sees_no_more_of_them(product, elsewhere, signed_in):
    visit, _, north = elsewhere
    there = signed_in("agent", login="agent.north", branch_id=north)
    assert "王芳" in there.get("/visits", params={"day": DAY}).text
    page = there.get(f"/visits/{visit.id}").text
    assert [said in page for said in ("王芳", "a customer of 城南支行", "card_activation", "张经理")] == [True] * 4
    assert f"/conversations/{visit.conversation_id}" not in page
    taken = there.get("/visits.csv", params={"day": DAY}).text
    assert ("王芳" in taken, "C00017" in taken) == (True, False)
    for path in (f"/conversations/{visit.conversation_id}", f"/customers/{visit.customer_id}"):
        assert there.get(path).status_code == 404
    moved = {"seen": "booked", "date": "2026-11-27", "part": "morning"}
    assert there.post(f"/visits/{visit.id}/move", data=moved).status_code == 303


def test_a_customers_own_branch_sees_their_visit_elsewhere_and_changes_nothing(product, stage, elsewhere, signed_in):
    visit, south, north = elsewhere
    at_home = signed_in("agent", login="agent.south", branch_id=south)
    stage.later(timedelta(days=2))
    listed = at_home.get("/visits", params={"day": DAY}).text
    assert ("王芳" in listed, "Did not come" in listed) == (True, False)
    page = at_home.get(f"/visits/{visit.id}").text
    assert ("The branch that receives the customer" in page, f"/visits/{visit.id}/move" in page) == (True, False)
    assert f"/conversations/{visit.conversation_id}" in page
    assert "C00017" in at_home.get("/visits.csv", params={"day": DAY}).text
    assert "王芳" not in at_home.get("/visits", params={"day": DAY, "branch": south}).text
    moved = {"seen": "booked", "date": "2026-11-27", "part": "morning"}
    assert at_home.post(f"/visits/{visit.id}/move", data=moved).status_code == 404
    assert at_home.post(f"/visits/{visit.id}/came", data={"seen": "booked", "state": "arrived"}).status_code == 404
    assert "王芳" in signed_in("agent").get("/visits", params={"day": DAY, "branch": north}).text


def test_nobody_has_come_before_the_day(product, stage, signed_in):
    visit = visits_of(product, talk(stage, *BOOKS))[0]
    came = {"seen": "booked", "state": "arrived"}
    assert signed_in("agent").post(f"/visits/{visit.id}/came", data=came).status_code == 422


def test_a_customer_came_or_did_not_and_a_slip_is_put_right(product, stage, signed_in):
    conversation = talk(stage, *BOOKS)
    visit, client = visits_of(product, conversation)[0], signed_in("agent")
    stage.later(timedelta(days=2))
    client.post(f"/visits/{visit.id}/came", data={"seen": "booked", "state": "no_show"})
    assert visits_of(product, conversation)[0].state is VisitState.NO_SHOW
    client.post(f"/visits/{visit.id}/came", data={"seen": "no_show", "state": "arrived"})
    assert visits_of(product, conversation)[0].state is VisitState.ARRIVED
    late = client.post(f"/visits/{visit.id}/came", data={"seen": "booked", "state": "no_show"})
    assert late.status_code == 409
    assert "agent.one saved this meanwhile" in late.text
    assert sent_again(client, late).status_code == 303
    assert visits_of(product, conversation)[0].state is VisitState.NO_SHOW


def test_a_moved_visit_stands_at_its_new_time_only(product, stage, signed_in):
    conversation = talk(stage, *BOOKS)
    visit, client = visits_of(product, conversation)[0], signed_in("agent")
    moved = client.post(
        f"/visits/{visit.id}/move", data={"seen": "booked", "date": "2026-11-27", "part": "afternoon", "hour": "15:30"}
    )
    assert moved.headers["location"] == "/visits?day=2026-11-27&done=moved"
    before, after = visits_of(product, conversation)
    assert (before.state, after.state, f"{after.date} {after.hour:%H:%M}") == (
        VisitState.MOVED, VisitState.BOOKED, "2026-11-27 15:30",
    )  # fmt: skip


def test_what_staff_moved_is_what_the_customer_changes_next(product, stage, signed_in):
    conversation = talk(stage, *BOOKS)
    with product.sessions.begin() as db:
        db.get_one(Visit, visits_of(product, conversation)[0].id).party_size = 3
    visit, client = visits_of(product, conversation)[0], signed_in("agent")
    client.post(f"/visits/{visit.id}/move", data={"seen": "booked", "date": "2026-11-27", "part": "afternoon"})
    assert visits_of(product, conversation)[-1].party_size == 3
    stage.dialogue = Rehearsal(lambda _words: "reschedule")
    stage.hears("改到上午")
    assert [(f"{one.date} {one.part}", one.state) for one in visits_of(product, conversation)] == [
        ("2026-11-26 morning", VisitState.MOVED),
        ("2026-11-27 afternoon", VisitState.MOVED),
        ("2026-11-27 morning", VisitState.BOOKED),
    ]


def test_who_did_not_come_and_arranged_another_visit_has_that_one(product, stage, signed_in):
    conversation = talk(stage, *BOOKS)
    missed, client = visits_of(product, conversation)[0], signed_in("agent")
    stage.later(timedelta(days=2))
    client.post(f"/visits/{missed.id}/came", data={"seen": "booked", "state": "no_show"})
    stage.dialogue = Rehearsal(lambda _words: "reschedule")
    stage.hears("改到明天下午")
    assert [one.state for one in visits_of(product, conversation)] == [VisitState.NO_SHOW, VisitState.BOOKED]
    moved = {"seen": "no_show", "date": "2026-11-30", "part": "morning"}
    answer = client.post(f"/visits/{missed.id}/move", data=moved)
    assert (answer.status_code, "arranged another visit already" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("date", "part", "said"),
    [
        ("2026-11-28", "morning", "closed then"),
        ("2026-11-23", "morning", "has passed"),
        ("2026-11-27", "evening", "closed then"),
    ],
)
def test_a_visit_is_not_moved_to_when_the_branch_cannot(product, stage, signed_in, date, part, said):
    conversation = talk(stage, *BOOKS)
    visit = visits_of(product, conversation)[0]
    refused = signed_in("agent").post(f"/visits/{visit.id}/move", data={"seen": "booked", "date": date, "part": part})
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{date}"' in refused.text
    assert [one.state for one in visits_of(product, conversation)] == [VisitState.BOOKED]


def test_a_full_half_day_takes_nobody_more(product, stage, signed_in):
    first = talk(stage, *BOOKS)
    second = talk(stage, "方便", "行", "明天下午", phone="+8613800138001", name="李雷", card_tail="6613")
    with product.sessions.begin() as db:
        branch = db.get_one(Branch, visits_of(product, first)[0].branch_id)
        branch.visits_per_half_day = 1
        db.add(branch)
    visit = visits_of(product, second)[0]
    full = signed_in("agent").post(f"/visits/{visit.id}/move", data={"seen": "booked", "date": DAY, "part": "morning"})
    assert full.status_code == 422
    assert "no place left" in full.text
