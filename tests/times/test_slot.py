"""A slot: its part follows its hour, and what is newer replaces what it names."""

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.times import Part, Slot

slots = st.builds(Slot, st.none() | st.dates(), st.none() | st.sampled_from(Part), st.none() | st.times())


@given(slots)
def test_a_slot_survives_being_stored(slot):
    assert Slot.from_json(json.loads(json.dumps(slot.to_json()))) == slot


def test_a_slot_is_stored_with_nulls():
    assert Slot(date(2026, 11, 24), None, time(15)).to_json() == {
        "date": "2026-11-24",
        "part": "afternoon",
        "hour": "15:00",
    }
    assert Slot().to_json() == {"date": None, "part": None, "hour": None}
    assert Slot.from_json({}) == Slot()


@pytest.mark.parametrize(
    ("hour", "part"),
    [("00:00", "morning"), ("11:59", "morning"), ("12:00", "afternoon"), ("17:59", "afternoon"), ("18:00", "evening")],
)
def test_an_hour_implies_its_part(hour, part):
    assert Slot.from_json({"hour": hour}).part == part


def test_an_hour_goes_before_a_part_that_contradicts_it():
    assert Slot(None, Part.MORNING, time(15)).part is Part.AFTERNOON


def test_a_slot_is_complete_with_a_date_and_a_part_or_an_hour():
    day = date(2026, 11, 24)
    assert Slot(day, Part.MORNING).complete
    assert Slot(day, None, time(9)).complete
    assert not Slot(day).complete
    assert not Slot(None, Part.MORNING, time(9)).complete


@given(slots)
def test_nothing_newer_changes_nothing(slot):
    assert slot.merge(Slot()) == slot
    assert Slot().merge(slot) == slot
    assert slot.merge(slot) == slot


@given(slots, slots)
def test_what_is_newer_replaces_what_it_names(older, newer):
    merged = older.merge(newer)
    assert merged.date == (newer.date or older.date)
    assert merged.part == (newer.part or older.part)
    if newer.hour:
        assert merged.hour == newer.hour


@given(slots, slots)
def test_a_correction_said_twice_is_one_correction(older, newer):
    assert older.merge(newer).merge(newer) == older.merge(newer)


def test_another_part_drops_the_hour_and_the_same_part_keeps_it():
    three = Slot(date(2026, 11, 24), None, time(15))
    assert three.merge(Slot(part=Part.MORNING)).hour is None
    assert three.merge(Slot(part=Part.AFTERNOON)).hour == time(15)
    assert three.merge(Slot(date(2026, 11, 25))) == Slot(date(2026, 11, 25), None, time(15))
