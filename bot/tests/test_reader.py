"""What the model reads, and that it reads the same after it was stored."""

from contextlib import contextmanager

import pytest
from bot.components.reader import Reader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

EXAMPLES = {
    "affirm": ["好的", "可以啊", "行", "好", "没问题"],
    "deny": ["不用了", "不需要", "没兴趣", "不办"],
    "object_too_far": ["网点太远了", "离我家太远", "太远了不想去"],
}


class Storage:
    def __init__(self, folder):
        self._folder = folder

    @contextmanager
    def write_to(self, _resource):
        yield self._folder

    read_from = write_to


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path)


@pytest.fixture
def trained(storage):
    reader = Reader.create(Reader.get_default_config(), storage, None, None)
    reader.train(TrainingData([said(text, intent) for intent, texts in EXAMPLES.items() for text in texts]))
    return reader


def said(text, intent=None):
    return Message({"text": text, "intent": intent})


def read(reader, text):
    return reader.process([said(text)])[0].get("intent_ranking")


def test_confidences_sum_to_one_and_fall(trained):
    confidences = [entry["confidence"] for entry in read(trained, "好的吧")]
    assert sum(confidences) == pytest.approx(1.0)
    assert confidences == sorted(confidences, reverse=True)


def test_a_character_misheard_is_read_by_its_sound(trained):
    assert read(trained, "往店太园乐")[0]["name"] == "object_too_far"


@pytest.mark.parametrize("text", ["⠿⠿⠿", "🦄", "zzz"])
def test_what_is_wholly_unknown_looks_like_nothing(trained, text):
    assert read(trained, text)[0]["confidence"] < 0.5
    assert read(trained, text) == read(trained, "🀄")


@pytest.mark.parametrize("text", ["好的", "太远", "😀", "\ud83d", "\x00", "。", "abc 123", "不" * 500])
def test_a_stored_model_reads_the_same(trained, storage, text):
    again = Reader.load(Reader.get_default_config(), storage, None, None)
    for before, after in zip(read(trained, text), read(again, text), strict=True):
        assert after["name"] == before["name"]
        assert after["confidence"] == pytest.approx(before["confidence"], abs=1e-5)
