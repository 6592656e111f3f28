"""What every carrier does, whoever it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from stand_in import Breaks, Error, text

from outreach.carrier import failures
from outreach.carrier.memory import MemoryCarrier
from outreach.carrier.port import (
    Carrier,
    FailureKind,
    NoSuchText,
    NotAnswered,
    NotSent,
    Refused,
    SendError,
    Sent,
    Throttled,
    Unknown,
)
from outreach.rules.delivery import MessageState


class Memory:
    """The carrier in memory, told how to behave."""

    def __init__(self):
        self.carrier = MemoryCarrier()

    def refuse(self, code):
        failure = failures.meaning(code)
        self.carrier.fail_next(Refused(failure.reason, failure.kind, failure.outcome, code))

    def throttle(self):
        self.carrier.fail_next(Throttled("throttled", "20429"))

    def break_off(self, taken):
        self.carrier.fail_next(Unknown("broken off"), taken=taken)

    def go_silent(self):
        self.carrier.answers = False

    def move(self, ref, state, code=None):
        self.carrier.report(ref, state, code)

    @property
    def requests(self):
        return len(self.carrier.requests)


class Twilio:
    """The adapter against a stand-in, told how to behave."""

    def __init__(self, carrier, stand_in):
        self.carrier = carrier
        self.stand_in = stand_in

    def refuse(self, code):
        self.stand_in.planned.append(Error(400, int(code)))

    def throttle(self):
        self.stand_in.planned.append(Error(429, 20429))

    def break_off(self, taken):
        self.stand_in.planned.append(Error(500, taken=taken))

    def go_silent(self):
        self.stand_in.planned.append(Breaks("hangs"))

    def move(self, ref, state, code=None):
        word = {MessageState.DELIVERED: "delivered", MessageState.FAILED: "undelivered"}[state]
        date = self.stand_in.texts[ref]["date_created"]
        self.stand_in.texts[ref].update(status=word, error_code=code and int(code), date_sent=date)

    @property
    def requests(self):
        return self.stand_in.posts


@pytest.fixture(params=["memory", "twilio"])
def rig(request):
    if request.param == "memory":
        return Memory()
    return Twilio(request.getfixturevalue("twilio"), request.getfixturevalue("stand_in"))


def just_now() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


def test_an_accepted_text_is_known_by_its_reference(rig):
    carrier: Carrier = rig.carrier
    ours = text()

    accepted = carrier.send_text(ours)

    report = carrier.fetch_text(accepted.ref)
    assert accepted.state is MessageState.ACCEPTED
    assert (report.ref, report.to, report.body) == (accepted.ref, ours.to, ours.body)
    assert report.state is MessageState.ACCEPTED
    assert report.sent_at is None
    assert rig.requests == 1


def test_an_accepted_text_is_found_by_its_number_since_a_moment(rig):
    accepted = rig.carrier.send_text(text())
    rig.carrier.send_text(text(to="+8613900139000"))

    assert [report.ref for report in rig.carrier.find_texts("+8613800138000", just_now())] == [accepted.ref]
    assert rig.carrier.find_texts("+8613800138000", datetime.now(UTC) + timedelta(minutes=1)) == []


def test_a_delivered_text_says_when_it_was_sent(rig):
    accepted = rig.carrier.send_text(text())
    rig.move(accepted.ref, MessageState.DELIVERED)

    report = rig.carrier.fetch_text(accepted.ref)

    assert report.state is MessageState.DELIVERED
    assert report.sent_at is not None
    assert report.sent_at.tzinfo is UTC


def test_a_failed_text_says_why(rig):
    accepted = rig.carrier.send_text(text())
    rig.move(accepted.ref, MessageState.FAILED, "30003")

    report = rig.carrier.fetch_text(accepted.ref)

    assert (report.state, report.error_code) == (MessageState.FAILED, "30003")


@pytest.mark.parametrize(
    ("code", "kind", "outcome"),
    [
        ("21610", FailureKind.OPTED_OUT, "opted_out"),
        ("21211", FailureKind.BAD_NUMBER, "invalid_number"),
        ("21606", FailureKind.CONFIGURATION, "undelivered"),
        ("30007", FailureKind.CONTENT, "blocked"),
    ],
)
def test_a_refusal_is_final_and_says_what_follows(rig, code, kind, outcome):
    rig.refuse(code)

    with pytest.raises(Refused) as refusal:
        rig.carrier.send_text(text())

    assert refusal.value.sent is Sent.REFUSED
    assert (refusal.value.kind, refusal.value.outcome, refusal.value.error_code) == (kind, outcome, code)
    assert rig.requests == 1
    assert rig.carrier.find_texts(text().to, just_now()) == []


def test_a_throttled_text_was_not_sent(rig):
    rig.throttle()

    with pytest.raises(Throttled) as throttled:
        rig.carrier.send_text(text())

    assert throttled.value.sent is Sent.NO
    assert rig.requests == 1


@pytest.mark.parametrize("taken", [True, False])
def test_what_became_of_an_unknown_text_is_found_by_asking(rig, taken):
    rig.break_off(taken)

    with pytest.raises(Unknown) as unknown:
        rig.carrier.send_text(text())

    assert unknown.value.sent is Sent.UNKNOWN
    assert rig.requests == 1
    assert len(rig.carrier.find_texts(text().to, just_now())) == (1 if taken else 0)


def test_after_an_error_the_next_text_goes_out(rig):
    rig.throttle()
    with pytest.raises(SendError):
        rig.carrier.send_text(text())

    assert rig.carrier.send_text(text()).state is MessageState.ACCEPTED
    assert rig.requests == 2


def test_a_reference_nobody_knows_is_no_text(rig):
    for ref in ("SM" + "f" * 32, "../Accounts", ""):
        with pytest.raises(NoSuchText):
            rig.carrier.fetch_text(ref)


def test_a_search_that_finds_no_answer_is_not_an_empty_search(rig):
    rig.go_silent()

    with pytest.raises(NotAnswered):
        rig.carrier.find_texts(text().to, just_now())


def test_a_question_that_finds_no_answer_says_so(rig):
    rig.go_silent()

    with pytest.raises(NotAnswered):
        rig.carrier.fetch_text("SM" + "f" * 32)


def test_only_what_is_unknown_can_have_been_taken():
    with pytest.raises(ValueError, match="unknown"):
        MemoryCarrier().fail_next(NotSent("no connection"), taken=True)


def test_the_carrier_in_memory_lets_no_late_report_win():
    carrier = MemoryCarrier()
    ref = carrier.send_text(text()).ref
    carrier.report(ref, MessageState.DELIVERED)

    carrier.report(ref, MessageState.SENT)

    assert carrier.fetch_text(ref).state is MessageState.DELIVERED


def test_the_carrier_in_memory_remembers_that_it_was_closed():
    carrier = MemoryCarrier()
    carrier.close()
    assert carrier.closed


def test_no_repr_shows_a_number_or_a_word():
    ours = text()
    carrier = MemoryCarrier()
    carrier.send_text(ours)
    shown = repr(ours) + repr(carrier.find_texts(ours.to, just_now()))
    assert ours.to not in shown
    assert ours.body not in shown
