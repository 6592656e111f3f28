"""A text is answered where it was heard; what finds no hand there is left to the workers."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest

from outreach import queue
from outreach.conversations import at_once
from outreach.conversations.at_once import AtOnce
from outreach.queue import NoQueue
from outreach.worker import sweep

WAIT_SECONDS = 20


class Slow:
    """A bot that answers when it is let."""

    def __init__(self, dialogue) -> None:
        self.dialogue, self.let, self.asked = dialogue, Event(), Event()

    def propose(self, asked):
        self.asked.set()
        assert self.let.wait(WAIT_SECONDS)
        return self.dialogue.propose(asked)


@pytest.fixture
def slow(stage):
    return Slow(stage.dialogue)


@pytest.fixture
def hands(stage, slow):
    built = AtOnce(stage.sessions, slow, stage.clock, stage.house, NoQueue())
    yield built
    slow.let.set()
    built.close()


def talks_of(stage, many):
    """So many customers, each of whom has answered."""
    phones = [f"+861380013800{number}" for number in range(many)]
    for phone in phones:
        stage.contact(phone=phone)
    return [stage.stores("方便", phone) for phone in phones]


def unanswered(stage):
    """The conversations in which a text waits, as the sweep finds them once it looks."""
    stage.starts_at(stage.clock.now() + timedelta(seconds=5))
    with stage.sessions.reading() as db:
        return sorted(sweep._unanswered(db, stage.clock))


def woken(hands, task):
    return [ids for name, ids in hands._queue.deferred if name == task]


def test_a_text_is_answered_and_a_worker_is_woken_to_send(stage, hands, slow):
    stage.contact()
    slow.let.set()
    hands.heard(stage.stores("方便"))
    hands.close()
    stage.deliver()
    assert len(stage.sent()) == 2
    assert woken(hands, queue.SEND) == [{}]
    assert woken(hands, queue.ANSWER) == []


def test_what_is_heard_while_an_answer_is_under_way_is_answered_after_it(stage, hands, slow):
    stage.contact()
    hands.heard(stage.stores("方便"))
    assert slow.asked.wait(WAIT_SECONDS)
    hands.heard(stage.stores("好的"))
    slow.let.set()
    hands.close()
    stage.deliver()
    assert len(stage.sent()) == 3


def test_what_finds_no_hand_is_left_to_the_workers(stage, hands, slow, monkeypatch):
    monkeypatch.setattr(at_once, "HANDS", 1)
    monkeypatch.setattr(at_once, "WAITING", 1)
    talks = talks_of(stage, 3)
    for talk in talks:
        hands.heard(talk)
    slow.let.set()
    hands.close()
    assert unanswered(stage) == talks[2:]


def test_in_a_crowd_texts_are_only_taken_in(stage, hands, slow, monkeypatch):
    hands._lately = deque(maxlen=2)
    monkeypatch.setattr(at_once, "CROWD", 2)
    monkeypatch.setattr(at_once, "time", SimpleNamespace(monotonic=iter([10.0, 10.1, 10.19, 10.4]).__next__))
    talks = talks_of(stage, 4)
    slow.let.set()
    for talk in talks:
        hands.heard(talk)
    hands.close()
    assert unanswered(stage) == [talks[2]]


def test_an_answer_that_fails_leaves_the_text_to_the_sweep(stage, hands, slow, monkeypatch):
    conversation = stage.contact().conversation
    monkeypatch.setattr(at_once.text_answers, "answer", lambda *_: 1 / 0)
    hands.heard(stage.stores("方便"))
    hands.close()
    runtime = SimpleNamespace(sessions=stage.sessions, clock=stage.clock, queue=NoQueue())
    sweep.sweep(runtime, conversation, settle=False)
    assert (queue.ANSWER, {"conversation": str(conversation)}) not in runtime.queue.deferred
    stage.starts_at(stage.clock.now() + timedelta(seconds=5))
    runtime.clock = stage.clock
    sweep.sweep(runtime, conversation, settle=False)
    assert (queue.ANSWER, {"conversation": str(conversation)}) in runtime.queue.deferred
