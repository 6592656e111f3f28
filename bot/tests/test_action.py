"""What the action server is sent, and what it may answer."""

from __future__ import annotations

import json

import pytest
from bot.turns.action import TurnAction
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

KNOWN = {"flow": {"steps": {"ask": {}}}, "state": {"step": "ask"}}


@pytest.fixture
def tracker():
    heard = {"text": "好的", "intent": {"name": "affirm", "confidence": 0.9}, "entities": [], "metadata": KNOWN}
    said = UserUttered("好的", heard["intent"], [], heard, input_channel="sms", metadata=KNOWN)
    return DialogueStateTracker.from_events("c:1", [ActionExecuted("action_listen"), said], domain=Domain.empty())


def test_an_action_hears_what_rasa_would_tell_it_of_the_message(tracker):
    ours = TurnAction("action_continue", None)._action_call_format(tracker, Domain.empty())
    rasas = RemoteAction("action_continue", None)._action_call_format(tracker, Domain.empty())
    assert ours == {**rasas, "domain": {}, "tracker": {**rasas["tracker"], "events": []}}
    assert ours["tracker"]["latest_message"]["metadata"] == KNOWN


def test_the_scripts_excerpt_is_sent_once(tracker):
    call = TurnAction("action_continue", None)._action_call_format(tracker, Domain.empty())
    assert json.dumps(call).count('"flow"') == 1


@pytest.mark.parametrize("answer", [{}, {"events": [], "responses": [{"custom": {"lines": []}}]}])
def test_a_whole_answer_passes(answer):
    assert TurnAction("action_continue", None)._validate_action_result(answer)


@pytest.mark.parametrize("answer", [None, [], {"events": {}}, {"responses": ["好的"]}, {"events": [{"event": 7}]}])
def test_what_rasa_refuses_is_refused(answer):
    for action in (TurnAction("action_continue", None), RemoteAction("action_continue", None)):
        with pytest.raises(ValidationError):
            action._validate_action_result(answer)
