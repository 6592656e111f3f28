"""Reviewing with the keyboard alone, and what planners see."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from outreach.model import Flag, Review
from outreach.places import CONFIG
from outreach.review import checklist, sampling, sheet
from outreach.review.sheet import Writing
from tests.web.console.talks import a_talk

CRITERIA = tuple(checklist.read(CONFIG / "checklist.yml").criteria)


def test_a_reviewer_needs_no_mouse(product, seated):
    seat = seated("reviewer")
    now = product.clock.now()
    with product.sessions.begin() as db:
        sampling.plan(
            db,
            script=None,
            outcome=None,
            share=1,
            twice=0,
            reviewers=["reviewer.one"],
            by="x",
            now=now - timedelta(days=1),
        )
    a_talk(product, "王芳", opened_at=now - timedelta(hours=5))
    a_talk(product, "李强", opened_at=now - timedelta(hours=4))
    sampling.draw(product.sessions, now)
    page = seat.go("/review")
    seat.look("review-queue")
    page.keyboard.press("x")
    page.wait_for_url("**/conversations/*")
    first = page.url
    seat.look("conversation-review")
    for key in "12345":
        page.keyboard.press(key)
        page.keyboard.press("Space")
    page.keyboard.press("f")
    page.keyboard.press("n")
    page.keyboard.type("语气合适")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.wait_for_url(lambda url: "/conversations/" in url and url != first)
    page.get_by_role("heading", name="李*").wait_for()
    with product.sessions.reading() as db:
        assert [review.marks for review in db.exec(select(Review)).all()] == [dict.fromkeys(CRITERIA, "good")]
        assert len(db.exec(select(Flag)).all()) == 1
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reading")
    seat.look("reading")


def test_a_planner_sees_plans_queues_and_agreement(product, seated):
    seat = seated("compliance")
    seated("reviewer")
    now = product.clock.now()
    with product.sessions.begin() as db:
        sampling.plan(
            db, script="card_activation", outcome="refused", share=0.5, twice=0.5,
            reviewers=["reviewer.one", "compliance.one"], by="compliance.one", now=now,
        )  # fmt: skip
        for number, mark in enumerate(("good", "poor", "good")):
            talk = a_talk(product, f"客户{number}")
            sheet.save(db, talk, Writing(dict.fromkeys(CRITERIA, "good")), seen=0, by="reviewer.one", now=now)
            sheet.save(db, talk, Writing(dict.fromkeys(CRITERIA, mark)), seen=1, by="compliance.one", now=now)
    seat.go("/review")
    seat.look("review-planning")


def test_the_second_of_two_reviewers_looks_and_saves_theirs_too(product, seated):
    talk = a_talk(product, "王芳")
    first, second = seated("reviewer", "en"), seated("compliance", "en")
    for seat, words in ((first, "well told"), (second, "too long")):
        seat.go(f"/conversations/{talk}").get_by_label("Note").fill(words)
    first.page.get_by_role("button", name="Save s", exact=True).click()
    first.page.get_by_text("Saved.").wait_for()
    second.page.get_by_role("button", name="Save s", exact=True).click()
    second.page.get_by_role("heading", name="Not saved yet").wait_for()
    second.expect_complaint(409)
    second.look("overtaken")
    assert second.page.get_by_label("revision").count() == 0
    second.page.get_by_role("checkbox", name="I have seen what was saved").check()
    second.page.get_by_role("button", name="Send once more").click()
    second.page.get_by_text("Saved.").wait_for()
    assert second.page.locator("p.note").count() == 2
