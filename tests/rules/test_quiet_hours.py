from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.rules import Channel, Reason
from outreach.rules.policy import Policy
from outreach.rules.quiet_hours import closed_by, next_permitted
from outreach.rules.windows import read_span

from .people import CALENDAR, POLICY, SHANGHAI, SMS, VOICE, Calendar, at

ZONES = sorted(available_timezones())
US = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)


def policy(sms="08:00-20:30", *, weekends=True) -> Policy:
    from dataclasses import replace

    window = replace(POLICY.contact_windows.sms, local_hours=(read_span(sms),), weekends=weekends)
    return replace(POLICY, contact_windows=replace(POLICY.contact_windows, sms=window))


def test_an_open_window_opens_now():
    now = at("2026-03-04 08:00")
    assert next_permitted(now, SMS, (SHANGHAI,), POLICY, CALENDAR) == now


def test_the_window_is_open_in_every_zone_at_once():
    now = at("2026-03-04 08:00", "America/New_York")
    assert next_permitted(now, SMS, US, POLICY, CALENDAR) == at("2026-03-04 08:00", "Pacific/Honolulu")


def test_zones_that_are_never_open_together_have_no_opening():
    apart = ("Pacific/Kiritimati", "Pacific/Honolulu", "Europe/London", "Asia/Shanghai")
    assert next_permitted(at("2026-03-04 09:00"), VOICE, apart, POLICY, CALENDAR) is None


def test_a_moved_working_day_counts_as_a_weekend():
    moved = Calendar(moved=frozenset({date(2026, 3, 7)}))  # a Saturday
    now = at("2026-03-07 10:00")
    assert closed_by(now, SMS, (SHANGHAI,), policy(weekends=False), moved) is Reason.HOLIDAY
    assert next_permitted(now, SMS, (SHANGHAI,), policy(weekends=False), moved) == at("2026-03-09 08:00")
    assert closed_by(now, SMS, (SHANGHAI,), POLICY, moved) is None


def test_the_gravest_reason_is_given():
    new_years_eve = at("2026-12-31 21:00", "America/New_York")  # in Shanghai it is 2027 already
    zones = ("America/New_York", "Asia/Shanghai")
    assert closed_by(new_years_eve, SMS, zones, POLICY, CALENDAR) is Reason.QUIET_HOURS
    assert closed_by(new_years_eve, SMS, zones, POLICY, Calendar(years=range(2026, 2027))) is Reason.CALENDAR_UNKNOWN


def test_a_closure_longer_than_the_horizon_is_left_to_a_person():
    shut = Calendar(holidays=frozenset(date(2026, 3, 1) + timedelta(days=day) for day in range(60)))
    assert next_permitted(at("2026-03-04 10:00"), SMS, (SHANGHAI,), POLICY, shut) is None


def test_a_window_that_opens_in_a_skipped_hour_opens_with_the_shift():
    # New York goes from 02:00 to 03:00 on 8 March 2026.
    now = at("2026-03-08 01:00", "America/New_York")
    until = next_permitted(now, SMS, ("America/New_York",), policy("02:30-05:00"), CALENDAR)
    assert until == at("2026-03-08 03:00", "America/New_York")


def test_a_window_that_closes_in_a_repeated_hour_opens_again_with_the_shift():
    # New York goes from 02:00 back to 01:00 on 1 November 2026; at the first 01:45 the window is over.
    now = datetime(2026, 11, 1, 5, 45, tzinfo=UTC)
    until = next_permitted(now, SMS, ("America/New_York",), policy("00:30-01:30"), CALENDAR)
    assert until == datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


# The hours around every shift of every zone in these years, so that each example has an edge.
def _shifts(name):
    zone, found = ZoneInfo(name), []
    day = datetime(2025, 1, 1, tzinfo=UTC)
    while day.year < 2028:
        if day.astimezone(zone).utcoffset() != (day + timedelta(days=1)).astimezone(zone).utcoffset():
            found.append(day)
        day += timedelta(days=1)
    return found


EDGES = {name: shifts for name in ZONES if (shifts := _shifts(name))}
MOMENTS = st.one_of(
    st.tuples(
        st.sampled_from(ZONES),
        st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds and adds the zone
    ),
    st.sampled_from(sorted(EDGES)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.builds(
                lambda day, seconds: day + timedelta(seconds=seconds),
                st.sampled_from(EDGES[name]),
                st.integers(-86400, 2 * 86400),
            ),
        )
    ),
)
HOLIDAYS = st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=5)


@settings(max_examples=2000, deadline=None)
@given(
    moment=MOMENTS,
    second=st.none() | st.sampled_from(ZONES),
    channel=st.sampled_from(Channel),
    holidays=HOLIDAYS,
    weekends=st.booleans(),
)
def test_an_opening_is_open_on_every_wall_clock(moment, second, channel, holidays, weekends):
    zone, now = moment
    zones, calendar = (zone, second) if second else (zone,), Calendar(holidays=holidays)
    until = next_permitted(now, channel, zones, policy(weekends=weekends), calendar)
    if until is None:
        assert second is not None
        return
    assert until >= now
    hours = POLICY.contact_windows.of(channel).local_hours
    for name in zones:  # the promise, written anew and without the rule's own code
        local = until.astimezone(ZoneInfo(name))
        assert any(span.opens <= local.time() < span.closes for span in hours)
        assert local.date() not in holidays
        assert weekends or channel is VOICE or local.weekday() < 5


@settings(max_examples=300, deadline=None)
@given(moment=MOMENTS, channel=st.sampled_from(Channel))
def test_nothing_opens_before_the_opening(moment, channel):
    zone, now = moment
    until = next_permitted(now, channel, (zone,), POLICY, CALENDAR)
    instant = now
    while instant < until:
        assert closed_by(instant, channel, (zone,), POLICY, CALENDAR) is not None
        instant += timedelta(minutes=5)
