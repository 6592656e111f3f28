import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rules.sms_length import Encoding, encoding, segments

FAMILY = "👨‍👩‍👧‍👦"  # eleven units, one character to the reader
FLAG = "🇨🇳"

COUNTED = [
    ("", 0),
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 306, 2),
    ("a" * 307, 3),
    ("€" * 80, 1),
    ("€" * 81, 2),
    ("€" * 152, 2),  # 76 in each: an escape and its character stay together
    ("€" * 153, 3),
    ("中" * 70, 1),
    ("中" * 71, 2),
    ("中" * 134, 2),
    ("中" * 135, 3),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    ("😀" * 66, 2),
    ("😀" * 67, 3),  # 33 in each: a pair of surrogates stays together
    (FAMILY * 6, 1),
    (FAMILY * 12, 2),
    (FAMILY * 13, 3),
    (FLAG * 17, 1),
    (FLAG * 32, 2),
    (FLAG * 33, 3),
    ("👍🏽" * 32, 2),
    ("👍🏽" * 33, 3),
    ("e" + "\u0301" * 300, 5),  # no character is that long; it is cut like letters
]


@pytest.mark.parametrize(
    ("text", "count"), COUNTED, ids=[f"{len(text)} letters cost {count}" for text, count in COUNTED]
)
def test_a_text_costs_what_the_carrier_says(text, count):
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "travels"), [("Hello", "gsm7"), ("à€{}", "gsm7"), ("您好", "ucs2"), ("á", "ucs2"), ("", "gsm7")]
)
def test_chinese_travels_in_sixteen_bits(text, travels):
    assert encoding(text) == travels


@given(st.text(max_size=400))
def test_a_text_never_costs_less_than_its_units(text):
    if encoding(text) is Encoding.UCS2:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        assert segments(text) >= (1 if units <= 70 else -(-units // 67))
