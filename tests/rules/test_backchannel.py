"""Words with which one listens are no answer while we speak, and one when we have spoken."""

import pytest

from outreach.rules.backchannel import is_backchannel, talks_into


@pytest.mark.parametrize("words", ["喂", "喂？", "喂喂喂", "嗯", "嗯嗯", "啊", "哦哦", "你好", "喂，你好", "hello"])
def test_it_only_says_that_somebody_is_there(words):
    assert is_backchannel(words)


@pytest.mark.parametrize("words", ["", "嗯是我", "好", "行", "喂你打错了", "嗯不用了", "对"])
def test_it_says_more(words):
    assert not is_backchannel(words)


@pytest.mark.parametrize(
    ("characters", "seconds", "into"), [(45, 1, True), (45, 7.9, True), (45, 8.1, False), (0, 0, False)]
)
def test_ten_seconds_of_words_are_heard_through_after_eight(characters, seconds, into):
    assert talks_into(characters, seconds) is into
