"""The turn, from a stored text to a queued reply, with everything real but the model and the wire."""

from __future__ import annotations


def test_the_first_printed_dialogue_ends_with_a_visit(office, open_talk):
    talk = open_talk()
    for words in ("方便", "你们家额度太低不想用。", "哦,行,我看看。", "明天下午"):
        office.hears(words)
    said = office.shows(talk)
    for text in office.sent():
        print(text)
    assert said["outcome"] == "visit_booked"
    assert said["visit"] == {"date": "2026-11-25", "part": "afternoon", "hour": None, "branch": "城南支行"}
