"""Reading phone numbers as people type them: what number it is, or what is wrong with it and how to put it right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, timezone


class NumberKind(StrEnum):
    """What a number reaches, as far as its digits tell."""

    MOBILE = "mobile"  #: takes texts; in North America it may as well be a fixed line, the digits do not tell
    FIXED = "fixed"  #: takes calls only
    PREMIUM = "premium"  #: the caller pays extra
    TOLL_FREE = "toll_free"  #: the owner pays
    SHARED = "shared"  #: 400 and the like
    SATELLITE = "satellite"  #: expensive, on the ground nowhere in particular
    SHORT = "short"  #: 95588, 10086; written without a country code
    UNKNOWN = "unknown"  #: pagers, voice over IP, personal numbers


@dataclass(frozen=True)
class Number:
    """A number that exists by its digits; no zone means that nobody knows where it is."""

    e164: str = field(repr=False)  # a short number keeps its digits as dialled
    country: str  # ISO 3166, two letters; ZZ where no country owns it
    kind: NumberKind
    zones: tuple[str, ...]


@dataclass(frozen=True)
class NotANumber:
    """Why what was typed is not a phone number, and what to type instead."""

    problem: str
    fix: str


NO_COUNTRY = "ZZ"
LONGEST_SHORT = 6  # digits; from seven on it is a local number without its area code
LONGEST_INPUT = 40  # a number with prefixes, brackets and blanks; more is not a number

MOBILE_FIX = "11位手机号，如13800138000"
PLAIN_FIX = "只留数字，如13800138000"

_KINDS = {
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE: NumberKind.FIXED,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.SHARED_COST: NumberKind.SHARED,
    PhoneNumberType.UAN: NumberKind.SHARED,
}

# International codes that belong to satellite networks, and the Chinese ranges that the library takes for mobiles.
_SATELLITE_CODES = frozenset({870, 881, 882, 883})
_CHINESE_SATELLITE = ("1349", "1740", "1749")

_SPREADSHEET = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
_DECIMALS = re.compile(r"(?<=\d)\.0+$")  # a column of numbers saved as decimals; nothing is lost
_SEVERAL = re.compile(r"\d{7,}[\s/、,;|]+\+?\d{7,}")
_EXTENSION = re.compile(r"\d\s*(转|轉|ext\.?|x|#)\s*\d+$", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s().\-‐‑‒–—―−·・_/]")  # the dashes people paste
_CHINESE_MOBILE = re.compile(r"1[3-9]\d*")
_CHINESE_MOBILE_DIGITS = 11


def read(raw: str, region: str = "CN") -> Number | NotANumber:
    """Read a number as typed or imported; `region` is the country of numbers written without a country code."""
    typed = _legible(raw)
    if wrong := _unreadable(typed):
        return wrong
    digits = _PUNCTUATION.sub("", _DECIMALS.sub("", typed))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return NotANumber("含有数字以外的字符", PLAIN_FIX)
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return _explained(digits, region)
    if phonenumbers.is_valid_number(parsed):
        return _known(parsed)
    if _is_short(digits, parsed, region):
        return Number(digits, region, NumberKind.SHORT, ())
    return _explained(digits, region)


def _legible(raw: str) -> str:
    """Turn full-width forms into plain ones; drop what cannot be seen and the apostrophe Excel puts before text."""
    normal = unicodedata.normalize("NFKC", raw[: 4 * LONGEST_INPUT])
    visible = "".join(letter for letter in normal if unicodedata.category(letter) not in ("Cf", "Cc") or letter == "\t")
    return visible.strip().removeprefix("'").strip()


def _unreadable(typed: str) -> NotANumber | None:  # noqa: PLR0911 - one line per mistake people make
    """Name what makes a cell not one number, before any digit is counted."""
    if not typed:
        return NotANumber("没有号码", MOBILE_FIX)
    if len(typed) > LONGEST_INPUT:
        return NotANumber("内容太长，不是一个号码", MOBILE_FIX)
    if _SPREADSHEET.fullmatch(typed):
        return NotANumber("Excel把号码变成了科学记数，后几位已经丢失", "先把这一列设为“文本”格式，再重新填写11位手机号")
    if _SEVERAL.search(typed):
        return NotANumber("一格里有多个号码", "一格只填一个号码")
    if "*" in typed:
        return NotANumber("号码被星号遮住了", "填写完整号码，如13800138000")
    if _EXTENSION.search(typed):
        return NotANumber("带有分机号", "填写能直接拨通的号码，如13800138000")
    if any(letter.isalpha() for letter in typed):
        return NotANumber("含有字母或文字", PLAIN_FIX)
    return None


def _known(parsed: PhoneNumber) -> Number:
    country = phonenumbers.region_code_for_number(parsed)
    zones = tuple(zone for zone in timezone.time_zones_for_number(parsed) if zone != timezone.UNKNOWN_TIMEZONE)
    return Number(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        country if country and country.isalpha() else NO_COUNTRY,
        _kind(parsed),
        zones,
    )


def _kind(parsed: PhoneNumber) -> NumberKind:
    national = phonenumbers.national_significant_number(parsed)
    chinese_satellite = parsed.country_code == 86 and national.startswith(_CHINESE_SATELLITE)  # noqa: PLR2004
    if parsed.country_code in _SATELLITE_CODES or chinese_satellite:
        return NumberKind.SATELLITE
    return _KINDS.get(phonenumbers.number_type(parsed), NumberKind.UNKNOWN)


def _is_short(digits: str, parsed: PhoneNumber, region: str) -> bool:
    """Decide whether these digits are a service number, such as 95588, or the 106... that business texts come from."""
    if digits.startswith("+") or (region == "CN" and _CHINESE_MOBILE.fullmatch(digits)):
        return False
    if region == "CN" and digits.startswith("106"):
        return True
    return len(digits) <= LONGEST_SHORT and phonenumbers.is_possible_short_number_for_region(parsed, region)


def _explained(digits: str, region: str) -> NotANumber:
    """Say what is wrong with digits that make no number."""
    if region != "CN" or (digits.startswith("+") and not digits.startswith("+86")):
        return NotANumber("号码不存在或位数不对", "核对国家码和位数，如+85251234567")
    national = re.sub(r"^(\+86|0086|86(?=1[3-9]))0?", "", digits)
    if _CHINESE_MOBILE.fullmatch(national):
        return _miscounted(len(national))
    if len(national) in (7, 8) and national[0] in "2345678":
        return NotANumber("固定电话缺少区号", "加上区号，如010-65551234")
    return NotANumber("不是手机号，也不是带区号的固定电话", MOBILE_FIX)


def _miscounted(count: int) -> NotANumber:
    missing = _CHINESE_MOBILE_DIGITS - count
    if missing == 0:
        return NotANumber("没有这个号段", "核对号码的前三位")
    return NotANumber(f"{'少' if missing > 0 else '多'}{_spelled(abs(missing))}位数字", MOBILE_FIX)


def _spelled(count: int) -> str:
    return "一两三四五六七八九"[count - 1] if count <= 9 else str(count)  # noqa: PLR2004
