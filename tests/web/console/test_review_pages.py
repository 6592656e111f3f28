"""Reviewing: judged, flagged, tagged, noted and put right; nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.campaigns.customer_erasure import erase
from outreach.conversations import outcomes
from outreach.model import (
    AuditEntry,
    Conversation,
    Correction,
    Customer,
    Flag,
    Message,
    OutcomeCorrection,
    Review,
    ReviewAssignment,
    Side,
    StaffNote,
    Tag,
)
from outreach.places import CONFIG
from outreach.review import agreement, checklist, sampling, sheet
from outreach.review.checklist import Checklist
from outreach.review.sheet import Writing
from tests.conftest import TUESDAY
from tests.web.console.forms import sent_again
from tests.web.console.talks import a_talk, branch_named, listed

CRITERIA = tuple(checklist.read(CONFIG / "checklist.yml").criteria)
GOOD = dict.fromkeys(CRITERIA, "good")
POOR = dict.fromkeys(CRITERIA, "poor")


def rows(product, table):
    with product.sessions.reading() as db:
        return list(db.exec(select(table)).all())


def save(client, talk, revision=0, **fields):
    return client.post(f"/conversations/{talk}/review", data={"revision": revision, **fields})


def test_what_the_bank_asks_is_what_reviewers_mark(product, signed_in):
    own = Checklist({"greeted": {"zh": "问候客户", "en": "greeted the customer"}})
    product.__dict__["checklist"] = own
    talk = a_talk(product)
    with product.sessions.begin() as db:
        sheet.save(db, talk, Writing({"older": "poor"}), seen=0, by="reviewer.two", now=TUESDAY)
    client = signed_in("reviewer")
    assert "greeted the customer" in client.get(f"/conversations/{talk}").text
    assert "问候客户" in client.get(f"/conversations/{talk}", headers={"Accept-Language": "zh-CN"}).text
    assert save(client, talk, revision=1, greeted="splendid").status_code == 422
    assert save(client, talk, revision=1, greeted="good", heard_rightly="good").status_code == 303
    assert [one.marks for one in rows(product, Review) if one.by == "reviewer.one"] == [{"greeted": "good"}]
    assert "older poor" in client.get(f"/conversations/{talk}").text, "a question that is asked no more"


def test_a_review_is_kept_with_flag_tags_and_note(product, signed_in):
    talk = a_talk(product)
    client = signed_in("reviewer")
    answer = save(client, talk, **GOOD, note="<b>很好</b>", tags="典型，异议 典型", flagged="true", flag_why="看看")
    assert answer.headers["location"] == f"/conversations/{talk}?done=saved"
    assert [review.marks for review in rows(product, Review)] == [GOOD]
    assert {tag.tag for tag in rows(product, Tag)} == {"典型", "异议"}
    assert [note.words for note in rows(product, StaffNote)] == ["<b>很好</b>"]
    assert [flag.why for flag in rows(product, Flag)] == ["看看"]
    verbs = {entry.verb for entry in rows(product, AuditEntry)}
    assert {"conversation_reviewed", "note_added", "conversation_tagged", "conversation_flagged"} <= verbs
    page = client.get(f"/conversations/{talk}").text
    assert ("&lt;b&gt;很好" in page, 'name="revision" value="1"' in page) == (True, True)


def test_the_list_knows_at_once(product, signed_in):
    talk = a_talk(product)
    client = signed_in("reviewer")
    save(client, talk, **GOOD, tags="典型", flagged="true")
    for query in ("flagged=yes", "reviewed=yes", "tag=典型"):
        assert str(talk) in client.get(f"/conversations?{query}").text
    save(client, talk, revision=1)
    for query in ("flagged=yes", "tag=典型", "reviewed=no"):
        assert str(talk) not in client.get(f"/conversations?{query}").text
    assert [flag.lifted_by for flag in rows(product, Flag)] == ["reviewer.one"]


def test_the_second_of_two_who_save_at_once_is_told_and_loses_nothing(product, signed_in):
    talk = a_talk(product)
    first, second = signed_in("reviewer"), signed_in("compliance")
    save(first, talk, **GOOD, tags="一")
    told = save(second, talk, **POOR, tags="二", note="什么都不能丢")
    assert told.status_code == 409
    assert ("reviewer.one" in told.text, "什么都不能丢" in told.text) == (True, True)
    assert {tag.tag for tag in rows(product, Tag)} == {"一"}
    assert len(rows(product, Review)) == 1
    assert save(second, talk, revision=1, **POOR, tags="一 二").status_code == 303
    assert len(rows(product, Review)) == 2


def test_who_has_seen_what_another_saved_saves_theirs_from_the_same_page(product, signed_in):
    talk = a_talk(product)
    first, second = signed_in("reviewer"), signed_in("compliance")
    save(first, talk, **GOOD, tags="一")
    told = save(second, talk, **POOR, tags="二", note="什么都不能丢，" * 9)
    assert re.search(r'<input type="hidden" name="revision" value="1">', told.text)
    assert re.search(r'type="checkbox" name="seen_theirs" value="yes" required', told.text)
    save(first, talk, revision=1, **GOOD, tags="三")
    overtaken_again = sent_again(second, told)
    assert (overtaken_again.status_code, 'name="revision" value="2"' in overtaken_again.text) == (409, True)
    assert overtaken_again.text.count("seen_theirs") == 1, "each time it has to be ticked anew"
    assert sent_again(second, overtaken_again).status_code == 303
    assert {one.by: one.marks for one in rows(product, Review)} == {"reviewer.one": GOOD, "compliance.one": POOR}
    assert {tag.tag for tag in rows(product, Tag)} == {"二"}
    assert [note.words for note in rows(product, StaffNote)] == ["什么都不能丢，" * 9]


def test_an_outcome_put_right_at_the_same_time_is_saved_after_a_look(product, signed_in):
    talk = a_talk(product)
    first, second = signed_in("reviewer"), signed_in("compliance")
    save(first, talk, note="looked")
    told = second.post(
        f"/conversations/{talk}/outcome", data={"revision": 0, "outcome": "considering", "why": "she said so"}
    )
    assert told.status_code == 409
    assert sent_again(second, told).status_code == 303
    assert [one.after for one in rows(product, OutcomeCorrection)] == ["considering"]


def test_a_judgement_with_a_gap_is_not_taken(product, signed_in):
    answer = save(signed_in("reviewer"), a_talk(product), heard_rightly="good", note="dear words")
    assert (answer.status_code, "ended fittingly" in answer.text, "dear words" in answer.text) == (422, True, True)
    assert rows(product, StaffNote) == []


def test_a_session_that_is_over_keeps_the_review_that_was_typed(product, visitor):
    answer = save(visitor, a_talk(product), **GOOD, note="a note of some length which took a while to write down")
    assert (answer.status_code, "took a while to write" in answer.text) == (401, True)


def test_nobody_is_led_by_the_marks_of_others(product, signed_in):
    talk = a_talk(product)
    save(signed_in("reviewer"), talk, **POOR)
    other = signed_in("compliance")
    assert "poor, " not in other.get(f"/conversations/{talk}").text
    save(other, talk, revision=1, **GOOD)
    assert "poor, " in other.get(f"/conversations/{talk}").text


def test_an_outcome_put_right_keeps_the_old_one(product, signed_in):
    talk = a_talk(product)
    client = signed_in("reviewer")
    sent = {"revision": 0, "outcome": "considering", "why": "said she would think about it"}
    assert client.post(f"/conversations/{talk}/outcome", data=sent).status_code == 303
    kept = rows(product, OutcomeCorrection)
    assert [(one.before, one.after, one.by) for one in kept] == [("refused", "considering", "reviewer.one")]
    assert rows(product, Conversation)[0].outcome == "considering"
    assert str(talk) in client.get("/conversations?outcome=considering").text
    assert client.post(f"/conversations/{talk}/outcome", data=sent).status_code == 409
    assert client.post(f"/conversations/{talk}/outcome", data=sent | {"revision": 1, "outcome": "x"}).status_code == 422
    assert signed_in("branch_manager").post(f"/conversations/{talk}/outcome", data=sent).status_code == 403


def test_a_reading_put_right_goes_to_the_training_data(product, signed_in):
    talk = a_talk(product)
    client = signed_in("reviewer")
    message = next(one for one in rows(product, Message) if one.heard.get("intent") == "deny")
    assert "算了不用了" in client.get(f"/messages/{message.id}/reading").text
    sent = {"intent": "consider", "note": "only for now"}
    answer = client.post(f"/messages/{message.id}/reading", data=sent)
    assert answer.headers["location"].endswith(f"#message-{message.id}")
    assert [(one.heard_intent, one.right_intent) for one in rows(product, Correction)] == [("deny", "consider")]
    assert str(talk) in client.get("/conversations?intent=consider").text
    assert "corrected by reviewer.one" in client.get(f"/conversations/{talk}").text
    assert client.post(f"/messages/{message.id}/reading", data={"intent": "nonsense"}).status_code == 422
    bank = next(one for one in rows(product, Message) if one.side is Side.BANK)
    assert client.get(f"/messages/{bank.id}/reading").status_code == 404


def test_another_branchs_conversation_cannot_be_written_on(product, signed_in):
    talk = a_talk(product, branch=branch_named(product, "城北支行"))
    client = signed_in("branch_manager", branch_id=branch_named(product, "城南支行"))
    assert save(client, talk, **GOOD).status_code == 404
    assert client.get(f"/messages/{rows(product, Message)[1].id}/reading").status_code == 404
    assert rows(product, Review) == []


def test_an_erased_customers_notes_are_gone_and_their_words_no_longer_found(product, signed_in):
    talk = a_talk(product, "王芳")
    client = signed_in("reviewer")
    save(client, talk, note="王芳家住城南", flagged="true", flag_why="王芳")
    with product.sessions.begin() as db:
        erase(db, db.exec(select(Customer)).one(), "compliance.one", "asked for it", product.clock.now())
    listed(product)
    page = client.get(f"/conversations/{talk}").text
    assert ("王芳" in page, "额度太低" in page, "（已删除）" in page) == (False, False, True)
    assert str(talk) not in client.get("/conversations?q=额度").text


def plan(client, **fields):
    return client.post("/review/plans", data={"share": 100, "twice": 0, "reviewers": ["reviewer.one"], **fields})


def test_a_plan_fills_the_queue_and_a_review_empties_it(product, signed_in):
    reviewer, planner = signed_in("reviewer"), signed_in("compliance")
    before = a_talk(product, "早先", opened_at=TUESDAY - timedelta(days=3))
    assert plan(planner, outcome="complained").headers["location"] == "/review?done=saved"
    now = product.clock.now()
    complained = a_talk(product, "投诉", outcome="complained", opened_at=now - timedelta(minutes=30))
    a_talk(product, "其他", outcome="refused", opened_at=now - timedelta(minutes=30))
    sampling.draw(product.sessions, now + timedelta(hours=2))
    sampling.draw(product.sessions, now + timedelta(hours=2))
    assert [one.conversation_id for one in rows(product, ReviewAssignment)] == [complained]
    assert str(before) not in reviewer.get("/review").text
    assert reviewer.get("/review/next").headers["location"] == f"/conversations/{complained}"
    assert save(reviewer, complained, **GOOD, following="true").headers["location"] == "/review/next"
    assert reviewer.get("/review/next").headers["location"] == "/review?done=queue_empty"


def test_all_that_ended_in_one_moment_is_drawn_from_however_much_it_is(product, signed_in, monkeypatch):
    signed_in("reviewer")
    with product.sessions.begin() as db:
        everything = {"script": None, "outcome": None, "share": 1, "twice": 0, "reviewers": ["reviewer.one"]}
        sampling.plan(db, **everything, by="x", now=TUESDAY)
    monkeypatch.setattr(sampling, "MOST_AT_ONCE", 3)
    ended = {a_talk(product, f"甲{number}") for number in range(7)}
    ended |= {a_talk(product, "later", opened_at=TUESDAY + timedelta(minutes=30))}
    assert sampling.draw(product.sessions, TUESDAY + timedelta(hours=2)) == len(ended)
    assert {one.conversation_id for one in rows(product, ReviewAssignment)} == ended
    assert sampling.draw(product.sessions, TUESDAY + timedelta(hours=2, minutes=5)) == 0
    ended |= {a_talk(product, "after", opened_at=TUESDAY + timedelta(hours=5))}
    sampling.draw(product.sessions, TUESDAY + timedelta(hours=7))
    assert {one.conversation_id for one in rows(product, ReviewAssignment)} == ended


def test_what_is_found_to_be_a_complaint_later_is_drawn_as_one(product, signed_in):
    signed_in("reviewer")
    with product.sessions.begin() as db:
        for outcome in ("complained", "considering"):
            every = {"script": "card_activation", "outcome": outcome, "share": 1, "twice": 0}
            sampling.plan(db, **every, reviewers=["reviewer.one"], by="x", now=TUESDAY)
    complaint, other, taken_back = (a_talk(product, name) for name in ("甲", "乙", "丙"))
    assert sampling.draw(product.sessions, TUESDAY + timedelta(hours=3)) == 0
    later = TUESDAY + timedelta(hours=30)
    with product.sessions.begin() as db:
        outcomes.correct_outcome(db, complaint, "complained", by="x", why="it was one", now=later)
        outcomes.correct_outcome(db, other, "wrong_person", by="x", why="it was not her", now=later)
        outcomes.correct_outcome(db, taken_back, "complained", by="x", why="it was one", now=later)
        outcomes.correct_outcome(db, taken_back, "refused", by="x", why="it was none", now=later)
    sampling.draw(product.sessions, TUESDAY + timedelta(hours=29))
    assert rows(product, ReviewAssignment) == []
    assert sampling.draw(product.sessions, TUESDAY + timedelta(hours=31)) == 1
    assert [one.conversation_id for one in rows(product, ReviewAssignment)] == [complaint]


def test_a_conversation_read_twice_shows_how_far_two_agree(product, signed_in):
    reviewer, planner = signed_in("reviewer"), signed_in("compliance")
    plan(planner, twice=100, reviewers=["reviewer.one", "compliance.one"])
    now = product.clock.now()
    talk = a_talk(product, opened_at=now - timedelta(minutes=30))
    sampling.draw(product.sessions, now + timedelta(hours=2))
    assert {one.reviewer for one in rows(product, ReviewAssignment)} == {"reviewer.one", "compliance.one"}
    save(reviewer, talk, **GOOD)
    save(planner, talk, revision=1, **(GOOD | {"heard_rightly": "poor"}))
    with product.sessions.reading() as db:
        found = {one.criterion: one.same for one in agreement.of(db, now - timedelta(days=1))}
    assert found == dict.fromkeys(CRITERIA, 1.0) | {"heard_rightly": 0.0}
    assert "compliance.one · reviewer.one" in planner.get("/review").text


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"share": 0}, "share"),
        ({"share": 101}, "share"),
        ({"outcome": "nothing"}, "outcome"),
        ({"reviewers": []}, "reviewers"),
        ({"reviewers": ["agent.one"]}, "reviewers"),
        ({"twice": 50}, "twice"),
    ],
    ids=str,
)
def test_a_plan_that_makes_no_sense_is_refused_by_field(product, signed_in, fields, named):
    signed_in("reviewer"), signed_in("agent")
    answer = plan(signed_in("compliance"), **fields)
    assert (answer.status_code, f"<strong>{named}</strong>" in answer.text) == (422, True)


def test_an_ended_plan_draws_no_more(product, signed_in):
    signed_in("reviewer")
    planner = signed_in("compliance")
    plan(planner)
    path = re.search(r'action="(/review/plans/[^"]+/end)"', planner.get("/review").text)[1]
    planner.post(path)
    now = product.clock.now()
    a_talk(product, opened_at=now - timedelta(minutes=30))
    assert sampling.draw(product.sessions, now + timedelta(hours=2)) == 0


def test_only_those_who_may_see_a_customer_are_given_the_conversation(product, signed_in):
    south, north = branch_named(product, "城南支行"), branch_named(product, "城北支行")
    signed_in("branch_manager", branch_id=south)
    plan(signed_in("compliance"), reviewers=["branch_manager.one"])
    now = product.clock.now()
    seen = a_talk(product, branch=south, opened_at=now - timedelta(minutes=30))
    a_talk(product, branch=north, opened_at=now - timedelta(minutes=30))
    sampling.draw(product.sessions, now + timedelta(hours=2))
    assert [one.conversation_id for one in rows(product, ReviewAssignment)] == [seen]


def test_a_customer_who_went_to_another_branch_leaves_the_queue_of_the_old_one(product, signed_in):
    south, north = branch_named(product, "城南支行"), branch_named(product, "城北支行")
    manager = signed_in("branch_manager", branch_id=south)
    gone = a_talk(product, "王小芳", branch=south)
    stays = a_talk(product, "李雷", branch=south, opened_at=TUESDAY + timedelta(minutes=5))
    with product.sessions.begin() as db:
        every = {"script": None, "outcome": None, "share": 1, "twice": 0, "reviewers": ["branch_manager.one"]}
        sampling.plan(db, **every, by="x", now=TUESDAY)
    assert sampling.draw(product.sessions, TUESDAY + timedelta(hours=2)) == 2
    with product.sessions.begin() as db:
        assigned = db.get_one(ReviewAssignment, (stays, "branch_manager.one"))
        assigned.assigned_at += timedelta(minutes=1)
        db.get_one(Customer, db.get_one(Conversation, gone).customer_id).branch_id = north
    listed(product)
    page = manager.get("/review").text
    assert ("李雷" in page, "王小芳" in page) == (True, False)
    following = manager.get("/review/next").headers["location"]
    assert (following, manager.get(following).status_code) == (f"/conversations/{stays}", 200)
