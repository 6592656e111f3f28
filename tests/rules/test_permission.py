from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rules import Allowed, Channel, Reason, Refused, may_contact
from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.permission import ANSWER_GATES, GATES
from outreach.rules.windows import Span

from .people import CALENDAR, NOON, POLICY, SMS, VOICE, Calendar, at, consent, contact, running, wang

CALL = contact(channel=VOICE)
ANSWER = contact(started_by="customer")
FUND = contact(product_risk=3)
OWED = contact(started_by="customer", purpose="service", confirmation=True)
HEARD = NOON - timedelta(minutes=5)


def ask(intended=None, reach=None, standing=None, now=NOON, policy=POLICY, calendar=CALENDAR):
    return may_contact(intended or contact(), reach or wang(), standing or running(), now, policy, calendar)


def test_a_customer_with_consent_may_be_reached_in_the_window():
    assert ask() == Allowed()
    assert ask(CALL) == Allowed()


REFUSED = [
    # gate 1
    ("marketing to +86 on twilio", contact(provider="twilio"), wang(), running(), Reason.DESTINATION),
    (
        "marketing to Hong Kong on twilio",
        contact(provider="twilio"),
        wang(number_country="HK"),
        running(),
        Reason.DESTINATION,
    ),
    (
        "a country that is not listed",
        contact(provider="twilio"),
        wang(number_country="LV"),
        running(),
        Reason.DESTINATION,
    ),
    ("an unknown country", contact(provider="twilio"), wang(number_country=""), running(), Reason.DESTINATION),
    ("an unknown provider", contact(provider="pigeon"), wang(), running(), Reason.DESTINATION),
    *(
        (f"a {kind} number", contact(), wang(number_kind=kind), running(), Reason.NUMBER_KIND)
        for kind in ("fixed", "premium", "toll_free", "shared", "satellite", "short", "unknown")
    ),
    # gate 2
    ("an opt-out of texts", contact(), wang(suppressed=frozenset({SMS})), running(), Reason.OPTED_OUT),
    ("an opt-out of everything", CALL, wang(suppressed=frozenset(Channel)), running(), Reason.OPTED_OUT),
    ("an open complaint", contact(), wang(complaint_open=True), running(), Reason.COMPLAINT_OPEN),
    # gate 3
    ("no consent", contact(), wang(consent=None), running(), Reason.NO_CONSENT),
    ("no consent to service", contact(purpose="service"), wang(consent=None), running(), Reason.NO_CONSENT),
    (
        "a consent not yet given",
        contact(),
        wang(consent=consent(given_at=NOON + timedelta(1))),
        running(),
        Reason.NO_CONSENT,
    ),
    (
        "a consent to calls only",
        contact(),
        wang(consent=consent(channels=frozenset({VOICE}))),
        running(),
        Reason.NO_CONSENT,
    ),
    ("a consent to service only", contact(), wang(consent=consent(purpose="service")), running(), Reason.NO_CONSENT),
    ("a consent taken back", contact(), wang(consent=consent(withdrawn_at=HEARD)), running(), Reason.CONSENT_WITHDRAWN),
    ("a consent that ends now", contact(), wang(consent=consent(expires_at=NOON)), running(), Reason.CONSENT_EXPIRED),
    # gate 4
    ("no zone", contact(), wang(zones=()), running(), Reason.CALENDAR_UNKNOWN),
    ("an unknown zone", contact(), wang(zones=("Asia/Atlantis",)), running(), Reason.CALENDAR_UNKNOWN),
    ("a name that is no zone", contact(), wang(zones=("../etc/passwd",)), running(), Reason.CALENDAR_UNKNOWN),
    # gate 5, for good
    ("as often as the campaign may", contact(), wang(campaign_contacts=4), running(contacts=4), Reason.TOO_OFTEN),
    # gate 6
    ("a minor", contact(), wang(birth_year=2008), running(), Reason.UNDER_AGE),
    ("a fund for someone of unknown age", FUND, wang(birth_year=None), running(), Reason.UNDER_AGE),
    ("a fund without an assessment", FUND, wang(risk_level=None), running(), Reason.UNSUITABLE),
    ("an assessment without a date", FUND, wang(risk_expires_on=None), running(), Reason.RISK_EXPIRED),
    (
        "an assessment that ended yesterday",
        FUND,
        wang(risk_expires_on=date(2026, 3, 3)),
        running(),
        Reason.RISK_EXPIRED,
    ),
    ("a fund above the customer's level", FUND, wang(risk_level=2), running(), Reason.UNSUITABLE),
    ("an R3 fund for someone of 65", FUND, wang(birth_year=1961, risk_level=5), running(), Reason.UNSUITABLE),
    # gate 7
    ("a missing fact", contact(), wang(), running(missing_facts=("card.tail",)), Reason.MISSING_FACT),
    ("a forbidden word", contact(content_problem="保本"), wang(), running(), Reason.CONTENT),
    # gate 8
    ("a script that nobody approved", contact(), wang(), running(script_approved=False), Reason.NOT_APPROVED),
    ("a campaign that is not active", contact(), wang(), running(campaign_active=False), Reason.CAMPAIGN_CLOSED),
    ("a campaign that ended yesterday", contact(), wang(), running(ends_on=date(2026, 3, 3)), Reason.CAMPAIGN_CLOSED),
    # gate 9
    ("a number known to be bad", contact(), wang(number_bad=True), running(), Reason.BAD_NUMBER),
]


