"""The parts that need no running carrier: segments, signature, fragments, limits, and what is asked of the environment."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from carrier_on_test import ACCOUNT, SENDER
from hypothesis import given
from hypothesis import strategies as st

from local_carrier.counters import Counters
from local_carrier.ledger import Ledger
from local_carrier.message import Direction, Message, Status
from local_carrier.outbound import Lane
from local_carrier.overrides import Overrides, split
from local_carrier.rest.access import Pace
from local_carrier.segments import segments
from local_carrier.signature import sign

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 10, 2),
        ("激" * 70, 1),
        ("激" * 71, 2),
        ("激" * 134, 2),
        ("激" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("激" * 66 + "😀" + "激" * 66, 3),
        ("👨‍👩‍👧" * 8, 1),
        ("👨‍👩‍👧" * 9, 2),
        ("🇨🇳" * 17, 1),
    ],
)
def test_segments_are_counted_as_the_carrier_counts(text, count):
    assert segments(text) == count


@given(st.text(max_size=400))
def test_segments_hold_the_text_and_waste_little(text):
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2 if not text.isascii() else len(text)
    assert segments(text) >= units / 160
    assert segments(text) <= 1 + units / 30


def test_the_signature_is_the_documented_one():
    assert sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", {}) != ""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    assert sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://b/in", Overrides()),
        ("http://b/in#rc=3&rp=ct,rt,5xx", Overrides(retries=3, retried=frozenset({"ct", "rt", "5xx"}))),
        ("http://b/in#rc=9&rp=tea&ct=1&tt=99999", Overrides()),
        ("http://b/in#rc=0&ct=200&rt=300&tt=400", Overrides(0, frozenset({"ct"}), 0.2, 0.3, 0.4)),
    ],
)
def test_a_fragment_is_read_within_twilios_bounds(url, expected):
    assert split(url) == ("http://b/in", expected)


def test_the_ledger_forgets_the_oldest_and_its_empty_thread():
    ledger = Ledger(kept=2)
    messages = [
        Message(ACCOUNT, SENDER, f"+861380000000{n}", "您好", Direction.OUTBOUND, Status.DELIVERED, 1) for n in range(3)
    ]
    for message in messages:
        ledger.add(message)
    assert len(ledger) == 2
    assert ledger.find(messages[0].sid) is None
    assert ledger.handsets() == [messages[1].to, messages[2].to]


def test_a_rate_is_kept_and_recovers():
    async def takes():
        pace = Pace(20)
        first = [pace.take() for _ in range(25)]
        await asyncio.sleep(0.12)
        return first, pace.take()

    first, later = asyncio.run(takes())
    assert first[:20] == [True] * 20
    assert not all(first)
    assert later


def test_a_slow_number_spaces_its_texts():
    async def waits():
        lane = Lane(10)
        return [round(lane.wait(), 1) for _ in range(3)]

    assert asyncio.run(waits()) == [0, 0.1, 0.2]


def test_a_text_accepted_twice_is_counted():
    counters = Counters()
    for _ in range(2):
        counters.posted(SENDER, "您好")
        counters.took(SENDER, "您好")
    assert counters.as_json()["accepted_twice"] == 1


def test_a_start_without_an_account_names_all_that_is_missing():
    run = subprocess.run(
        [sys.executable, "-m", "local_carrier"], env={"PATH": ""}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, OUTREACH_SENDER" in run.stderr


def test_the_carrier_imports_nothing_of_the_product():
    code = "import sys, local_carrier.app; sys.exit(any(name.split('.')[0] == 'outreach' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
