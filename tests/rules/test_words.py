import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rules.keywords import plain


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("你好", "你好"),
        ("／affirm", "affirm"),
        ("/ / //affirm", "affirm"),
        ("\u200b/\u202e/restart", "restart"),
        (" \t\n/restart{}", "restart{}"),
        ("\ufe0f/affirm", "affirm"),
        ("3/4", "3/4"),
        ("第一行\r\n\r\n第二行", "第一行 第二行"),
        ("ｙｅｓ　please", "yes please"),
        ("a\x00b\x0bc", "ab c"),
        ("/", ""),
        ("\u200b \u3164", ""),
        ("a" * 600, "a" * 500),
        ("a" * 499 + " b", "a" * 499),
        ("👨‍👩‍👧", "👨👩👧"),
    ],
)
def test_words_become_plain(said, seen):
    assert plain(said) == seen


@given(st.one_of(st.text(), st.text("/／ \t\u200b\u202e\ufe0f\u0338ab⁄")))
def test_plain_words_cannot_command_rasa(said):
    seen = plain(said)
    assert not seen.startswith(("/", " "))
    assert len(seen) <= 500
    assert plain(seen) == seen
    assert unicodedata.is_normalized("NFKC", seen)
    assert not {unicodedata.category(letter) for letter in seen} & {"Cc", "Cf"}
