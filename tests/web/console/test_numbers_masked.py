"""Numbers in what was said are masked for everybody until they say why they need them, wherever the words are shown."""

from __future__ import annotations

import pytest
from sqlmodel import select

from outreach.model import AuditEntry, Message, Side, StaffTask, TaskKind
from tests.conftest import TUESDAY
from tests.web.console.talks import a_talk

WHOLE, SHOWN = "139 1234 5678", "139 **** 5678"
LINE = "我是张经理，请问是王芳女士吗？网点电话0571-88886666。"
SAID = (("bank", LINE), ("customer", f"打我另一个号{WHOLE}，找李建国", {"intent": "callback_at", "confidence": 0.9}))
WHY = {"why": "to call her there"}


def task(product, **fields):
    with product.sessions.begin() as db:
        made = StaffTask(kind=TaskKind.UNKNOWN_SENDER, note=f"打{WHOLE}", created_at=TUESDAY, due_at=TUESDAY, **fields)
        db.add(made)
        db.flush()
        return made.id


def entries(product, verb):
    with product.sessions.reading() as db:
        return db.exec(select(AuditEntry).where(AuditEntry.verb == verb)).all()


@pytest.mark.parametrize("role", ["agent", "reviewer", "marketer", "compliance"])
def test_a_transcript_shows_no_number_that_a_customer_said(product, signed_in, role):
    talk, client = a_talk(product, said=SAID), signed_in(role)
    for path in (f"/conversations/{talk}", f"/conversations/{talk}/messages"):
        page = client.get(path).text
        assert (SHOWN in page, WHOLE in page) == (True, False), path
        assert "0571-88886666" in page, "what a script says of the bank is no secret"


def test_a_reading_is_put_right_without_the_number(product, signed_in):
    talk = a_talk(product, said=SAID)
    with product.sessions.reading() as db:
        heard = db.exec(select(Message).where(Message.conversation_id == talk, Message.side == Side.CUSTOMER)).one()
    page = signed_in("reviewer").get(f"/messages/{heard.id}/reading").text
    assert (SHOWN in page, WHOLE in page) == (True, False)


def test_staff_who_say_why_see_it_and_the_audit_holds_the_reason(product, signed_in):
    talk, client = a_talk(product, said=SAID), signed_in("agent")
    assert f"/conversations/{talk}/numbers" in client.get(f"/conversations/{talk}").text
    assert client.post(f"/conversations/{talk}/numbers", data={"why": ""}).status_code == 422
    page = client.post(f"/conversations/{talk}/numbers", data=WHY).text
    assert (WHOLE in page, "Why you need" in page) == (True, False)
    (entry,) = entries(product, "words_shown")
    assert (entry.who, entry.what, entry.why, "1234" in str(entry.details)) == ("agent.one", talk, WHY["why"], False)


def test_where_nothing_is_masked_nothing_is_asked(product, signed_in):
    talk = a_talk(product)
    assert "/numbers" not in signed_in("agent").get(f"/conversations/{talk}").text


@pytest.mark.parametrize("role", ["reviewer", "marketer"])
def test_a_role_that_sees_no_numbers_sees_none_here(product, signed_in, role):
    talk, client = a_talk(product, said=SAID), signed_in(role)
    assert "/numbers" not in client.get(f"/conversations/{talk}").text
    assert client.post(f"/conversations/{talk}/numbers", data=WHY).status_code == 403


@pytest.mark.parametrize(("role", "shown"), [("reviewer", False), ("agent", True)])
def test_a_customers_name_is_masked_in_words_as_above_them(product, signed_in, role, shown):
    talk = a_talk(product, name="王芳", said=SAID)
    assert ("王芳" in signed_in(role).get(f"/conversations/{talk}").text) is shown


def test_a_note_of_staff_is_masked_too(product, signed_in):
    talk, reviewer = a_talk(product), signed_in("reviewer")
    reviewer.post(f"/conversations/{talk}/review", data={"revision": 0, "note": f"打{WHOLE}"})
    assert (SHOWN in reviewer.get(f"/conversations/{talk}").text) is True
    assert WHOLE in signed_in("agent").post(f"/conversations/{talk}/numbers", data=WHY).text


def test_a_task_is_listed_and_taken_away_without_the_number(product, signed_in):
    about, client = task(product), signed_in("agent")
    for path in ("/tasks", "/tasks.csv", f"/tasks/{about}"):
        page = client.get(path).text
        assert (SHOWN in page, WHOLE in page) == (True, False), path
    assert WHOLE in client.post(f"/tasks/{about}/number", data=WHY).text
    (entry,) = entries(product, "words_shown")
    assert (entry.what, entry.why) == (about, WHY["why"])
