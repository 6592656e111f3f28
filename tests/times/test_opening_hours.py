"""When a branch is open."""
# ruff: noqa: DTZ001, SIM905 - opening hours are wall-clock times; weekdays are easier to read as one text

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import holidays
from outreach.times import Closed, Hours, Open, Part, Slot, fits, next_opening, weekdays

CALENDAR = holidays.load(Path(__file__).parents[2] / "config" / "holidays.yml")
BANK = weekdays()
SHUT_AT_NOON = Hours.from_json({"mon": [["09:00", "12:00"], ["14:00", "17:00"]], "sat": [["10:00", "15:00"]]})

edges = st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).filter(lambda found: len(found) % 2 == 0)


def _intervals(quarters):
    clock = [f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in sorted(quarters)]
    return [list(pair) for pair in zip(clock[::2], clock[1::2], strict=True)]


hours = st.builds(
    lambda week, holidays: Hours.from_json({**week, "holidays": holidays}),
    st.dictionaries(st.sampled_from("mon tue wed thu fri sat sun".split()), edges.map(_intervals), min_size=1),
    st.booleans(),
)
moments = st.datetimes(datetime(2025, 12, 1), datetime(2028, 12, 31))


@given(moments, hours)
def test_a_next_opening_is_open_and_not_before_it_was_asked_for(after, opening):
    slot = next_opening(after, opening, CALENDAR)
    assert slot.complete
    assert isinstance(fits(slot, opening, CALENDAR), Open)
    assert slot.date is not None
    assert slot.date >= after.date()
    if slot.hour:
        assert datetime.combine(slot.date, slot.hour) >= after


@given(st.dates(date(2025, 12, 1), date(2028, 12, 31)), st.sampled_from(Part) | st.none(), hours)
def test_a_branch_is_open_where_it_says_it_starts(day, part, opening):
    fit = fits(Slot(day, part), opening, CALENDAR)
    if isinstance(fit, Open):
        assert fit.start is not None
        assert isinstance(fits(Slot(day, None, fit.start), opening, CALENDAR), Open)
        assert part in {None, Part.of(fit.start)}
    else:
        assert fit.next_opening.date is not None
        assert fit.next_opening.date >= day
        assert fits(fit.next_opening, opening, CALENDAR) != fit


@given(hours)
def test_hours_survive_being_stored(opening):
    assert Hours.from_json(opening.to_json()) == opening


@pytest.mark.parametrize(
    ("day", "part", "hour", "fit"),
    [
        ("2026-11-24", Part.MORNING, None, Open(time(9))),
        ("2026-11-24", Part.AFTERNOON, None, Open(time(12))),
        ("2026-11-24", None, None, Open(time(9))),
        ("2026-11-24", None, time(16, 59), Open(time(16, 59))),
        ("2026-11-24", None, time(17), Closed(Slot(date(2026, 11, 25), None, time(9)))),
        ("2026-11-24", None, time(8), Closed(Slot(date(2026, 11, 24), None, time(9)))),
        ("2026-11-24", Part.EVENING, None, Closed(Slot(date(2026, 11, 25), None, time(9)))),
        ("2026-11-28", Part.MORNING, None, Closed(Slot(date(2026, 11, 30), None, time(9)))),
    ],
)
def test_a_slot_fits_when_the_branch_is_open_in_it(day, part, hour, fit):
    assert fits(Slot(date.fromisoformat(day), part, hour), BANK, CALENDAR) == fit


def test_a_part_is_open_if_any_of_it_is():
    monday, saturday = date(2026, 11, 23), date(2026, 11, 28)
    assert fits(Slot(monday, Part.AFTERNOON), SHUT_AT_NOON, CALENDAR) == Open(time(14))
    assert fits(Slot(saturday, Part.AFTERNOON), SHUT_AT_NOON, CALENDAR) == Open(time(12))
    assert fits(Slot(monday, None, time(13)), SHUT_AT_NOON, CALENDAR) == Closed(Slot(monday, None, time(14)))


def test_a_holiday_is_closed_unless_the_branch_says_otherwise():
    national_day = Slot(date(2026, 10, 1), Part.MORNING)
    assert fits(national_day, BANK, CALENDAR) == Closed(Slot(date(2026, 10, 8), None, time(9)))
    always = Hours.from_json({**BANK.to_json(), "holidays": True})
    assert fits(national_day, always, CALENDAR) == Open(time(9))


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_a_weekend_made_a_working_day_has_mondays_hours(day):
    assert fits(Slot(date.fromisoformat(day), Part.MORNING), BANK, CALENDAR) == Open(time(9))
    assert isinstance(fits(Slot(date.fromisoformat(day) + timedelta(days=7)), BANK, CALENDAR), Closed)


def test_who_asks_while_it_is_open_hears_the_part_and_not_the_minute():
    assert next_opening(datetime(2026, 11, 24, 9, 37), BANK, CALENDAR) == Slot(date(2026, 11, 24), Part.MORNING)
    assert next_opening(datetime(2026, 11, 24, 12), BANK, CALENDAR) == Slot(date(2026, 11, 24), Part.AFTERNOON)
    assert next_opening(datetime(2026, 12, 31, 17), BANK, CALENDAR) == Slot(date(2027, 1, 4), None, time(9))


def test_a_year_nobody_knows_is_judged_by_its_weekdays():
    assert fits(Slot(date(2035, 10, 1), Part.MORNING), BANK, CALENDAR) == Open(time(9))


def test_a_slot_without_a_date_cannot_be_checked():
    with pytest.raises(ValueError, match="without a date"):
        fits(Slot(part=Part.MORNING), BANK, CALENDAR)


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        ({}, "at least one"),
        ({"mon": [["17:00", "09:00"]]}, "mon: an interval must end after"),
        ({"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}, "mon: intervals must follow"),
        ({"mon": [["nine", "five"]]}, "mon: .*right would be"),
        ({"mon": 9}, "mon: .*right would be"),
        ({"monday": [["09:00", "17:00"]]}, "monday: not a weekday"),
    ],
)
def test_hours_that_cannot_be_are_refused_by_name(stored, problem):
    with pytest.raises(ValueError, match=problem):
        Hours.from_json(stored)


def test_hours_are_stored_by_weekday():
    assert weekdays("08:30", "16:30").to_json() == {day: [["08:30", "16:30"]] for day in "mon tue wed thu fri".split()}
