"""A stop is carried out when certain, asked about when possible, and left alone where contact ends anyway."""

import pytest
from bot.components.stop_doubt import StopDoubt
from rasa.shared.nlu.training_data.message import Message


def read(first, *ranking, words="那个"):
    message = Message({"text": words, "intent": {"name": first, "confidence": 0.5}})
    message.set("intent_ranking", [{"name": name, "confidence": sure} for name, sure in ranking])
    return StopDoubt(StopDoubt.get_default_config()).process([message])[0].get("intent")["name"]


@pytest.mark.parametrize(
    ("first", "ranking", "expected"),
    [
        ("opt_out", [("opt_out", 0.95), ("deny", 0.05)], "opt_out"),
        ("opt_out", [("opt_out", 0.7), ("deny", 0.3)], "opt_out_unsure"),
        ("deny", [("deny", 0.7), ("opt_out", 0.2)], "opt_out_unsure"),
        ("nlu_fallback", [("deny", 0.2), ("opt_out", 0.15)], "opt_out_unsure"),
        ("deny", [("deny", 0.9), ("opt_out", 0.04)], "deny"),
        ("complaint", [("complaint", 0.6), ("opt_out", 0.4)], "complaint"),
        ("wrong_person", [("wrong_person", 0.6), ("opt_out", 0.4)], "wrong_person"),
        ("affirm", [], "affirm"),
    ],
)
def test_a_stop_is_carried_out_or_asked_about(first, ranking, expected):
    assert read(first, *ranking) == expected


@pytest.mark.parametrize(
    ("first", "words", "expected"),
    [
        ("complaint", "太过分了，把我移出名單", "opt_out_unsure"),
        ("suspect_fraud", "骗子退订", "opt_out_unsure"),
        ("out_of_scope", "🚫", "opt_out_unsure"),
        ("complaint", "太过分了", "complaint"),
        ("suspect_fraud", "骗子", "suspect_fraud"),
    ],
)
def test_beside_a_word_of_stopping_even_an_unlikely_stop_is_asked_about(first, words, expected):
    assert read(first, (first, 0.95), ("opt_out", 0.01), words=words) == expected
