"""What customers' words mean as a time: the table, and what holds for any words."""
# ruff: noqa: DTZ001, SIM905 - hypothesis adds the zone; a list of words is easier to read as one text

import subprocess
import sys
import time as machine
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.calendar import Calendar
from outreach.times import Past, Slot, Unclear, read

from .phrases import ZONE, Phrase, phrases, written

TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo(ZONE))
PIECES = (
    "今天 明天 后天 昨天 周三 下周五 周末 月底 下月初 十五号 三月五号 国庆后 年后 初八 上午 下午 晚上 中午 三点 十点半 两点一刻 "
    "14:30 半小时后 不是 没空 不行 改成 或者 到 以后 之前 一点 ， 吧 9分 尾号6612 二月三十号 2028年2月29日 差五分 点 号 周 月 半 初 后 前 "
    "第一个周一 最后一天 第五个周三 第三个工作日 12.1 2.30 两周后 （周三） 下班 不 接孩子 办的 到期 今天是 上次约的 去年三月 十三月一号"
).split()
words = st.one_of(
    st.text(max_size=300),
    st.text(
        alphabet="零一二两三四五六七八九十0123456789点半刻分号日月年周末天上下午晚早中明后今前初底不是改没空、，:/-. ",
        max_size=60,
    ),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(ZoneInfo(ZONE)))


@pytest.mark.parametrize("phrase", phrases(), ids=str)
def test_a_phrase_means_what_the_table_says(phrase: Phrase):
    assert written(read(phrase.words, phrase.now, ZONE)) == phrase.reading


def test_the_table_is_long_enough_to_mean_something():
    assert len(phrases()) >= 800


@settings(deadline=None, max_examples=300)
@given(words, moments)
def test_any_words_are_read_without_an_error_and_never_as_a_time_that_is_over(said, now):
    reading = read(said, now, ZONE)
    assert isinstance(reading, Slot | Past | Unclear)
    if isinstance(reading, Slot):
        assert reading != Slot()
        if reading.date:
            here = now.astimezone(ZoneInfo(ZONE))
            assert reading.date >= here.date()
            if reading.hour and reading.date == here.date():
                assert reading.hour >= here.time().replace(second=0, microsecond=0)


@settings(deadline=None, max_examples=100)
@given(words, moments)
def test_a_time_that_is_over_has_a_date_that_says_so(said, now):
    reading = read(said, now, ZONE)
    if isinstance(reading, Past):
        assert reading.slot.date is not None
        assert reading.slot.date <= now.date()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(phrases()), st.sampled_from(["嗯", "那个", "呃", " ", "就是"]))
def test_a_filler_before_it_changes_nothing(phrase, filler):
    assert written(read(filler + phrase.words, phrase.now, ZONE)) == phrase.reading


def test_now_is_read_in_the_zone_and_not_as_it_was_given():
    late_in_london = datetime(2026, 11, 24, 20, tzinfo=ZoneInfo("Europe/London"))
    assert read("明天", late_in_london, ZONE) == Slot(date(2026, 11, 26))


def test_a_year_that_no_calendar_knows_leaves_a_holiday_unclear_and_a_date_alone():
    beyond = datetime(2035, 6, 1, 10, tzinfo=ZoneInfo(ZONE))
    assert isinstance(read("国庆后", beyond, ZONE), Unclear)
    assert read("月底", beyond, ZONE) == Slot(date(2035, 6, 29))
    assert read("明天", beyond, ZONE) == Slot(date(2035, 6, 2))


def test_a_calendar_that_is_given_goes_before_the_shipped_one():
    assert isinstance(read("春节后", TUESDAY, ZONE, Calendar()), Unclear)


@pytest.mark.parametrize(
    "flood", ["周三下午", "三十一号", "下午三点", "二月三十号", "一", "不是明天", "1", "国庆后", "年", "嗯"]
)
def test_a_flood_of_words_is_read_quickly(flood):
    read("明天", TUESDAY, ZONE)
    begun = machine.perf_counter()
    read(flood * 2000, TUESDAY, ZONE)
    assert machine.perf_counter() - begun < 1


def test_importing_the_package_loads_no_jionlp_and_reading_prints_nothing():
    program = (
        "import sys, outreach.times as t; from datetime import *; assert 'jionlp' not in sys.modules;"
        "t.read('明天下午', datetime.now(UTC), 'Asia/Shanghai'); assert 'jionlp' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_said_is_read_back_as_the_same_time():
    from outreach.times import say

    for said in ("明天下午三点", "后天上午", "下周三十点半", "周五晚上八点", "十五号中午十二点", "明天下午三点零五分"):
        slot = read(said, TUESDAY, ZONE)
        assert isinstance(slot, Slot)
        again = say(slot, TUESDAY, ZONE)
        assert read(again, TUESDAY, ZONE) == slot, again


def test_weekdays_are_ahead_from_every_day_of_the_week():
    for ahead in range(14):
        now = TUESDAY + timedelta(days=ahead)
        for index, weekday in enumerate("一二三四五六日"):
            slot = read(f"周{weekday}", now, ZONE)
            assert isinstance(slot, Slot)
            assert slot.date is not None
            assert slot.date.weekday() == index
            assert timedelta(0) <= slot.date - now.date() < timedelta(days=7)
