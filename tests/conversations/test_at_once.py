"""A text is answered where it was heard; what finds no hand there is left to the workers."""

from __future__ import annotations

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


def test_a_crowd_is_left_to_the_workers(stage, hands, monkeypatch):
    monkeypatch.setattr(at_once, "HANDS", 1)
    monkeypatch.setattr(at_once, "WAITING", 1)
    talks = []
    for number in range(3):
        stage.contact(phone=f"+861380013800{number}")
        talks.append(stage.stores("方便", f"+861380013800{number}"))
        hands.heard(talks[-1])
    assert woken(hands, queue.ANSWER) == [{"conversation": str(talks[2])}]


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
