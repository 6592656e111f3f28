"""Card numbers, identity numbers and secrets masked at capture, so that they are never stored."""

import re
import unicodedata
from collections.abc import Iterator

HIDDEN = "*"
FEWEST_CARD_DIGITS = 13  # ISO/IEC 7812: 13 to 19 digits
FEWEST_BANK_DIGITS = 16  # Chinese bank cards have 16 to 19, and older ones need not pass Luhn

# What people write between digits; commas and slashes stay out, as they belong to amounts and dates.
_GAP = r"[ \t\u00a0\u2000-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2066\u3000\u00ad\ufeff.·_\-－﹣−]{0,3}"
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")


def redact(text: str) -> str:
    """Mask card numbers, identity numbers, and codes and passwords that are named as such; the length stays the same."""
    digits = "".join(map(_as_digit, text))
    hidden = {at for start, end in _secrets(digits) for at in range(start, end) if digits[at].isalnum() or start == at}
    return "".join(HIDDEN if at in hidden else letter for at, letter in enumerate(text))


def mask_phone(number: str) -> str:
    """Mask a number for people to see.

    +8613812345678 -> +86138****5678
    """
    if len(number) <= len("12345678"):
        return HIDDEN * 4 + number[-2:]  # a short number would be given away by four digits
    return f"{number[:-8]}{HIDDEN * 4}{number[-4:]}"


def _as_digit(letter: str) -> str:
    """Give the ASCII digit for any digit of any script, spoken Chinese ones too; other letters stay as they are."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    # Full-width letters: the X of an identity number, and passwords.
    return chr(ord(letter) - 0xFEE0) if "\uff21" <= letter <= "\uff5a" else letter.translate(_SPOKEN)


def _secrets(digits: str) -> Iterator[tuple[int, int]]:
    """Find every stretch to be masked."""
    for pattern in (_IDENTITY, _NAMED, _NAMED_AFTER):
        yield from (found.span("secret") for found in pattern.finditer(digits))
    for found in re.finditer(r"\d{13,}", digits):
        if len(found[0]) >= FEWEST_BANK_DIGITS or _holds_card(found[0]):
            yield found.span()
    # A date, or a mobile number, is a number of its own, not a part of the card before or after it.
    kept_apart = _APART.sub(lambda found: "|" * len(found[0]), digits)
    for found in _GROUPED.finditer(kept_apart):
        if _is_grouped_card(found[0]):
            yield found.span()


_IDENTITY = re.compile(
    rf"(?<!\d)(?P<secret>\d{{6}}{_GAP}(?:19|20)\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}{_GAP}[\dXx])(?!\d)"
    rf"|(?P<also>(?!))"
    .replace("|(?P<also>(?!))", "")
)
_NAMES = (
    "验证码|校验码|动态码|动态口令|动态密码|短信码|安全码|确认码|授权码|口令|密码|身份证(?:号码?)?|證件號碼?|"
    "(?i:verification code|security code|pass ?code|password|pwd|otp|pin(?: code)?|cvv2?|cvc2?)"
)
_LINK = r"(?:\s|是|为|：|:|=|，|,|的|就|(?i:\bis\b)|[\"'“‘「【\[(（])"
_NAMED = re.compile(
    rf"(?:{_NAMES})(?:"
    r"[^\S\n]*(?:后|前)?\d?(?:位)?"
    rf"{_LINK}{{0,6}}(?P<secret>\d(?:{_GAP}\d){{2,}}[Xx]?(?![年月点时])[!-~]*"
    r"|(?=[!-~]*\d)[A-Za-z0-9!-+\-./@^_~#$%&*]{4,32}))"
)
_NAMED_AFTER = re.compile(rf"(?<![\d.])(?P<secret>\d(?:{_GAP}\d){{2,}})(?:\s|，|,|就|是|这是|(?i:is)|(?i:my)|(?i:the)|我|你|的|你们|给){{1,6}}(?:{_NAMES})")
_DATE = r"(?:19|20)\d\d(?:([-./年])(?:0?[1-9]|1[0-2])[-./月](?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
_MOBILE = r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
_APART = re.compile(rf"(?<!\d)(?<!\d[ -])(?:{_MOBILE})(?!\d)(?![ -]\d)|(?<!\d)1[3-9]\d{{9}}(?!\d)|(?<!\d){_DATE}(?!\d)")
_GROUPED = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{12,}}(?!\d)")


def _is_grouped_card(written: str) -> bool:
    """Decide whether digits with gaps are a card: by Luhn, or by groups as cards have them."""
    groups = re.findall(r"\d+", written)
    number = "".join(groups)
    if len(groups) > 1 and len(number) >= FEWEST_BANK_DIGITS:
        even = len({len(group) for group in groups[:-1]}) == 1 and len(groups[0]) <= len("6222")
        return even or _holds_card(number)
    return len(groups) > 1 and _passes_luhn(number)


def _holds_card(number: str) -> bool:
    """Decide whether some 13 to 19 consecutive digits pass Luhn."""
    return any(
        _passes_luhn(number[start:end])
        for start in range(len(number) - FEWEST_CARD_DIGITS + 1)
        for end in range(start + FEWEST_CARD_DIGITS, min(start + 19, len(number)) + 1)
    )


def _passes_luhn(number: str) -> bool:
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(number), start=1)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
