"""Where a text or a call may go: Twilio's checks on both numbers, and its magic numbers."""

import re
from collections.abc import Mapping

import phonenumbers

from .refusals import RefusedError, masked

E164 = re.compile(r"\+[1-9]\d{6,14}")
DECORATION = re.compile(r"[\s().-]")

MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_TO = {
    "+15005550001": 21211,  # not a phone number
    "+15005550002": 21612,  # cannot be routed to
    "+15005550003": 21408,  # the region is switched off
    "+15005550004": 21610,  # opted out
    "+15005550009": 21614,  # cannot receive texts
}
MAGIC_CALLEES = {
    "+15005550001": 21217,  # not a phone number
    "+15005550002": 21214,  # cannot be reached
    "+15005550003": 21215,  # the region is switched off
    "+15005550004": 21216,  # the account may not call it
}
MAGIC_VALID_FROM = "+15005550006"  # accepted, and then nothing happens: no handset, no callback


def sender(text: str, owned: tuple[str, ...]) -> str:
    """Read the From of a text, which must be a number of the account."""
    if not text:
        raise RefusedError(21603)
    number = DECORATION.sub("", text)
    if code := MAGIC_FROM.get(number):
        raise RefusedError(code, masked(number))
    if number == MAGIC_VALID_FROM or number in owned:
        return number
    raise RefusedError(21606 if E164.fullmatch(number) else 21212, text)


def recipient(text: str, regions: frozenset[str]) -> str:
    """Read the To of a text, which must be a mobile number in a region that is switched on."""
    if not text:
        raise RefusedError(21604)
    number, parsed = _reachable(text, regions, MAGIC_TO, wrong=21211, elsewhere=21408)
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise RefusedError(21614, masked(number))
    return number


def caller(text: str, owned: tuple[str, ...]) -> str:
    """Read the From of a call, which must be a number of the account."""
    if not text:
        raise RefusedError(21213)
    number = DECORATION.sub("", text)
    if number == MAGIC_VALID_FROM or number in owned:
        return number
    raise RefusedError(21210 if E164.fullmatch(number) else 21212, text)


def callee(text: str, regions: frozenset[str]) -> str:
    """Read the To of a call, which must be a number in a region that is switched on; a fixed line rings too."""
    if not text:
        raise RefusedError(21201)
    return _reachable(text, regions, MAGIC_CALLEES, wrong=21217, elsewhere=21215)[0]


def _reachable(
    text: str, regions: frozenset[str], magic: Mapping[str, int], *, wrong: int, elsewhere: int
) -> tuple[str, phonenumbers.PhoneNumber]:
    number = DECORATION.sub("", text)
    if code := magic.get(number):
        raise RefusedError(code, masked(number))
    if not E164.fullmatch(number):
        raise RefusedError(wrong, text)
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        raise RefusedError(wrong, masked(number)) from None
    if not phonenumbers.is_possible_number(parsed) or not phonenumbers.is_valid_number(parsed):
        raise RefusedError(wrong, masked(number))
    if phonenumbers.region_code_for_number(parsed) not in regions:
        raise RefusedError(elsewhere, masked(number))
    return number, parsed


def country(number: str) -> str:
    """Name the country of a number, as in Twilio's FromCountry; empty when unknown."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""
