"""Sentences that remember what they were made of, so that a page can say them in another language."""

from __future__ import annotations

from outreach.said import again, kept, listed, named, said, translated

CHINESE = {
    "%(count)s after %(what)s": "%(what)s后剩 %(count)s", "no reply": "无回复", " or ": "或", "plain": "朴素",
}  # fmt: skip


def chinese(message: str) -> str:
    return CHINESE.get(message, message)


def test_a_sentence_is_said_anew_with_its_fields():
    sentence = said("%(count)s after %(what)s", count=3, what=listed([named("no_reply"), "x"], said(" or ")))
    assert sentence == "3 after no_reply or x"
    assert translated(sentence, chinese) == "无回复或x后剩 3"


def test_what_has_no_translation_stays_as_it_is():
    assert translated(named("no_such_name"), chinese) == "no_such_name"
    assert translated(said("100 %% of %(what)s", what="it"), chinese) == "100 % of it"


def test_a_plain_text_is_nobodys_sentence():
    assert translated("plain", chinese) == "plain"


def test_a_sentence_that_was_stored_is_said_in_another_language_later():
    sentence = said("%(count)s after %(what)s", count=3, what=said("plain"))
    stored = again(kept(sentence))
    assert (stored, translated(stored, chinese)) == ("3 after plain", "朴素后剩 3")


def test_what_somebody_typed_is_stored_as_it_stands():
    assert (kept("活动取消 {x}"), again("活动取消 {x}")) == ("活动取消 {x}", "活动取消 {x}")
