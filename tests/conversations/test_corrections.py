"""What staff put right is kept with who and when, and comes back as examples that name nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ruamel.yaml import YAML
from sqlmodel import select

from outreach.campaigns.customer_erasure import erase
from outreach.conversations import corrections, lesson_file, transcript
from outreach.conversations.corrections import CannotCorrect
from outreach.model import AuditEntry, Correction, Customer, Side
from tests.conftest import TUESDAY


@pytest.fixture
def said(stage, talk):
    """Have the customer say these things; gives their messages."""

    def begin(*words):
        conversation = talk(*words)
        with stage.sessions.reading() as db:
            return [one for one in transcript.messages(db, conversation) if one.side is Side.CUSTOMER]

    return begin


def test_the_latest_correction_of_a_message_holds_and_all_are_kept(stage, said):
    [message] = said("不用了")
    with stage.sessions.begin() as db:
        corrections.correct(db, message.id, "consider", by="A", now=TUESDAY)
        corrections.correct(db, message.id, "opt_out", by="B", now=TUESDAY + timedelta(hours=1), note="重听了")
        [(standing, _)] = corrections.standing(db)
        assert (standing.heard_intent, standing.right_intent, standing.by) == ("deny", "opt_out", "B")
        assert len(db.exec(select(Correction)).all()) == 2
        noted = db.exec(select(AuditEntry).where(AuditEntry.verb == "reading_corrected")).all()
        assert [entry.who for entry in noted] == ["A", "B"]


@pytest.mark.parametrize(("intent", "by"), [("agrees", "A"), ("affirm", " ")])
def test_nonsense_is_refused_and_leaves_nothing(stage, said, intent, by):
    [message] = said("不用了")
    with stage.sessions.begin() as db, pytest.raises(CannotCorrect):
        corrections.correct(db, message.id, intent, by=by, now=TUESDAY)
    with stage.sessions.reading() as db:
        assert not db.exec(select(Correction)).all()


def test_the_banks_words_and_wordless_messages_cannot_be_corrected(stage, talk):
    conversation = talk("1", "。" * 3, "\u200b")
    with stage.sessions.begin() as db:
        ours, wordless = (
            next(one for one in transcript.messages(db, conversation) if one.side is Side.BANK),
            [one for one in transcript.messages(db, conversation) if one.side is Side.CUSTOMER][-1],
        )
        for message in (ours, wordless):
            with pytest.raises(CannotCorrect):
                corrections.correct(db, message.id, "affirm", by="A", now=TUESDAY)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("我是王芳 你们找谁", "我是某某 你们找谁"),
        ("打我 138 0013 8000 吧", "打我 吧"),
        ("卡号6222020200112233445不对", "卡号不对"),
        ("[自动回复](开车中)", "[自动回复] (开车中)"),
        ("先说\n再说", "先说 再说"),
    ],
)
def test_an_example_names_nobody(words, left):
    assert corrections.nameless(words, "王芳") == left


def test_an_exported_file_says_who_and_when(stage, said):
    first, second = said("不用了", "真不用")
    with stage.sessions.begin() as db:
        corrections.correct(db, second.id, "opt_out", by="李主任", now=TUESDAY)
        corrections.correct(db, first.id, "opt_out", by="赵敏", now=TUESDAY + timedelta(minutes=5))
        [part] = YAML(typ="safe").load(lesson_file.worded(corrections.lessons(db)))["nlu"]
    assert part["intent"] == "opt_out"
    assert [example["text"] for example in part["examples"]] == ["真不用\n", "不用了\n"]
    about = part["examples"][0]["metadata"]
    assert (about["by"], about["at"], about["heard"]) == ("李主任", TUESDAY.isoformat(), "deny")


def test_the_same_words_are_taught_once_as_corrected_last(stage, said):
    first, second = said("不用了", "不用了")
    with stage.sessions.begin() as db:
        corrections.correct(db, first.id, "opt_out", by="A", now=TUESDAY)
        corrections.correct(db, second.id, "consider", by="A", now=TUESDAY + timedelta(minutes=1))
        assert [(lesson.text, lesson.intent) for lesson in corrections.lessons(db)] == [("不用了", "consider")]


def test_whoever_was_erased_teaches_nothing(stage, said):
    [message] = said("不用了")
    with stage.sessions.begin() as db:
        corrections.correct(db, message.id, "opt_out", by="A", now=TUESDAY, note="王芳说的")
        erase(db, db.exec(select(Customer)).one(), by="A", why="asked", now=TUESDAY)
    with stage.sessions.reading() as db:
        assert not corrections.lessons(db)
        assert "王芳" not in db.exec(select(Correction)).one().note
