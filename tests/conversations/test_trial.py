"""Trying a script: the real turn on somebody who does not exist, of which nothing remains."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter
from sqlmodel import func, select

from outreach.campaigns import publication
from outreach.conversations import trial
from outreach.conversations.trial import CannotTry, Trial
from outreach.dialogue.port import NoAnswer
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import (
    Attempt,
    AuditEntry,
    Branch,
    Conversation,
    Customer,
    Message,
    ScriptVersion,
    StaffTask,
    Suppression,
    Visit,
)
from outreach.rules.channel import Channel
from outreach.scripts import catalog
from tests.conftest import TUESDAY
from tests.web.console.work import READINGS

TABLES = (
    Attempt,
    AuditEntry,
    Branch,
    Conversation,
    Customer,
    Message,
    ScriptVersion,
    StaffTask,
    Suppression,
    Visit,
)


@pytest.fixture
def bot():
    return Rehearsal(lambda words: READINGS.get(words, "nlu_fallback"))


@pytest.fixture
def begun(sessions):
    def begin(channel="sms", script="card_activation") -> Trial:
        with sessions.begin() as db:
            publication.publish_shipped(db, TUESDAY)
            version = publication.published(db, script)
        return Trial(version.id, Channel(channel), "a", TUESDAY)

    return begin


def counts(sessions) -> list[int]:
    with sessions.reading() as db:
        return [db.exec(select(func.count()).select_from(table)).one() for table in TABLES]


def said(sessions, bot, house, one: Trial, *words: str) -> Trial:
    for word in words:
        one = trial.answer(sessions, bot, house, one, word)
    return one


def test_a_whole_talk_is_played_and_nothing_remains(sessions, bot, our_house, begun):
    one = begun()
    before = counts(sessions)
    one = said(sessions, bot, our_house, one, "方便", "行", "后天上午")
    played = trial.played(sessions, our_house, one)
    assert (played.outcome, played.over, played.branch) == ("visit_booked", False, "城南支行")
    assert str(played.visit.date) == "2026-11-26"
    assert [shown.side for shown in played.shown] == ["bank", "customer"] * 3 + ["bank"]
    assert played.shown[1].heard["reading"] == "affirm"
    assert "后天" in played.shown[-1].text
    assert counts(sessions) == before


def test_a_stop_needs_no_bot(sessions, bot, our_house, begun):
    bot.down = True
    one = said(sessions, bot, our_house, begun(), "退订")
    played = trial.played(sessions, our_house, one)
    assert (played.outcome, bot.asked) == ("opted_out", [])


def test_a_bot_that_is_down_changes_nothing(sessions, bot, our_house, begun):
    one = begun()
    bot.down = True
    with pytest.raises(NoAnswer):
        trial.answer(sessions, bot, our_house, one, "方便")


@pytest.mark.parametrize(("key", "outcome"), [("9", "opted_out"), ("0", "handed_over")])
def test_a_key_ends_a_call(sessions, bot, our_house, begun, key, outcome):
    one = said(sessions, bot, our_house, begun("voice"), key)
    played = trial.played(sessions, our_house, one)
    assert (played.outcome, played.over) == (outcome, True)


def test_a_silence_on_a_call_is_asked_about(sessions, bot, our_house, begun):
    one = said(sessions, bot, our_house, begun("voice"), "")
    played = trial.played(sessions, our_house, one)
    assert bot.asked[0].event["name"] == "silence"
    assert played.shown[-1].side == "bank"


def test_spoken_words_have_no_figures(sessions, bot, our_house, begun):
    one = said(sessions, bot, our_house, begun("voice"), "方便", "行", "后天上午")
    spoken = "".join(shown.text for shown in trial.played(sessions, our_house, one).shown)
    assert "十一月二十六日" in spoken
    assert not any(letter.isdigit() for letter in spoken if letter.isascii())


def test_a_card_number_is_masked_before_the_bot_reads_it(sessions, bot, our_house, begun):
    one = said(sessions, bot, our_house, begun(), "我的卡号是6222021234567890128")
    assert "6222021234567890128" not in repr(one)
    assert "*" in bot.asked[0].text


def test_of_a_long_text_the_beginning_is_carried_on(sessions, bot, our_house, begun):
    one = said(sessions, bot, our_house, begun(), "啊" * 10_000)
    assert (len(one.did[0].words), one.did[0].left_out) == (trial.LONGEST_KEPT, 10_000 - trial.LONGEST_KEPT)
    assert len(trial.played(sessions, our_house, one).shown) == 3


def test_a_trial_travels_as_json(sessions, bot, our_house, begun):
    one = said(sessions, bot, our_house, begun(), "方便", "<script>alert(1)</script>")
    kind = TypeAdapter(Trial)
    again = kind.validate_json(kind.dump_json(one))
    assert trial.played(sessions, our_house, again) == trial.played(sessions, our_house, one)


def test_what_makes_no_sense_is_said(sessions, our_house, begun):
    kind = TypeAdapter(Trial)
    one = begun()
    proposed = {"lines": [], "events": [{"kind": "launch_rockets"}], "state": {"step": "introduce"}}
    forged = kind.validate_python(kind.dump_python(one) | {"did": [{"words": "好", "proposed": proposed}]})
    with pytest.raises(CannotTry):
        trial.played(sessions, our_house, forged)


def test_every_shipped_script_can_be_tried_on_every_channel(sessions, bot, our_house, begun):
    for name in catalog.names():
        for channel in catalog.load(name).channels:
            assert trial.played(sessions, our_house, begun(channel, name)).shown[0].text
