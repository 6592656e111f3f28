"""A carrier with narrow limits: its rate, its queue, its regions, and no keywords of its own."""

import time

from carrier_on_test import SENDER

AMERICAN = "+13125550142"
FORM = {"To": AMERICAN, "From": SENDER, "Body": "hello"}


def rest(seconds=1.1):
    """Let the rate recover."""
    time.sleep(seconds)


def test_above_the_rate_the_answer_is_429_and_nothing_is_taken(narrow):
    narrow.control.delete("/control/state")
    answers = [narrow.post(**FORM) for _ in range(8)]
    refused = [a for a in answers if a.status_code == 429]
    assert refused
    assert all(a.json()["code"] == 20429 for a in refused)
    assert narrow.counters()["accepted"] == 8 - len(refused)
    rest()
    assert narrow.post(**FORM).status_code == 201


def test_a_text_that_waits_longer_than_its_validity_fails(narrow):
    rest()
    narrow.control.delete("/control/state")
    for _ in range(2):
        narrow.post(**FORM)
    sid = narrow.post(**FORM, ValidityPeriod=1).json()["sid"]
    rest(3)
    message = narrow.twilio.messages(sid).fetch()
    while message.status == "queued":
        rest()
        message = message.fetch()
    assert (message.status, message.error_code, message.date_sent) == ("failed", 30036, None)


def test_other_regions_are_switched_off(narrow):
    rest()
    assert narrow.post(**FORM | {"To": "+8613800000001"}).json()["code"] == 21408


def test_without_keywords_stop_is_the_banks_to_honour(narrow):
    rest()
    narrow.say(AMERICAN, "STOP")
    assert narrow.control.get(f"/control/handsets/{AMERICAN}").json()["opted_out"] == []
    assert narrow.post(**FORM).status_code == 201


def test_with_personas_switched_off_everyone_is_silent(narrow):
    assert {p["weight"] for p in narrow.control.get("/control/personas").json()} == {0}
    assert narrow.control.get(f"/control/handsets/{AMERICAN}").json()["persona"] == "silent"
