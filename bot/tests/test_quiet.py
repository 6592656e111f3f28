"""Failures are logged by type and place, never by what they say."""

import logging

import pytest
from bot import quiet


@pytest.fixture
def hushed():
    before = logging.getLogRecordFactory()
    quiet.hush()
    quiet.hush()
    yield
    logging.setLogRecordFactory(before)


def test_an_exceptions_words_are_dropped(hushed, caplog):
    def fails():
        try:
            {}["身份证"]
        except KeyError as error:
            raise ValueError("王芳") from error

    try:
        fails()
    except ValueError:
        logging.getLogger("rasa.test").exception("%s failed", "action")
    assert caplog.messages[0].startswith("action failed (ValueError at test_quiet.py:")
    assert "from KeyError at" in caplog.text
    assert not any(words in caplog.text for words in ("身份证", "王芳", "Traceback"))
