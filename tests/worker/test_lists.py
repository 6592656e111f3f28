"""The list of conversations keeps in step by itself, and reviewers' queues fill."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event, Thread

from sqlmodel import select

from outreach.clock import machine_now
from outreach.model import Conversation, Listing, ReviewAssignment, Role, StaffMember
from outreach.review import sampling
from outreach.worker import lists
from tests.web.console.conftest import built
from tests.web.console.talks import a_talk, say

SECONDS = 20


def until(sessions, statement, true) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with sessions.reading() as db:
            if true(db.exec(statement).all()):
                return
        time.sleep(0.1)
    raise AssertionError(statement)


def test_what_is_said_is_listed_and_what_ended_is_drawn(database_url, tmp_path):
    for product in built(database_url, tmp_path):
        now = product.clock.now()
        with product.sessions.begin() as db:
            db.add(StaffMember(login="li.na", name="李娜", role=Role.REVIEWER, created_at=machine_now()))
            db.flush()
            sampling.plan(
                db,
                script=None,
                outcome=None,
                share=1,
                twice=0,
                reviewers=["li.na"],
                by="x",
                now=now - timedelta(days=1),
            )
        talk = a_talk(product, said=(), opened_at=now - timedelta(hours=3))
        stopped = Event()
        thread = Thread(target=lists.run, args=(product.sessions, product.clock, stopped))
        thread.start()
        try:
            with product.sessions.begin() as db:
                say(db, db.get_one(Conversation, talk), ("customer", "有什么优惠"), now)
            until(product.sessions, select(Listing), lambda rows: "优惠" in rows[0].words)
            until(product.sessions, select(ReviewAssignment), lambda rows: [row.reviewer for row in rows] == ["li.na"])
        finally:
            stopped.set()
            thread.join()
