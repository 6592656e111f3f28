"""What kind of day a date is."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.calendar import Calendar, CalendarUnknown, Day, DayKind
from outreach.holidays import HolidaysWrong, load

FILE = Path(__file__).parents[1] / "config" / "holidays.yml"
SHIPPED = load(FILE)


def _load(tmp_path, text):
    path = tmp_path / "holidays.yml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2026-11-24", DayKind.WORKING, ""),
        ("2026-11-28", DayKind.WEEKEND, ""),
        ("2026-10-01", DayKind.HOLIDAY, "国庆"),
        ("2026-02-15", DayKind.HOLIDAY, "春节"),
        ("2026-09-26", DayKind.HOLIDAY, "中秋"),
        ("2026-12-31", DayKind.WORKING, ""),
    ],
)
def test_an_announced_day_is_what_was_announced(day, kind, name):
    assert SHIPPED.day(date.fromisoformat(day)) == Day(date.fromisoformat(day), kind, name, provisional=False)


def test_the_weekends_of_2026_that_are_worked_are_adjusted_working_days():
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
    worked = [f"{day:%m-%d}" for day in days if SHIPPED.day(day).kind is DayKind.ADJUSTED_WORKING]
    assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize("year", [2027, 2028])
def test_a_year_by_rule_is_provisional(year):
    assert SHIPPED.knows(year)
    assert SHIPPED.provisional(year)
    assert SHIPPED.day(date(year, 10, 1)) == Day(date(year, 10, 1), DayKind.HOLIDAY, "国庆", provisional=True)
    assert SHIPPED.day(date(year, 11, 24)).provisional


def test_an_announced_year_is_not_provisional():
    assert SHIPPED.knows(2026)
    assert not SHIPPED.provisional(2026)


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("春节", 2026, "02-15", "02-23"),
        ("国庆", 2025, "10-01", "10-08"),
        ("国庆", 2026, "10-01", "10-07"),
        ("元旦", 2027, "01-01", "01-03"),
        ("春节", 2027, "02-05", "02-12"),
        ("清明", 2027, "04-03", "04-05"),
        ("五一", 2027, "05-01", "05-05"),
        ("端午", 2027, "06-09", "06-09"),
        ("中秋", 2027, "09-15", "09-15"),
        ("国庆", 2027, "10-01", "10-07"),
        ("春节", 2028, "01-25", "02-01"),
        ("清明", 2028, "04-02", "04-04"),
        ("端午", 2028, "05-27", "05-29"),
        ("国庆", 2028, "10-01", "10-08"),
        ("中秋", 2028, "10-01", "10-08"),
    ],
)
def test_a_span_has_every_day_off(name, year, first, last):
    span = (date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"))
    assert SHIPPED.span(name, year) == span


def test_a_holiday_that_begins_in_the_old_year_is_the_new_years():
    assert SHIPPED.span("元旦", 2023) == (date(2022, 12, 31), date(2023, 1, 2))


def test_a_year_nobody_listed_is_refused_with_the_way_out():
    with pytest.raises(CalendarUnknown, match=r"2035 .*config/holidays\.yml"):
        SHIPPED.day(date(2035, 1, 1))
    with pytest.raises(CalendarUnknown):
        SHIPPED.span("国庆", 2035)
    with pytest.raises(CalendarUnknown):
        SHIPPED.provisional(2035)
    assert not SHIPPED.knows(2035)
    assert not Calendar().knows(2027)


def test_a_holiday_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(ValueError, match="元旦, 春节"):
        SHIPPED.span("圣诞", 2026)


@pytest.mark.parametrize(
    ("after", "next_one"),
    [
        ("2026-11-24", "2026-11-25"),
        ("2026-11-27", "2026-11-30"),
        ("2026-09-30", "2026-10-08"),
        ("2026-10-09", "2026-10-10"),  # a Saturday on which people work
        ("2026-12-31", "2027-01-04"),
        ("2028-02-28", "2028-02-29"),
    ],
)
def test_the_next_working_day_is_after_the_date(after, next_one):
    assert SHIPPED.next_working_day(date.fromisoformat(after)) == date.fromisoformat(next_one)


def test_the_search_for_a_working_day_does_not_run_into_an_unknown_year():
    with pytest.raises(CalendarUnknown):
        SHIPPED.next_working_day(date(2028, 12, 31))


@given(st.dates(date(2004, 1, 1), date(2028, 12, 31)))
def test_every_day_of_a_known_year_has_a_kind_that_its_weekday_allows(day):
    found = SHIPPED.day(day)
    weekend = day.weekday() >= 5
    if found.kind in {DayKind.WEEKEND, DayKind.ADJUSTED_WORKING}:
        assert weekend
    if found.kind is DayKind.WORKING:
        assert not weekend
    assert bool(found.name) == (found.kind in {DayKind.HOLIDAY, DayKind.ADJUSTED_WORKING})


def test_days_that_were_announced_replace_the_rule(tmp_path):
    text = FILE.read_text(encoding="utf-8").split("years:")[0]
    announced = _load(
        tmp_path,
        text
        + "years:\n  2027:\n    provisional: false\n    holidays:\n      春节: {first: 2027-02-05, last: 2027-02-13}\n"
        "    working:\n      2027-02-20: 春节\n",
    )
    assert announced.span("春节", 2027) == (date(2027, 2, 5), date(2027, 2, 13))
    worked = Day(date(2027, 2, 20), DayKind.ADJUSTED_WORKING, "春节", provisional=False)
    assert announced.day(date(2027, 2, 20)) == worked
    assert not announced.provisional(2027)


def test_a_provisional_year_gives_way_to_the_announced_one_and_an_entered_one_does_not(tmp_path):
    rule = "usual:\n  元旦: {solar: 01-01}\nyears:\n  2026:\n    provisional: "
    assert _load(tmp_path, rule + "true\n").day(date(2026, 10, 1)).kind is DayKind.HOLIDAY
    assert _load(tmp_path, rule + "false\n").day(date(2026, 10, 1)).kind is DayKind.WORKING


USUAL = "usual:\n  元旦: {solar: 01-01}\n"
WRONG = [
    ("", "1: YAML: is not a mapping"),
    ("- 1\n", "1: YAML: is not a mapping"),
    ("usual: {\n", "2: YAML: cannot be read"),
    ("usual: {}\nusual: {}\nyears: {}\n", "2: YAML: cannot be read: .*duplicate"),
    ("usual: {}\nyear: {}\n", "year: is not known .*usual, years"),
    (USUAL, "years: is not a mapping .*2027"),
    (USUAL + "years: [2027]\n", "years: is not a mapping .*2027"),
    (USUAL + "years:\n  next: {}\n", "years.next: is not a year"),
    (USUAL + "years:\n  1800: {}\n", "years.1800: is not a year"),
    (USUAL + "years:\n  2027: {provisional: maybe}\n", "years.2027.provisional: is 'maybe' .*true, or false"),
    ("usual:\n  元旦: {solar: 13-01}\nyears:\n  2027: {}\n", "usual.元旦.solar: is '13-01' .*05-01"),
    ("usual:\n  元旦: {}\nyears:\n  2027: {}\n", "usual.元旦.solar: is None"),
    ("usual:\n  春节: {lunar: 正月}\nyears:\n  2027: {}\n", "usual.春节.lunar: is '正月'"),
    ("usual:\n  元旦: 01-01\nyears:\n  2027: {}\n", "usual.元旦: is not a mapping .*solar: 01-01"),
    ("usual:\n  元旦: {solar: 01-01, day: 3}\nyears:\n  2027: {}\n", "usual.元旦.day: is not known .*days"),
    ("usual:\n  元旦: {solar: 01-01, days: 0}\nyears:\n  2027: {}\n", "usual.元旦.days: is 0 .*from 1 to 15"),
    ("usual:\n  元旦: {solar: 01-01, days: 400}\nyears:\n  2027: {}\n", "usual.元旦.days: is 400"),
    (
        USUAL + "years:\n  2027:\n    holidays:\n      春节: {first: soon, last: 2027-02-12}\n",
        "years.2027.holidays.春节.first: is 'soon'",
    ),
    (USUAL + "years:\n  2027:\n    holidays:\n      春节: {first: 2027-02-05}\n", "春节.last: is None .*2027-02-05"),
    (
        USUAL + "years:\n  2027:\n    holidays:\n      春节: {first: 2027-02-05, last: 2027-02-01}\n",
        "春节.last: 2027-02-01 is before 2027-02-05",
    ),
    (USUAL + "years:\n  2027:\n    working: [2027-02-20]\n", "years.2027.working: is not a mapping"),
    (USUAL + "years:\n  2027:\n    working:\n      2027-02-19: 春节\n", "working.2027-02-19: is not a weekend"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_a_wrong_file_is_refused_by_name_entry_and_what_would_be_right(tmp_path, text, problem):
    with pytest.raises(HolidaysWrong, match=problem) as refused:
        _load(tmp_path, text)
    assert str(refused.value).startswith(str(tmp_path / "holidays.yml"))


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(HolidaysWrong, match=r"nowhere\.yml"):
        load(tmp_path / "nowhere.yml")
