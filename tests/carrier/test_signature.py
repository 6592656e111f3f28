"""The seal on callbacks: who may speak for the carrier."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.carrier.signature import sign, valid

TOKEN, NEXT_TOKEN = "12345", "67890"

# The example of Twilio's own documentation, and of an older edition of it.
DOC_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
DOC_FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+12349013030"),
    ("Digits", "1234"),
    ("From", "+12349013030"),
    ("To", "+18005551212"),
]
DOC_SEAL = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="

URL = "https://bank.example/tw/text"
FORM = [("Body", "好的"), ("From", "+8613800138000"), ("OptOutType", ""), ("MediaUrl", "b"), ("MediaUrl", "a")]


OLD_DOC_FORM = [(key, value.replace("+12349013030", "+14158675309")) for key, value in DOC_FORM]
OLD_DOC_SEAL = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_documented_example_is_valid():
    assert sign(TOKEN, DOC_URL, DOC_FORM) == DOC_SEAL
    assert sign(TOKEN, DOC_URL, OLD_DOC_FORM) == OLD_DOC_SEAL
    assert valid([TOKEN], DOC_URL, DOC_FORM, DOC_SEAL)
    assert valid([TOKEN], DOC_URL, urlencode(DOC_FORM).encode(), DOC_SEAL)


@pytest.mark.parametrize(
    ("fact", "tokens", "url", "params"),
    [
        ("pairs", [TOKEN], URL, FORM),
        ("pairs in another order", [TOKEN], URL, FORM[::-1]),
        ("the body as it came, blank values and repeated keys and all", [TOKEN], URL, urlencode(FORM).encode()),
        ("a value repeated", [TOKEN], URL, [*FORM, ("MediaUrl", "a")]),
        ("the token that is leaving", [NEXT_TOKEN, TOKEN], URL, FORM),
        ("the token that is coming", [TOKEN, NEXT_TOKEN], URL, FORM),
        ("a port that was not signed", [TOKEN], "https://bank.example:443/tw/text", FORM),
        ("an odd port that was not signed", [TOKEN], "https://bank.example:8443/tw/text", FORM),
        ("a fragment", [TOKEN], URL + "#rc=2&rp=ct,rt,5xx", FORM),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_true_seal_is_valid_with(fact, tokens, url, params):
    assert valid(tokens, url, params, sign(TOKEN, URL, FORM)), fact


@pytest.mark.parametrize("signed", ["https://bank.example:443/tw/text", "https://bank.example/tw/text"])
@pytest.mark.parametrize("called", ["https://bank.example:443/tw/text", "https://bank.example/tw/text"])
def test_the_usual_port_may_be_signed_or_not(signed, called):
    assert valid([TOKEN], called, FORM, sign(TOKEN, signed, FORM))


def test_plain_http_has_port_80():
    assert valid([TOKEN], "http://bank.example/x", FORM, sign(TOKEN, "http://bank.example:80/x", FORM))


def test_an_address_of_numbers_may_have_a_port():
    url = "http://[::1]:8000/tw/text"
    assert valid([TOKEN], url, FORM, sign(TOKEN, url, FORM))


SEAL = sign(TOKEN, URL, FORM)


@pytest.mark.parametrize(
    ("fact", "tokens", "url", "params", "header"),
    [
        ("no seal", [TOKEN], URL, FORM, None),
        ("an empty seal", [TOKEN], URL, FORM, ""),
        ("another seal", [TOKEN], URL, FORM, DOC_SEAL),
        ("a seal with one letter changed", [TOKEN], URL, FORM, SEAL.swapcase()),
        ("a seal that is no text of ours", [TOKEN], URL, FORM, "签名"),
        ("a lone surrogate", [TOKEN], URL, FORM, "\udc80"),
        ("another token", [NEXT_TOKEN], URL, FORM, SEAL),
        ("no token", [], URL, FORM, SEAL),
        ("an empty token, which everybody has", [""], URL, FORM, sign("", URL, FORM)),
        ("another address", [TOKEN], URL + "/", FORM, SEAL),
        ("another scheme", [TOKEN], URL.replace("https", "http"), FORM, SEAL),
        ("a changed word", [TOKEN], URL, [("Body", "好"), *FORM[1:]], SEAL),
        ("one field more", [TOKEN], URL, [*FORM, ("X", "")], SEAL),
        ("one field less", [TOKEN], URL, FORM[:-1], SEAL),
        ("a body that is no text", [TOKEN], URL, b"\xff\xfe=1", SEAL),
        ("a body of too many fields", [TOKEN], URL, b"a=1&" * 2000, SEAL),
        ("no body", [TOKEN], URL, b"", SEAL),
        ("garbage for an address", [TOKEN], "http://[", FORM, SEAL),
        ("a port that is none", [TOKEN], "http://bank.example:port/", FORM, SEAL),
        ("nothing at all", None, None, None, "x"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and len(value) < 60 else "",
)
def test_it_is_not_valid_with(fact, tokens, url, params, header):
    assert valid(tokens, url, params, header) is False, fact


BODY = '{"event": "消息"}'.encode()
HASHED = f"https://bank.example/tw/event?bodySHA256={sha256(BODY).hexdigest()}"


def test_a_json_body_is_valid_by_its_hash():
    assert valid([TOKEN], HASHED, BODY, sign(TOKEN, HASHED, BODY))
    assert sign(TOKEN, HASHED, BODY) == sign(TOKEN, HASHED)


def test_a_changed_json_body_is_not_valid():
    assert not valid([TOKEN], HASHED, BODY + b" ", sign(TOKEN, HASHED, BODY))


def test_a_json_body_whose_address_names_no_hash_is_not_valid():
    assert not valid([TOKEN], URL, BODY, sign(TOKEN, URL))


def test_a_hash_that_is_empty_matches_no_body():
    url = "https://bank.example/tw/event?bodySHA256="
    assert not valid([TOKEN], url, BODY, sign(TOKEN, url))


pairs = st.lists(
    st.tuples(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))), max_size=8
)


@given(pairs)
def test_whatever_a_form_holds_its_seal_is_valid(form):
    seal = sign(TOKEN, URL, form)
    assert valid([TOKEN], URL, form, seal)
    assert valid([TOKEN], URL, urlencode(form).encode(), seal)


@given(st.text(), st.binary(), st.text())
def test_garbage_is_never_valid_and_never_raises(url, body, header):
    assert valid([TOKEN], url, body, header) is False
