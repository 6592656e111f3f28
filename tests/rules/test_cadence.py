from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from outreach.rules import Allowed, Channel, Reason, Refused
from outreach.rules.cadence import free_from, may_answer

from .people import NOON, POLICY, SHANGHAI, SMS, VOICE, at

CAPS = POLICY.caps


def test_nothing_recent_leaves_room_now():
    assert free_from(VOICE, (), (SHANGHAI,), NOON, CAPS) == NOON


def test_a_call_blocks_calls_until_the_day_ends_in_every_zone():
    zones = ("America/New_York", "America/Los_Angeles")
    called = at("2026-03-04 10:00", "America/New_York")
    assert free_from(VOICE, ((called, VOICE),), zones, called, CAPS) == at("2026-03-05 00:00", "America/Los_Angeles")
    assert free_from(SMS, ((called, VOICE),), zones, called, CAPS) == called


def test_a_contact_seven_days_ago_no_longer_counts():
    contacts = ((NOON - timedelta(days=7), SMS), (NOON, SMS), (NOON, SMS))
    assert free_from(SMS, contacts, (SHANGHAI,), NOON, CAPS) == NOON
    assert free_from(SMS, contacts, (SHANGHAI,), NOON - timedelta(seconds=1), CAPS) == NOON


def test_the_eleventh_answer_in_an_hour_waits():
    sent = tuple(NOON - timedelta(minutes=minutes) for minutes in range(10))
    assert may_answer(sent, NOON, POLICY) == Refused(
        Reason.TOO_OFTEN, NOON + timedelta(minutes=51), {"answers_per_hour": 10}
    )
    assert may_answer(sent[1:], NOON, POLICY) == Allowed()
    assert may_answer(sent, NOON + timedelta(minutes=51), POLICY) == Allowed()


@given(ago=st.lists(st.tuples(st.floats(0, 8), st.sampled_from(Channel)), max_size=8), channel=st.sampled_from(Channel))
def test_no_seven_days_ever_hold_more_contacts_than_the_cap(ago, channel):
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    contacts = tuple((now - timedelta(days=days), by) for days, by in ago)
    free = free_from(channel, contacts, ("America/New_York",), now, CAPS)
    assert sum(at > free - timedelta(days=7) for at, _ in contacts) < CAPS.contacts_per_7_days
    zone = ZoneInfo("America/New_York")
    if channel is VOICE:
        assert all(at.astimezone(zone).date() < free.astimezone(zone).date() for at, by in contacts if by is VOICE)
