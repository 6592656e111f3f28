"""Card numbers, identity numbers and secrets masked at capture, so that they are never stored; telephone numbers where shown."""

import re
import unicodedata
from collections.abc import Iterator

HIDDEN = "*"
CARD_DIGITS = range(13, 19 + 1)  # ISO/IEC 7812; these have to pass Luhn
BANK_DIGITS = range(16, 19 + 1)  # Chinese bank cards, of which older ones need not pass

# What people write between digits; commas and slashes stay out, as they belong to amounts and dates.
_SIGNS = r" \t\u00a0\u2000-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2066\u3000\u00ad\ufeff.·_\-－﹣−"
_GAP = rf"[{_SIGNS}]{{0,3}}"
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")


def redact(text: str) -> str:
    """Mask card numbers, identity numbers, and codes and passwords that are named as such; the length stays the same."""
    digits = "".join(map(_as_digit, text))
    hidden = {at for start, end in _secrets(digits) for at in range(start, end)}
    return "".join(HIDDEN if at in hidden and not letter.isspace() else letter for at, letter in enumerate(text))


def mask_phone(number: str) -> str:
    """Mask a number for people to see.

    +8613812345678 -> +86138****5678
    """
    if len(number) <= len("12345678"):
        return HIDDEN * 4 + number[-2:]  # four digits would give a short number away
    return f"{number[:-8]}{HIDDEN * 4}{number[-4:]}"


def mask_numbers(text: str) -> str:
    """Mask the telephone numbers in what somebody said or wrote, for people to see, and whatever capture would mask.

    打13912345678找我 -> 打139****5678找我
    """
    shown = redact(text)
    digits = "".join(map(_as_digit, shown))
    hidden: set[int] = set()
    for found in _TELEPHONE.finditer(digits):
        hidden.update([at for at in range(*found.span()) if digits[at].isdigit()][-8:-4])
    return "".join(HIDDEN if at in hidden else letter for at, letter in enumerate(shown))


def _as_digit(letter: str) -> str:
    """Give the ASCII form of a digit in any script, of a spoken Chinese one, and of a full-width letter or sign."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return chr(ord(letter) - 0xFEE0) if "\uff01" <= letter <= "\uff5e" else letter.translate(_SPOKEN)


def _secrets(digits: str) -> Iterator[tuple[int, int]]:
    """Find every stretch to be masked."""
    yield from (found.span() for found in _IDENTITY.finditer(digits))
    for pattern in (_NAMED, _NAMED_AFTER):
        yield from (found.span("secret") for found in pattern.finditer(digits))
    if found := _ALONE.fullmatch(digits):
        yield found.span("secret")
    for found in _UNBROKEN.finditer(digits):
        if len(found[0]) >= BANK_DIGITS.start or _holds_card(found[0]):
            yield found.span()
    # A date or a mobile number is a number of its own, not a part of the card beside it.
    for found in _BROKEN.finditer(_OWN.sub(lambda own: "|" * len(own[0]), digits)):
        yield from _grouped_cards(found[0], found.start())


def _grouped_cards(written: str, offset: int) -> Iterator[tuple[int, int]]:
    """Find the cards among digits with gaps: by Luhn, or by groups of one size, as 6222 0202 0011 2233 445."""
    groups = list(re.finditer(r"\d+", written))
    for first in range(len(groups)):
        for last in range(first + 1, min(first + CARD_DIGITS.stop, len(groups))):
            taken = [group[0] for group in groups[first : last + 1]]
            number = "".join(taken)
            even = len(set(map(len, taken[:-1]))) == 1 and len(taken[-1]) <= len(taken[0]) <= len("6222")
            if (len(number) in BANK_DIGITS and even) or (len(number) in CARD_DIGITS and _passes_luhn(number)):
                yield offset + groups[first].start(), offset + groups[last].end()


def _holds_card(number: str) -> bool:
    """Decide whether some of the consecutive digits pass for a card."""
    return any(
        _passes_luhn(number[start : start + length])
        for length in CARD_DIGITS
        for start in range(len(number) - length + 1)
    )


def _passes_luhn(number: str) -> bool:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(number), start=1))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


_ALONE = re.compile(r"\W*(?P<secret>\d{3}[ -]?\d{3})\W*")
"""Six digits and nothing else are what a code looks like; a card's tail has four, and a day or an hour has its sign."""
_UNBROKEN = re.compile(rf"\d{{{CARD_DIGITS.start},}}")
_BROKEN = re.compile(rf"\d(?:{_GAP}\d){{{CARD_DIGITS.start - 1},}}")
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(
    rf"(?<!\d)\d{{6}}{_GAP}(?:19|20)\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}{_DAY}{_GAP}\d{{3}}{_GAP}[\dXx](?!\d)"
)
_DATE = rf"(?:19|20)\d\d(?:[-./年](?:1[0-2]|0?[1-9])[-./月](?:3[01]|[12]\d|0?[1-9])|(?:0[1-9]|1[0-2]){_DAY})"
_MOBILE = r"1[3-9]\d{9}|(?<!\d[ -])(?:86[ -])?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![ -]\d)"
_PAUSE = rf"[{_SIGNS},、/()]{{0,3}}"
_TELEPHONE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86{_PAUSE})?1{_PAUSE}[3-9](?:{_PAUSE}\d){{9}}(?!\d)"  # a mobile, however it is grouped
    rf"|(?<!\d)0\d{{2,3}}{_PAUSE}[2-9](?:{_PAUSE}\d){{6,7}}(?!\d)"  # a fixed line with its area code
    rf"|\+\d(?:{_PAUSE}\d){{7,14}}(?!\d)"
)
_OWN = re.compile(rf"(?<!\d)(?:{_MOBILE}|{_DATE})(?!\d)")
_NAMES = (
    "(?:验证码|校验码|确认码|授权码|安全码|短信码|动态码|动态口令|口令|密码|身份证|驗證碼|密碼|身份證)(?:号码?|號碼?)?"
    r"|(?<![A-Za-z])(?i:passwords?|pass ?code|pwd|code|otp|pin|cvv2?|cvc2?)(?![A-Za-z])"
)
_CODE = r"\d{3}[ -]\d{3}(?!\d)|\d{3,18}[Xx]?(?![\d年月])|\d(?:[ -]\d){3,11}(?!\d)"
_IS = r"(?:是|为|為|[:=]|(?i:is))"
_NAMED = re.compile(
    rf"(?:{_NAMES})(?:[\s,\"'(（「『“【《\[]*(?:{_IS}[\s\"'(（「『“【《\[]*(?P<said>)|))"
    rf"(?P<secret>{_CODE}|(?=[!-~]*\d)[!-~]{{4,32}}|(?(said)[!-~]{{3,32}}|(?!)))"
)
_NAMED_AFTER = re.compile(
    rf"(?<![\d.])(?P<secret>\d{{3,18}})\s?(?:就?是|(?i:is))\s?(?:(?i:my|the|your) |[我你您]们?的?)?(?:{_NAMES})"
)
