"""One conversation: everything said and how it was read, live, audited, and only for those who may."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from sqlmodel import select

from outreach.model import AuditEntry, Call, Conversation, Customer, Message, Recording
from tests.conftest import TUESDAY
from tests.web.console.talks import a_talk, branch_named, say

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "


def messages_path(page: str) -> str:
    return re.search(r'hx-get="([^"]+)"', page)[1]


def test_both_sides_are_shown_with_what_was_heard(product, signed_in):
    talk = a_talk(product, campaign="spring")
    page = signed_in("agent").get(f"/conversations/{talk}").text
    for shown in (
        "额度太低",
        "object low limit",
        "93%",
        "41%",
        "consider 33%",
        "benefits",
        "card_activation v1",
        "spring",
        "09:31:00",
        "delivered",
    ):
        assert shown in page, shown


def test_looking_at_it_is_in_the_audit(product, signed_in):
    talk = a_talk(product)
    client = signed_in("reviewer")
    client.get(messages_path(client.get(f"/conversations/{talk}").text))
    with product.sessions.reading() as db:
        viewed = db.exec(select(AuditEntry).where(AuditEntry.verb == "conversation_viewed")).all()
    assert [(entry.who, entry.what) for entry in viewed] == [("reviewer.one", talk)]


def test_the_page_asks_for_what_is_new_and_gets_nothing_where_nothing_is(product, signed_in):
    talk = a_talk(product, outcome=None)
    client = signed_in("agent")
    path = messages_path(client.get(f"/conversations/{talk}").text)
    assert client.get(path).status_code == 204
    with product.sessions.begin() as db:
        say(db, db.get_one(Conversation, talk), ("customer", "那我明天过来"), TUESDAY + timedelta(minutes=9))
    fresh = client.get(path)
    assert (fresh.status_code, "那我明天过来" in fresh.text, "<html" in fresh.text) == (200, True, False)


def test_another_branchs_conversation_is_not_there(product, signed_in):
    talk = a_talk(product, branch=branch_named(product, "城北支行"))
    client = signed_in("branch_manager", branch_id=branch_named(product, "城南支行"))
    for path in (
        f"/conversations/{talk}",
        f"/conversations/{talk}/messages",
        f"/conversations/{talk}/recordings/{uuid4()}",
    ):
        assert client.get(path).status_code == 404
    with product.sessions.reading() as db:
        assert db.exec(select(AuditEntry).where(AuditEntry.verb == "conversation_viewed")).all() == []


def test_an_id_that_is_none_is_not_found(signed_in):
    client = signed_in("agent")
    assert client.get(f"/conversations/{uuid4()}").status_code == 404
    assert client.get("/conversations/none").status_code == 404


def test_the_customers_other_conversations_are_listed(product, signed_in):
    first = a_talk(product, campaign="spring")
    with product.sessions.reading() as db:
        customer = db.exec(select(Customer)).one().id
    second = a_talk(
        product, outcome="visit_booked", campaign="autumn", customer_id=customer, opened_at=TUESDAY + timedelta(days=9)
    )
    page = signed_in("agent").get(f"/conversations/{second}").text
    assert (f"/conversations/{first}" in page, "spring" in page) == (True, True)


def test_whatever_a_customer_writes_is_shown_and_never_run(product, signed_in):
    evil = "<script>alert(1)</script>{{7*7}}\"'><img src=x onerror=alert(1)>"
    talk = a_talk(
        product,
        evil,
        (("customer", evil, {"intent": evil, "confidence": 0.5, "runners_up": [[evil, 0.4]]}),),
        manager=evil,
    )
    page = signed_in("agent").get(f"/conversations/{talk}").text
    assert ("<script>alert" in page, "<img" in page, "{{7*7}}" in page) == (False, False, True)


def test_a_message_of_ten_thousand_characters_is_all_there(product, signed_in):
    talk = a_talk(product, said=(("customer", "长" * 9_999 + "尾"),))
    page = signed_in("agent").get(f"/conversations/{talk}").text
    assert ("尾" in page, "All 10000 characters" in page) == (True, True)


def test_a_script_version_whose_steps_nobody_knows_any_more_is_still_named(product, signed_in):
    talk = a_talk(product)
    with product.sessions.begin() as db:
        row = db.get_one(Conversation, talk)
        row.flow_state = {}
        db.add(row)
        for message in db.exec(select(Message)).all():
            message.heard = {}
            db.add(message)
    assert signed_in("agent").get(f"/conversations/{talk}").status_code == 200


def test_a_recording_is_played_to_those_who_may_and_each_time_is_in_the_audit(product, signed_in):
    talk = a_talk(product, channel="voice")
    with product.sessions.begin() as db:
        call = db.exec(select(Message).order_by(Message.position)).first().id
        db.add(Call(id=call, conversation_id=talk, claimed_at=TUESDAY, recorded=True))
        db.flush()
        db.add(Recording(id=call, carrier_ref="RE1", announced_at=TUESDAY, sound=product.sealer.seal_sound(WAV)))
    path = f"/conversations/{talk}/recordings/{call}"
    assert path in signed_in("compliance").get(f"/conversations/{talk}").text
    listener = signed_in("compliance")
    heard = listener.get(path)
    assert (heard.content, heard.headers["content-type"]) == (WAV, "audio/wav")
    assert heard.headers["accept-ranges"] == "bytes"
    part = listener.get(path, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, WAV[4:8], f"bytes 4-7/{len(WAV)}")
    rest = listener.get(path, headers={"Range": "bytes=8-", "If-Range": heard.headers["etag"]})
    assert (rest.status_code, rest.content, rest.headers["content-length"]) == (206, WAV[8:], str(len(WAV) - 8))
    past = listener.get(path, headers={"Range": f"bytes={len(WAV)}-"})
    assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{len(WAV)}")
    assert signed_in("agent").get(path).status_code == 403
    assert path not in signed_in("agent").get(f"/conversations/{talk}").text
    assert signed_in("compliance").get(f"/conversations/{a_talk(product)}/recordings/{call}").status_code == 404
    with product.sessions.reading() as db:
        noted = db.exec(select(AuditEntry).where(AuditEntry.verb == "recording_heard").order_by(AuditEntry.id)).all()
    assert [one.details.get("part") for one in noted] == [None, "bytes=4-7", "bytes=8-", "bytes=16-"]
