"""Who is tried again, when, and on which channel; never after an end that stops."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import documents
from outreach.campaigns import retry
from outreach.campaigns.retry import Fallback, Next, Retry, Tried, Tries
from outreach.rules.channel import Channel
from outreach.scripts.form import Form
from outreach.scripts.names import outcomes

ZONE = "Asia/Shanghai"
SMS, VOICE = Channel.SMS, Channel.VOICE
MORNING = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo(ZONE))
CALLS = Tries({"no_answer": Retry(timedelta(hours=4), 2, "other_part"), "line_busy": Retry(timedelta(minutes=30), 3)})
TEXT_THEN_CALL = Tries({}, Fallback(VOICE, frozenset({"no_reply"}), timedelta(hours=48)))


def tried(outcome, channel=VOICE, at=MORNING):
    return Tried(channel, outcome, at, at + timedelta(minutes=1))


def test_an_engaged_line_is_tried_again_after_half_an_hour():
    assert retry.following(CALLS, [tried("line_busy")], ZONE) == Next(VOICE, MORNING + timedelta(minutes=31))


def test_who_did_not_answer_in_the_morning_is_called_in_another_part_of_the_day():
    assert retry.following(CALLS, [tried("no_answer")], ZONE).due_at == MORNING.replace(hour=14, minute=1)
    early = retry.following(CALLS, [tried("no_answer", at=MORNING.replace(hour=7))], ZONE)
    assert early.due_at.time() == time(12)


def test_after_an_evening_the_morning_is_next():
    evening = retry.following(CALLS, [tried("no_answer", at=MORNING.replace(hour=19))], ZONE)
    assert evening.due_at == datetime(2026, 11, 25, 0, tzinfo=ZoneInfo(ZONE))


def test_a_try_in_another_part_knows_when_that_begins():
    assert retry.following(CALLS, [tried("no_answer")], ZONE).time_of_day == time(12)
    evening = retry.following(CALLS, [tried("no_answer", at=MORNING.replace(hour=19))], ZONE)
    assert evening.time_of_day == time(0)
    assert retry.following(CALLS, [tried("line_busy")], ZONE).time_of_day is None


def test_as_often_as_the_plan_says_and_no_more():
    assert retry.following(CALLS, [tried("no_answer")] * 2, ZONE) is not None
    assert retry.following(CALLS, [tried("no_answer")] * 3, ZONE) is None
    assert retry.following(CALLS, [tried("no_answer"), tried("no_answer"), tried("line_busy")], ZONE) is not None


def test_at_a_time_of_day():
    plan = Tries({"broke_off": Retry(timedelta(days=1), 1, time(18, 30))})
    assert retry.following(plan, [tried("broke_off")], ZONE) == Next(
        VOICE, MORNING.replace(day=25, hour=18, minute=30), time(18, 30)
    )


def test_a_text_without_a_reply_is_followed_by_one_call():
    text = tried("no_reply", SMS)
    assert retry.following(TEXT_THEN_CALL, [text], ZONE) == Next(VOICE, text.closed_at)
    assert retry.following(TEXT_THEN_CALL, [text, tried("no_answer")], ZONE) is None
    assert retry.silence(TEXT_THEN_CALL, SMS, timedelta(hours=72)) == timedelta(hours=48)
    assert retry.silence(TEXT_THEN_CALL, VOICE, timedelta(hours=72)) == timedelta(hours=72)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(set(outcomes()) - {"not_permitted"})), st.sampled_from(list(Channel))),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 365 * 24 * 60),
)
def test_nobody_is_ever_tried_again_after_an_end_that_stops(ends, minutes):
    everything = Tries(
        {name: Retry(timedelta(hours=1), 5, "other_part") for name in outcomes()},
        Fallback(VOICE, frozenset(outcomes())),
    )
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    chain = [tried(outcome, channel, at) for outcome, channel in ends]
    following = retry.following(everything, chain, ZONE)
    if outcomes()[ends[-1][0]].retry != "again":
        assert following is None
    if following is not None:
        assert following.due_at >= chain[-1].closed_at
        if following.channel is chain[-1].channel:
            assert following.due_at >= chain[-1].closed_at + timedelta(hours=1)
            hour, last = following.due_at.astimezone(ZoneInfo(ZONE)).hour, at.astimezone(ZoneInfo(ZONE)).hour
            assert (hour < 12, hour < 18) != (last < 12, last < 18)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("retry:\n  refused: {after: 1d}\n", 2, "nobody is tried again after refused"),
        ("retry:\n  opted_out: {after: 1d}\n", 2, "nobody is tried again"),
        ("retry:\n  callback_requested: {after: 1d}\n", 2, "nobody is tried again"),
        ("retry:\n  nothing: {after: 1d}\n", 2, "not an outcome"),
        ("retry:\n  no_answer: {after: soon}\n", 2, "'soon'"),
        ("retry:\n  no_answer: {times: 2}\n", 2, "after how long"),
        ("retry:\n  no_answer: {after: 1h, times: 99}\n", 2, "at most 5"),
        ("retry:\n  no_answer: {after: 1h, at: teatime}\n", 2, "time of day"),
        ("retry:\n  no_answer: {after: 1h, how: often}\n", 2, "how"),
        ("fallback: {to: sms}\n", 1, "'sms'"),
        ("fallback: {to: voice, on: [refused]}\n", 1, "nobody is tried again after refused"),
        ("fallback: {to: voice, on: [undelivered], after: 2d}\n", 1, "not among `on`"),
        ("fallback: {to: voice, after: 30d}\n", 1, "at most 7 d"),
    ],
)
def test_a_bad_plan_is_refused_with_its_line(text, line, said):
    form = Form(documents.read(text, "c.yml"))
    retry.read(form, ["sms", "voice"])
    assert any(problem.line == line and said in str(problem) for problem in form.problems), form.problems
