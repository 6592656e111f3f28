"""What is foretold of a campaign: counts with reasons, when it ends, what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.campaigns import explaining, forecast, pacing
from outreach.campaigns.pacing import Windows
from outreach.clock import ZONE
from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.channel import Channel
from outreach.rules.verdict import Reason
from outreach.rules.windows import read_span
from tests.campaigns.engine import FILE
from tests.conftest import TUESDAY

BEGIN = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo(ZONE))
MORNINGS = CampaignHours(dict.fromkeys(range(5), (read_span("09:00-10:00"),)))


def course(house, count, pace, channel=Channel.SMS, hours=None, days=30):
    windows = Windows(channel, house.policy, house.calendar, hours)
    return pacing.course(count, pace, windows, BEGIN, BEGIN.date() + timedelta(days=days))


def test_a_hundred_texts_at_one_a_second_take_a_hundred_seconds(our_house):
    made = course(our_house, 100, 1)
    assert (made.first, made.last, made.left) == (BEGIN, BEGIN + timedelta(seconds=100), 0)


def test_what_a_day_does_not_hold_goes_on_in_the_next_window(our_house):
    made = course(our_house, 3600, 1, hours=MORNINGS)
    assert made.last == datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo(ZONE))


def test_weekends_and_the_noon_rest_are_left_out(our_house):
    made = course(our_house, 11 * 3600, 1, Channel.VOICE)
    assert made.last > datetime(2026, 11, 25, 9, tzinfo=ZoneInfo(ZONE))
    friday = pacing.course(
        3600, 1, Windows(Channel.SMS, our_house.policy, our_house.calendar, MORNINGS),
        BEGIN + timedelta(days=3), date(2026, 12, 30),
    )  # fmt: skip
    assert friday.last == datetime(2026, 11, 30, 9, 30, tzinfo=ZoneInfo(ZONE))


def test_what_the_dates_do_not_hold_is_left(our_house):
    made = course(our_house, 10_000, 1, hours=MORNINGS, days=1)
    assert made.left == 10_000 - 1800 - 3600


def test_nobody_takes_no_time(our_house):
    assert course(our_house, 0, 1).last is None


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_says_what_it_means(reason):
    assert len(reason.means) > 10
    assert Reason(str(reason)) is reason


def test_a_check_explains_itself_in_words(engine):
    engine.load(20, lambda number: {"短信同意": "否"} if number < 4 else {"手机号": ""} if number == 4 else {})
    more = (
        "variants:\n  a: {weight: 50}\n  b: {weight: 50, offer: {gift: 一个背包}}\n"
        "retry: {no_answer: {after: 4h, times: 2, at: other_part}}\nfallback: {after: 48h, to: voice}\n"
        "stop: {target: 5, opt_out_rate: 2%}\n"
        'follow_ups:\n  thanks: {after: [visit_booked], in: 1d, at: "10:00", channel: sms, script: follow_up_thanks}\n'
    )
    file = engine.file(more, FILE.replace("channels: [sms]", "channels: [sms, voice]"))
    with engine.stage.sessions.reading() as db:
        made = forecast.of(db, engine.stage.house, file, TUESDAY)
    said = "\n".join(explaining.explain(file, made, engine.stage.house))
    assert made.channels == {"sms": made.planned - 4, "voice": 4}
    for words in (
        f"{made.planned} would be contacted", "first by call: 4", "variants: a", "again 4 h later, in another part of the day",
        "not on the same day",
        "after no_reply within 2 d: a call instead", "thanks: a text (follow_up_thanks) 1 d after visit_booked at 10:00",
        "ends when 5 customers said yes", "pauses when more than 2.0% opt out", "from 2026-11-24 09:30", "segments",
    ):  # fmt: skip
        assert words in said, said
    assert 0 < made.cost < made.cost_with_tries
    assert "come on top, at CNY 0.05 a segment" in said
    assert "at most" not in said.partition("cost:")[2]


@pytest.mark.parametrize(
    ("number", "seconds", "said"),
    [
        (1.0, 600, "at the 1 a second that our number carries"),
        (None, 3, "at a pace of 200 a second"),
        (500.0, 3, "at a pace of 200 a second"),
    ],
)
def test_the_end_is_foretold_at_the_pace_that_holds(engine, number, seconds, said):
    house = engine.stage.house
    house = replace(house, bank=replace(house.bank, texts_per_second=number))
    engine.load(600)
    file = engine.file()
    with engine.stage.sessions.reading() as db:
        made = forecast.of(db, house, file, TUESDAY)
    course = made.courses["sms"]
    assert made.channels["sms"] == 600
    assert (course.last - course.first).total_seconds() == pytest.approx(seconds)
    assert said in "\n".join(explaining.explain(file, made, house))


def test_a_call_is_foretold_at_each_begun_minute_and_at_the_campaigns_own_pace_where_that_is_slower(engine):
    engine.load(4)
    file = engine.file(text=FILE.replace("channels: [sms]", "channels: [voice]").replace("pace: 200", "pace: 0.01"))
    with engine.stage.sessions.reading() as db:
        made = forecast.of(db, engine.stage.house, file, TUESDAY)
    assert (made.call_minutes, made.cost) == (8, pytest.approx(8 * 0.15))
    assert "at a pace of 0.01 a second" in "\n".join(explaining.explain(file, made, engine.stage.house))


def test_who_agreed_to_calls_only_is_called(engine):
    engine.load(2, lambda number: {"短信同意": "否"} if number else {})
    engine.launch(text=FILE.replace("channels: [sms]", "channels: [sms, voice]"))
    engine.work()
    assert [str(one.channel) for one in engine.attempts()] == ["sms", "voice"]
    assert (len(engine.texts(0)), engine.calls(1)) == (1, 1)