@pytest.mark.parametrize(
    ("intended", "reach", "standing", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_each_gate_refuses_without_an_end(intended, reach, standing, reason):
    verdict = ask(intended, reach, standing)
    assert isinstance(verdict, Refused)
    assert (verdict.reason, verdict.until) == (reason, None)


HELD = [
    ("another conversation", contact(), wang(in_conversation=True), running(), Reason.IN_CONVERSATION),
    ("a campaign that is paused", contact(), wang(), running(campaign_paused=True), Reason.CAMPAIGN_CLOSED),
    # gate 10
    ("a stop of everything", contact(), wang(), running(stops=frozenset({"all", "campaign"})), Reason.STOPPED_ALL),
    (
        "a stop of the carrier",
        contact(),
        wang(),
        running(stops=frozenset({"carrier", "campaign"})),
        Reason.STOPPED_CARRIER,
    ),
    ("a stop of the campaign", contact(), wang(), running(stops=frozenset({"campaign"})), Reason.STOPPED_CAMPAIGN),
]


@pytest.mark.parametrize(
    ("intended", "reach", "standing", "reason"), [case[1:] for case in HELD], ids=[case[0] for case in HELD]
)
def test_what_may_pass_is_held_back_and_asked_again(intended, reach, standing, reason):
    verdict = ask(intended, reach, standing)
    assert isinstance(verdict, Refused)
    assert verdict.reason == reason
    assert verdict.until is not None
    assert NOON < verdict.until <= NOON + timedelta(hours=1)


MORNINGS = CampaignHours(dict.fromkeys(range(5), (Span(time(9), time(10)),)))
FRIDAYS = CampaignHours({4: (Span(time(15), time(18)),)}, closed_on=frozenset({date(2026, 3, 6)}))


@pytest.mark.parametrize(
    ("hours", "ends_on", "until"),
    [
        (MORNINGS, None, at("2026-03-05 09:00")),
        (MORNINGS, date(2026, 3, 4), None),
        (FRIDAYS, None, at("2026-03-13 15:00")),
        (CampaignHours({}), None, None),
    ],
)
def test_the_hours_of_a_campaign_take_away_from_those_of_the_policy(hours, ends_on, until):
    verdict = ask(standing=running(hours=hours, ends_on=ends_on))
    assert (verdict.reason, verdict.until) == (Reason.CAMPAIGN_HOURS, until)


def test_a_time_that_the_customer_named_goes_before_the_hours_of_the_campaign_not_of_the_policy():
    assert ask(contact(invited=True), standing=running(hours=CampaignHours({}))) == Allowed()
    night = ask(contact(invited=True), standing=running(hours=MORNINGS), now=at("2026-03-04 23:00"))
    assert (night.reason, night.until) == (Reason.QUIET_HOURS, at("2026-03-05 08:00"))


def test_an_adjusted_working_day_has_hours_of_its_own():
    moved = Calendar(moved=frozenset({date(2026, 3, 7)}))
    hours = CampaignHours({5: (Span(time(9), time(20)),)}, adjusted=(Span(time(18), time(20)),))
    saturday = at("2026-03-07 11:00")
    assert ask(standing=running(hours=hours), now=saturday) == Allowed()
    assert ask(standing=running(hours=hours), now=saturday, calendar=moved).until == at("2026-03-07 18:00")


@given(
    st.integers(0, 330 * 24 * 60).map(lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes)),
    st.sets(st.integers(0, 6)),
    st.integers(8, 19),
)
def test_no_campaign_opens_what_the_policy_closes(now, weekdays, opens):
    hours = CampaignHours(dict.fromkeys(weekdays, (Span(time(opens), time(opens, 30)),)))
    for channel in (SMS, VOICE):
        with_own, without = (
            ask(contact(channel=channel), standing=running(hours=hours), now=now),
            ask(contact(channel=channel), now=now),
        )
        if with_own == Allowed():
            assert without == Allowed()
        elif with_own.until is not None:
            assert ask(contact(channel=channel), standing=running(hours=hours), now=with_own.until) == Allowed()


def test_a_campaign_keeps_a_tighter_cap_and_never_a_looser_one():
    once = wang(recent_contacts=((NOON - timedelta(days=1), SMS),))
    assert ask(reach=once) == Allowed()
    assert ask(reach=once, standing=running(contacts_per_7_days=1)).reason is Reason.TOO_OFTEN
    thrice = wang(recent_contacts=tuple((NOON - timedelta(days=day), SMS) for day in (1, 2, 3)))
    assert ask(reach=thrice, standing=running(contacts_per_7_days=9)).reason is Reason.TOO_OFTEN


ALLOWED = [
    ("service to +86 on twilio", contact(provider="twilio", purpose="service"), wang(), running()),
    ("marketing to the US on twilio", contact(provider="twilio"), wang(number_country="US"), running()),
    ("any country's mobile on the local carrier", contact(), wang(number_country="LV"), running()),
    ("a call after an opt-out of texts", CALL, wang(suppressed=frozenset({SMS})), running()),
    ("service on a consent to marketing", contact(purpose="service"), wang(), running()),
    (
        "service on a consent to service",
        contact(purpose="service"),
        wang(consent=consent(purpose="service")),
        running(),
    ),
    ("a consent that ends later", contact(), wang(consent=consent(expires_at=NOON + timedelta(1))), running()),
    ("a customer of unknown age without a fund", contact(), wang(birth_year=None), running()),
    ("a fund at the customer's level", FUND, wang(), running()),
    ("an assessment that ends today", FUND, wang(risk_expires_on=date(2026, 3, 4)), running()),
    ("an R2 fund for someone of 65", replace(FUND, product_risk=2), wang(birth_year=1961), running()),
    (
        "a service message about a fund",
        replace(FUND, purpose="service"),
        wang(risk_level=None, birth_year=None),
        running(),
    ),
    (
        "a campaign's first and last day",
        contact(),
        wang(),
        running(starts_on=date(2026, 3, 4), ends_on=date(2026, 3, 4)),
    ),
]


@pytest.mark.parametrize(
    ("intended", "reach", "standing"), [case[1:] for case in ALLOWED], ids=[case[0] for case in ALLOWED]
)
def test_what_no_gate_minds_is_allowed(intended, reach, standing):
    assert ask(intended, reach, standing) == Allowed()


TIMES = [
    ("a text at night waits for the morning", contact(), "2026-03-04 21:00", "2026-03-05 08:00", Reason.QUIET_HOURS),
    ("the window's last minute is outside", contact(), "2026-03-04 20:30", "2026-03-05 08:00", Reason.QUIET_HOURS),
    ("a call at noon waits for the afternoon", CALL, "2026-03-04 12:00", "2026-03-04 14:00", Reason.QUIET_HOURS),
    ("a call before nine waits for nine", CALL, "2026-03-04 03:00", "2026-03-04 09:00", Reason.QUIET_HOURS),
]


@pytest.mark.parametrize(
    ("intended", "now", "until", "reason"), [case[1:] for case in TIMES], ids=[case[0] for case in TIMES]
)
def test_a_refusal_by_the_clock_names_the_next_opening(intended, now, until, reason):
    verdict = ask(intended, now=at(now))
    assert (verdict.reason, verdict.until) == (reason, at(until))
    assert ask(intended, now=verdict.until) == Allowed()


def test_a_holiday_is_closed_until_the_day_after_it():
    holiday = Calendar(holidays=frozenset({date(2026, 3, 4), date(2026, 3, 5)}))
    assert ask(calendar=holiday) == Refused(
        Reason.HOLIDAY, at("2026-03-06 08:00"), {"zones": ["Asia/Shanghai"], "local_hours": ["08:00-20:30"]}
    )


def test_a_year_without_a_calendar_is_refused():
    assert ask(calendar=Calendar(years=range(2025, 2026))).reason is Reason.CALENDAR_UNKNOWN


def test_the_third_contact_in_seven_days_is_the_last():
    recent = tuple((NOON - timedelta(days=days), SMS) for days in (1, 3, 6))
    verdict = ask(reach=wang(recent_contacts=recent))
    assert (verdict.reason, verdict.until) == (Reason.TOO_OFTEN, NOON + timedelta(days=1))
    assert ask(reach=wang(recent_contacts=recent[:2])) == Allowed()
    assert ask(reach=wang(recent_contacts=recent), now=verdict.until) == Allowed()


def test_a_second_call_waits_for_the_next_day_and_its_window():
    called = wang(recent_contacts=((NOON - timedelta(hours=1), VOICE),))
    verdict = ask(CALL, called)
    assert (verdict.reason, verdict.until) == (Reason.TOO_OFTEN, at("2026-03-05 09:00"))
    assert ask(contact(), called) == Allowed()


def test_a_quiet_hour_before_a_cap_names_the_time_when_both_are_over():
    recent = tuple((at("2026-03-04 20:00") - timedelta(days=days), SMS) for days in (0, 1, 2))
    verdict = ask(reach=wang(recent_contacts=recent), now=at("2026-03-04 21:00"))
    assert (verdict.reason, verdict.until) == (Reason.QUIET_HOURS, at("2026-03-09 20:00"))


def test_a_campaign_that_has_not_begun_opens_on_its_first_day():
    verdict = ask(standing=running(starts_on=date(2026, 3, 6)))
    assert (verdict.reason, verdict.until) == (Reason.CAMPAIGN_CLOSED, at("2026-03-06 08:00"))


def test_an_answer_needs_no_consent_window_cap_or_dates():
    heard = wang(
        last_heard_at=at("2026-03-04 22:55"),
        consent=None,
        recent_contacts=((NOON, SMS),) * 3,
        in_conversation=True,
        zones=(),
        number_bad=True,
    )
    assert ask(ANSWER, heard, running(campaign_active=False), now=at("2026-03-04 23:00")) == Allowed()


def test_an_answer_a_day_late_is_a_contact():
    late = wang(consent=None, last_heard_at=NOON - timedelta(hours=24))
    assert ask(ANSWER, late) == Allowed()
    assert ask(ANSWER, late, now=NOON + timedelta(seconds=1)).reason is Reason.NO_CONSENT
    assert ask(ANSWER, wang(consent=None)).reason is Reason.NO_CONSENT


def test_a_contact_by_the_bank_is_no_answer_however_recently_the_customer_wrote():
    assert ask(contact(), wang(consent=None, last_heard_at=HEARD)).reason is Reason.NO_CONSENT


@pytest.mark.parametrize(
    ("intended", "reach", "standing", "reason"),
    [
        (ANSWER, wang(suppressed=frozenset({SMS})), running(), Reason.OPTED_OUT),
        (ANSWER, wang(complaint_open=True), running(), Reason.COMPLAINT_OPEN),
        (replace(ANSWER, content_problem="保本"), wang(), running(), Reason.CONTENT),
        (ANSWER, wang(), running(stops=frozenset({"campaign"})), Reason.STOPPED_CAMPAIGN),
        (ANSWER, wang(number_kind="premium"), running(), Reason.NUMBER_KIND),
    ],
)
def test_an_answer_still_passes_suppression_content_and_stops(intended, reach, standing, reason):
    assert ask(intended, replace(reach, last_heard_at=HEARD), standing).reason is reason


def test_only_the_owed_line_follows_an_opt_out_or_a_complaint():
    refusing = wang(suppressed=frozenset(Channel), complaint_open=True, last_heard_at=HEARD)
    assert ask(OWED, refusing) == Allowed()
    assert ask(replace(OWED, purpose="marketing"), refusing).reason is Reason.OPTED_OUT
    assert ask(replace(OWED, started_by="bank"), refusing).reason is Reason.OPTED_OUT
    assert ask(OWED, refusing, running(stops=frozenset({"all"}))).reason is Reason.STOPPED_ALL


def test_every_gate_of_an_answer_is_a_gate_of_a_contact_in_the_same_order():
    assert [gate for gate in GATES if gate in ANSWER_GATES] == list(ANSWER_GATES)


def test_every_reason_has_a_case():
    shown = {case[4] for case in (*REFUSED, *HELD)} | {
        Reason.CAMPAIGN_HOURS,
        Reason.QUIET_HOURS,
        Reason.HOLIDAY,
        Reason.TOO_OFTEN,
    }
    # What no gate decides: the campaign's own word on an attempt.
    assert set(Reason) - shown == {
        Reason.ALREADY_CONTACTED, Reason.HOLDOUT, Reason.TOO_LATE, Reason.CANCELLED, Reason.TARGET_REACHED,
        Reason.BUDGET_SPENT,
    }  # fmt: skip


def test_times_without_a_zone_are_errors():
    naive = datetime(2026, 3, 4, 11, tzinfo=UTC).replace(tzinfo=None)
    for wrong in (
        lambda: ask(now=naive),
        lambda: wang(last_heard_at=naive),
        lambda: wang(recent_contacts=((naive, SMS),)),
        lambda: consent(given_at=naive),
    ):
        with pytest.raises(ValueError, match="must have a time zone"):
            wrong()


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds and adds the zone


@given(
    now=INSTANTS,
    channel=st.sampled_from(Channel),
    ago=st.lists(st.tuples(st.floats(0, 10), st.sampled_from(Channel)), max_size=6),
    zones=st.lists(
        st.sampled_from(["America/New_York", "America/Los_Angeles", "Asia/Shanghai"]), min_size=1, max_size=3
    ),
)
def test_a_time_refusal_ends_when_it_says(now, channel, ago, zones):
    recent = tuple((now - timedelta(days=days), by) for days, by in ago)
    someone = wang(zones=tuple(zones), recent_contacts=recent, risk_expires_on=date(2100, 1, 1))
    verdict = ask(contact(channel=channel), someone, now=now)
    if isinstance(verdict, Refused) and verdict.until is not None:
        assert verdict.until > now
        assert ask(contact(channel=channel), someone, now=verdict.until) == Allowed()


@pytest.mark.parametrize(
    ("meant_for", "begun_by", "hour"),
    [
        (None, None, 8),
        (time(18), None, 18),
        (time(21), None, 8),
        (time(18), at("2026-03-04 12:00"), 8),
        (time(18), at("2026-03-04 18:00"), 18),
    ],
)
def test_what_is_put_off_to_another_day_keeps_its_time_where_that_day_has_it(meant_for, begun_by, hour):
    night = at("2026-03-03 22:00")
    refused = ask(contact(time_of_day=meant_for, begun_by=begun_by), now=night)
    assert refused.until == at(f"2026-03-04 {hour:02}:00")
