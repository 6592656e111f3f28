"""Customers' texts whose webhook never came are fetched from the carrier's list, each once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from outreach.carrier.port import HeardText, ListedText
from outreach.cli.stage import OUR_NUMBER, PHONE
from outreach.clock import machine_now
from outreach.conversations import lost_texts
from outreach.model import InboundMark, Message, Side, Suppression


@pytest.fixture
def stage(stage):
    """The list has been asked for before."""
    look(stage)
    return stage


def look(stage) -> int:
    """Ask for the list, as if the last look were a minute ago."""
    with stage.sessions.begin() as db:
        for mark in db.exec(select(InboundMark)):
            mark.asked_at -= lost_texts.EVERY
            db.add(mark)
    return lost_texts.fetch(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer, OUR_NUMBER)


def sends(stage, words: str, ref: str = "", ago: timedelta = timedelta(0)) -> str:
    """A customer texts, and no webhook tells us."""
    ref = ref or f"SM{uuid4().hex}"
    heard = HeardText(ref=ref, sender=PHONE, to=OUR_NUMBER, body=words, media=0, idempotency=None)
    stage.carrier.heard.append(ListedText(heard, machine_now() - ago))
    return ref


def heard(stage) -> list[str]:
    with stage.sessions.reading() as db:
        return list(db.exec(select(Message.text).where(Message.side == Side.CUSTOMER).order_by(Message.position)).all())


def test_a_lost_text_is_found_once_and_answered(stage):
    made = stage.contact()
    sends(stage, "方便，你说")
    assert look(stage) == 1
    assert look(stage) == 0
    assert heard(stage) == ["方便，你说"]
    assert stage.answers(made.conversation) == 1


def test_a_text_that_came_by_webhook_is_not_taken_twice(stage):
    stage.contact()
    ref = sends(stage, "好的")
    stage.stores("好的", ref=ref)
    assert look(stage) == 0
    stage.stores("好的", ref=ref)
    assert heard(stage) == ["好的"]


def test_a_webhook_that_comes_after_the_list_changes_nothing(stage):
    stage.contact()
    ref = sends(stage, "好的")
    assert look(stage) == 1
    assert stage.stores("好的", ref=ref) is None
    assert heard(stage) == ["好的"]


def test_a_lost_stop_is_honoured(stage):
    stage.contact()
    sends(stage, "退订")
    look(stage)
    with stage.sessions.reading() as db:
        assert db.exec(select(Suppression)).one().words == "退订"
    assert stage.contact().reason == "opted_out"


def test_two_lost_texts_are_stored_in_the_order_they_were_sent(stage):
    stage.contact()
    sends(stage, "第一句", ago=timedelta(seconds=20))
    sends(stage, "第二句", ago=timedelta(seconds=10))
    look(stage)
    assert heard(stage) == ["第一句", "第二句"]


def test_what_was_sent_while_nobody_looked_for_hours_is_found(stage):
    stage.contact()
    with stage.sessions.begin() as db:
        mark = db.exec(select(InboundMark)).one()
        mark.listed_until -= timedelta(hours=3)
        db.add(mark)
    sends(stage, "还在吗", ago=timedelta(hours=2, minutes=30))
    sends(stage, "喂", ago=timedelta(minutes=5))
    assert look(stage) == 2


def test_a_list_that_found_no_answer_is_read_again_from_where_it_was(stage):
    stage.contact()
    sends(stage, "好的")
    stage.carrier.answers = False
    assert look(stage) == 0
    stage.carrier.answers = True
    assert look(stage) == 1


def test_the_list_is_not_asked_for_all_the_time(stage):
    sends(stage, "好的")
    assert lost_texts.fetch(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer, OUR_NUMBER) == 0
