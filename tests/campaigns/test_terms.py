"""What a campaign file may say of hours, follow-ups, caps and stop conditions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from outreach import documents
from outreach.campaigns import follow_up, hours, stop_conditions, terms
from outreach.campaigns.stop_conditions import Conditions, Counts
from outreach.rules.channel import Channel
from outreach.rules.verdict import Reason
from outreach.scripts.form import Form

THANKS = """\
follow_ups:
  thanks: {after: [visit_booked, agreed], in: 1d, at: "10:00", within: 2d, channel: sms, script: follow_up_thanks}
  invitation: {after: {thanks: [no_reply], opening: [considering]}, in: 5d, channel: sms, script: follow_up_invitation,
    cancelled_by: [visit_booked]}
"""


def read(text):
    form = Form(documents.read(text, "c.yml"))
    return terms.read(form), form.problems


def test_windows_by_weekday():
    made, problems = read('windows:\n  voice: {mon-wed | fri: ["09:00-11:00"], adjusted: []}\nnot_on: [2026-12-24]\n')
    own = made.hours[Channel.VOICE]
    assert problems == []
    assert sorted(own.days) == [0, 1, 2, 4]
    assert own.adjusted == ()
    assert own.closed_on == {date(2026, 12, 24)}


def test_dates_that_stay_closed_leave_the_hours_to_the_policy(our_house):
    made, problems = read("not_on: [2026-12-24]\n")
    assert problems == []
    span = (date(2026, 12, 24), date(2026, 12, 24))
    document = documents.read("start: 2026-12-24\nnot_on: [2026-12-24]\n", "c.yml")
    never = list(hours.problems(document, made.hours, (Channel.SMS,), span, our_house.policy, our_house.calendar))
    assert "never opens" in str(never[0])


def test_dates_stay_closed_on_a_channel_without_windows_too():
    made, _ = read('windows:\n  sms: {mon-fri: ["09:00-12:00"]}\nnot_on: [2026-12-24]\n')
    assert {channel: own.closed_on for channel, own in made.hours.items()} == dict.fromkeys(
        Channel, frozenset({date(2026, 12, 24)})
    )
    assert len(made.hours[Channel.VOICE].days) == 7


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('windows:\n  sms: {mon: ["07:00-09:00"]}\n', 2, "wider than the policy"),
        ('windows:\n  voice: {mon: ["11:00-15:00"]}\n', 2, "wider than the policy"),
        ('windows:\n  sms: {sun: ["09:00-10:00"]}\n', 2, "never opens"),
        ("windows:\n  sms: {mon: []}\n", 2, "never opens"),
    ],
)
def test_windows_are_within_the_policy_and_open_at_least_once(our_house, text, line, said):
    made, problems = read(text)
    assert problems == []
    week = (date(2026, 11, 23), date(2026, 11, 27))
    channels = tuple(Channel) if "voice" in text else (Channel.SMS,)
    document = documents.read(text, "c.yml")
    found = list(hours.problems(document, made.hours, channels, week, our_house.policy, our_house.calendar))
    assert any(problem.line == line and said in str(problem) for problem in found), found


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("windows:\n  fax: {}\n", 2, "fax"),
        ("windows:\n  sms: {}\n", 2, "never opens"),
        ("windows:\n  sms: {someday: []}\n", 2, "someday"),
        ("windows:\n  sms: {fri-mon: []}\n", 2, "fri-mon"),
        ('windows:\n  sms: {mon: ["9 to 5"]}\n', 2, "9 to 5"),
        ('windows:\n  sms: {mon: ["12:00-09:00"]}\n', 2, "end after it begins"),
        ('windows:\n  sms:\n    mon-tue: ["09:00-10:00"]\n    tue: ["11:00-12:00"]\n', 4, "tue twice"),
        ("not_on: [someday]\n", 1, "someday"),
        ("not_on: [2026-12-24 10:00:00]\n", 1, "is not a date"),
        ("caps: {contacts: 0}\n", 1, "whole number"),
        ("caps: {calls: 3}\n", 1, "calls"),
        ("stop: {target: many}\n", 1, "whole number"),
        ("stop: {budget: -5}\n", 1, "-5"),
        ("stop: {failure_rate: 200%}\n", 1, "200%"),
        (THANKS.replace("in: 1d", "in: never"), 2, "'never'"),
        (THANKS.replace("within: 2d", "within: 1d"), 2, "longer than `in`"),
        (THANKS.replace("[visit_booked, agreed]", "[opted_out]"), 2, "nothing may follow opted_out"),
        (THANKS.replace("[visit_booked, agreed]", "[not_permitted]"), 2, "nothing may follow"),
        (THANKS.replace("[visit_booked, agreed]", "[delighted]"), 2, "not an outcome"),
        (THANKS.replace("{thanks: [no_reply], opening", "{wishes: [no_reply], opening"), 3, "no other contact"),
        (THANKS.replace("channel: sms, script: follow_up_thanks", "channel: fax, script: x"), 2, "fax"),
        (THANKS.replace(", script: follow_up_thanks", ""), 2, "script"),
        (
            THANKS.replace("after: [visit_booked, agreed]", "after: {invitation: [agreed]}"),
            2,
            "thanks → invitation → thanks",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text, line, said):
    _, problems = read(text)
    assert any(problem.line == line and said in str(problem) for problem in problems), problems


def test_a_follow_up_is_due_the_next_day_and_pointless_the_day_after():
    made, problems = read(THANKS)
    assert problems == []
    thanks = made.follow_up("follow_up:thanks")
    ended = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 16:00 at the bank
    due, last = thanks.due(ended, "Asia/Shanghai")
    assert (due, last) == (datetime(2026, 11, 25, 2, tzinfo=UTC), ended + timedelta(days=2))
    assert thanks.at == time(10)


def test_a_follow_up_whose_time_of_day_has_passed_waits_for_the_next():
    thanks = read(THANKS.replace("in: 1d", "in: 2h"))[0].follow_up("follow_up:thanks")
    ended = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 16:00 at the bank
    assert thanks.due(ended, "Asia/Shanghai")[0] == datetime(2026, 11, 25, 2, tzinfo=UTC)


def test_follow_ups_start_and_stop_by_outcome():
    made, _ = read(THANKS)
    thanks, invitation = made.follow_ups
    assert thanks.starts("opening", "visit_booked")
    assert not thanks.starts("opening", "refused")
    assert invitation.starts("follow_up:thanks", "no_reply")
    assert invitation.starts("opening", "considering")
    assert not invitation.starts("opening", "no_reply")
    assert invitation.cancelled("visit_booked")
    assert not invitation.cancelled("agreed")


@pytest.mark.parametrize("outcome", ["opted_out", "complained", "wrong_person", "invalid_number"])
def test_after_a_stop_nothing_follows_whatever_the_file_says(outcome):
    for one in read(THANKS)[0].follow_ups:
        assert one.cancelled(outcome)
    assert follow_up.stops(outcome)


@pytest.mark.parametrize(
    ("conditions", "counts", "ends", "said"),
    [
        (Conditions(target=3), Counts(succeeded=3), Reason.TARGET_REACHED, "3 of 3"),
        (Conditions(budget=10), Counts(spent=10.5), Reason.BUDGET_SPENT, "10.50 of 10.00"),
        (Conditions(opt_out_rate=0.02), Counts(ended=100, opted_out=3), None, "3.0% of 100 is above 2.0%"),
        (Conditions(failure_rate=0.2, of=10), Counts(ended=10, failed=3), None, "failure rate"),
    ],
)
def test_a_condition_that_is_met_says_why(conditions, counts, ends, said):
    met = stop_conditions.met(conditions, counts)
    assert met.ends is ends
    assert said in met.why


@pytest.mark.parametrize(
    ("conditions", "counts"),
    [
        (Conditions(target=3), Counts(succeeded=2)),
        (Conditions(opt_out_rate=0.02), Counts(ended=49, opted_out=40)),
        (Conditions(opt_out_rate=0.02), Counts(ended=100, opted_out=2)),
        (Conditions(), Counts(succeeded=1000, spent=1000, ended=1000, failed=1000, opted_out=1000)),
    ],
)
def test_a_condition_that_is_not_met_changes_nothing(conditions, counts):
    assert stop_conditions.met(conditions, counts) is None
