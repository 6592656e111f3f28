"""What a step's expectation may do to a reading, and what it may not."""

import math

import pytest
from bot.components.expectation import PROTECTED, RAW_RANKING, Expectation, expected_at, lifted
from rasa.shared.nlu.training_data.message import Message

STEP = {"name": "ask", "replies": {"deny": "persuade"}, "expects": {"affirm": {}, "1": {}}, "collect": "visit_time"}
KNOWN = {"state": {"step": "ask"}, "flow": {"steps": {"ask": STEP}}}


def ranking(**confidences):
    ordered = sorted(confidences.items(), key=lambda entry: -entry[1])
    return [{"name": name, "confidence": confidence} for name, confidence in ordered]


def lift(before, *expected):
    return lifted(before, frozenset(expected), **Expectation.get_default_config())


def test_a_step_expects_what_it_maps_reads_and_collects():
    assert expected_at(KNOWN) == {"deny", "affirm", "1", "inform_time"}


@pytest.mark.parametrize(
    "metadata", [{}, {"state": None, "flow": None}, {"state": {"step": "gone"}, "flow": {"steps": {}}}]
)
def test_without_a_step_nothing_is_expected(metadata):
    assert not expected_at(metadata)


def test_after_the_end_nothing_is_expected():
    assert not expected_at({**KNOWN, "state": {"step": "ask", "ended": "refused"}})


def test_an_expected_reading_overtakes_a_close_one():
    after = lift(ranking(acknowledge=0.4, affirm=0.35, deny=0.25), "affirm")
    assert [entry["name"] for entry in after] == ["affirm", "acknowledge", "deny"]


def test_confidences_keep_their_sum():
    before = ranking(acknowledge=0.4, affirm=0.3, deny=0.2, wait=0.1)
    assert math.fsum(entry["confidence"] for entry in lift(before, "affirm", "wait")) == pytest.approx(1.0)


def test_what_the_words_say_outright_stands():
    assert lift(ranking(ask_fee=0.9, affirm=0.1), "affirm")[0]["name"] == "ask_fee"


def test_expecting_everything_changes_nothing():
    before = ranking(acknowledge=0.4, affirm=0.35, deny=0.25)
    after = lift(before, "acknowledge", "affirm", "deny")
    assert [entry["confidence"] for entry in after] == pytest.approx([entry["confidence"] for entry in before])


@pytest.mark.parametrize("protected", sorted(PROTECTED))
def test_a_protected_reading_that_leads_clearly_is_left_alone(protected):
    before = ranking(**{protected: 0.45, "affirm": 0.28, "deny": 0.27})
    assert lift(before, "affirm", "deny") == before


def test_a_message_keeps_its_raw_ranking():
    raw = ranking(acknowledge=0.4, affirm=0.35, deny=0.25)
    message = Message({"text": "嗯", "intent": raw[0], "intent_ranking": raw, "metadata": KNOWN})
    Expectation(Expectation.get_default_config()).process([message])
    assert message.get("intent")["name"] == "affirm"
    assert message.get(RAW_RANKING) == raw


def test_a_message_from_training_data_is_left_as_it_is():
    raw = ranking(acknowledge=0.4, affirm=0.35)
    message = Message({"text": "嗯", "intent": raw[0], "intent_ranking": raw})
    Expectation(Expectation.get_default_config()).process([message])
    assert message.get("intent_ranking") == raw
