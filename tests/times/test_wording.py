"""How times and hours are said."""

from datetime import UTC, date, datetime, time

import pytest

from outreach.times import Hours, Part, Slot, say, say_hours, weekdays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # a Monday, half past nine in Shanghai


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (Slot(date(2026, 11, 24), None, time(15)), "明天（11月24日周二）下午3点"),
        (Slot(date(2026, 11, 27), Part.MORNING), "11月27日周五上午"),
        (Slot(date(2026, 11, 23), Part.EVENING), "今天（11月23日周一）晚上"),
        (Slot(date(2026, 11, 25), None, time(10, 30)), "后天（11月25日周三）上午10点半"),
        (Slot(date(2026, 11, 26), None, time(9, 5)), "11月26日周四上午9点05分"),
        (Slot(date(2026, 11, 29), None, time(12, 15)), "11月29日周日中午12点15分"),
        (Slot(date(2027, 1, 4), None, time(20)), "2027年1月4日周一晚上8点"),
        (Slot(date(2026, 11, 26)), "11月26日周四"),
        (Slot(None, None, time(14, 15)), "下午2点15分"),
        (Slot(None, None, time(13)), "下午1点"),
        (Slot(None, None, time(0, 30)), "凌晨0点半"),
        (Slot(part=Part.AFTERNOON), "下午"),
        (Slot(), ""),
    ],
)
def test_a_slot_is_said_as_staff_would(slot, words):
    assert say(slot, NOW, "Asia/Shanghai") == words


def test_tomorrow_is_said_in_the_zone():
    slot = Slot(date(2026, 11, 24), Part.MORNING)
    assert say(slot, datetime(2026, 11, 23, 16, tzinfo=UTC), "Asia/Shanghai") == "今天（11月24日周二）上午"


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (weekdays().to_json(), "周一至周五9:00-17:00"),
        ({**weekdays().to_json(), "sat": [["10:00", "15:30"]]}, "周一至周五9:00-17:00，周六10:00-15:30"),
        ({"mon": [["09:00", "12:00"], ["14:00", "17:00"]]}, "周一9:00-12:00、14:00-17:00"),
        ({"mon": [["09:00", "12:00"]], "wed": [["09:00", "12:00"]]}, "周一9:00-12:00，周三9:00-12:00"),
        ({day: [["09:00", "21:00"]] for day in WEEKDAYS}, "每天9:00-21:00"),
        (
            {"sat": [["09:00", "12:00"]], "sun": [["09:00", "12:00"]], "holidays": True},
            "周六至周日9:00-12:00，节假日照常",
        ),
    ],
)
def test_hours_are_said_with_the_same_days_together(stored, words):
    assert say_hours(Hours.from_json(stored)) == words
