"""No text is longer than the policy lets it be, whatever a campaign offers and whatever a customer is called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import select

from outreach.campaigns import launching
from outreach.documents import Refused
from outreach.model import Customer, Message
from tests.campaigns.engine import FILE
from tests.conftest import TUESDAY

LONG = "九元洗车、" * 40
CALLS = FILE.replace("channels: [sms]", "channels: [voice]")
THANKS = "follow_ups:\n  thanks: {{after: [agreed], in: 1d, channel: sms, script: follow_up_invitation, offer: {{event: {event}}}}}\n"


def refused(engine, text: str, more: str = "") -> list[tuple[int, str]]:
    with engine.stage.sessions.begin() as db, pytest.raises(Refused) as found:
        launching.launch(db, engine.stage.house, engine.file(more, text), TUESDAY)
    return [(one.line, str(one)) for one in found.value.problems]


def test_an_offer_that_makes_a_text_too_long_is_refused_with_its_line(engine):
    ((line, said),) = refused(engine, FILE.replace("9元洗车、9元看电影", LONG))
    assert line == 8
    assert "segments" in said
    assert "at most 2 segments with signature" in said


def test_an_offer_that_makes_a_call_too_long_is_refused_with_its_line(engine):
    ((line, said),) = refused(engine, CALLS.replace("9元洗车、9元看电影", LONG * 2))
    assert line == 8
    assert "more than anybody listens to" in said


def test_a_variant_and_a_follow_up_are_held_to_it_too(engine):
    variants = f"variants:\n  a: {{weight: 50}}\n  b: {{weight: 50, offer: {{benefits: {LONG}}}}}\n"
    assert [line for line, _ in refused(engine, FILE, variants)] == [11]
    assert [line for line, _ in refused(engine, FILE, THANKS.format(event=LONG))] == [10]


def test_a_policy_that_permits_one_segment_is_kept(engine):
    house = engine.stage.house
    engine.stage.house = replace(house, policy=replace(house.policy, text=replace(house.policy.text, most_segments=1)))
    assert "at most 1 segments" in refused(engine, FILE)[0][1]


def test_an_offer_within_the_length_is_launched(engine):
    engine.load(1)
    engine.launch(THANKS.format(event="亲子理财小课堂"))


def test_who_has_so_long_a_name_that_the_first_text_is_too_long_is_not_contacted(engine):
    engine.load(2, lambda number: {"客户经理": "经理" * 60} if number else {})
    engine.launch()
    engine.work()
    assert (len(engine.texts(0)), engine.texts(1)) == (1, [])
    attempt = engine.attempts("C00001")[0]
    assert attempt.reason == "content"
    assert "超过 2 段" in attempt.verdict["figures"]["problem"]


def test_a_first_text_that_became_too_long_after_planning_does_not_leave(engine):
    engine.load(1)
    engine.launch()
    with engine.stage.sessions.begin() as db:
        db.execute(update(Customer).values(manager="经理" * 60))
    engine.work()
    assert engine.texts(0) == []
    with engine.stage.sessions.reading() as db:
        assert db.exec(select(Message)).one().error_code == "content"
