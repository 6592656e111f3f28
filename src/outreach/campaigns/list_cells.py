"""How each kind of cell is read, or refused with what would be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

LONGEST_NAME = 50
LONGEST_TEXT = 200
RICHEST = Decimal(10) ** 13
"""Yuan; more is a typing error, and would not fit the column."""
EARLIEST = date(1950, 1, 1)
"""Nothing that the product asks about happened before; an earlier date is a typing error."""
EXACT = 10**15
"""Excel keeps 15 digits of a number; longer ones have lost their end."""
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(36_526, 73_051)
"""Serial numbers of the years 2000 to 2099, which is how a date looks whose column lost its format."""

YES = frozenset({"是", "有", "y", "yes", "true", "1", "同意", "已绑", "√"})
NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "不同意", "未绑", "×"})
GENDERS: Mapping[str, str] = {
    "女": "f", "f": "f", "female": "f", "女士": "f", "男": "m", "m": "m", "male": "m", "先生": "m",
}  # fmt: skip
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
UNITS = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}

_DATE = re.compile(
    r"(\d{4})(?:(\d\d)(\d\d)|\s?[-/.]\s?(\d\d?)\s?[-/.]\s?(\d\d?)|\s?年\s?(\d\d?)\s?月\s?(\d\d?)\s?日?)"
    r"(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?",
    re.ASCII,
)
_AMOUNT = re.compile(r"([+-]?)\s?¥?\s?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?([万亿])?元?", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+", re.ASCII)
_RISK = re.compile(r"[CcRr]?([1-5])级?", re.ASCII)


class BadCell(ValueError):
    """A cell that cannot be read; says what is wrong and what would be right."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


def plain(cell: object) -> str:
    """A cell of any kind as the words a person would have typed."""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        # Not strftime, which writes the year 1 without zeros on some systems.
        return f"{cell.year:04}-{cell.month:02}-{cell.day:02}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    return str(cell)


def text(cell: str) -> str | None:
    """Words without control and direction characters, which would do things where they are shown."""
    if not cell.isprintable():
        cell = "".join(" " if c in "\t\r\n" else c for c in cell if c in "\t\r\n" or not _acts(c))
    kept = " ".join(cell.split())
    if len(kept) > LONGEST_TEXT:
        raise BadCell(f"超过{LONGEST_TEXT}个字", f"最多{LONGEST_TEXT}个字")
    if kept in EXCEL_ERRORS:
        raise BadCell("是Excel的错误值", "填写内容，不知道就留空")
    return kept or None


def identity(cell: str) -> str | None:
    """The bank's own number for a customer."""
    if _SCIENTIFIC.fullmatch(cell):
        raise BadCell("Excel把编号变成了科学记数，后几位已经丢失", "先把这一列设为“文本”格式，再重新填写")
    return text(cell)


def name(cell: str) -> str:
    """A person's name."""
    kept = text(cell)
    if not kept:
        raise BadCell("姓名为空", "填写姓名，如王芳")
    if len(kept) > LONGEST_NAME:
        raise BadCell(f"姓名超过{LONGEST_NAME}个字", f"最多{LONGEST_NAME}个字")
    return kept


def gender(cell: str) -> str | None:
    """女 or 男, or nothing."""
    if not cell:
        return None
    known = GENDERS.get(cell.lower())
    if known is None:
        raise BadCell("不认识的性别", "女或男，不知道就留空")
    return known


def yes_or_no(cell: str) -> bool | None:
    """是 or 否, or nothing."""
    if not cell:
        return None
    if cell.lower() in YES:
        return True
    if cell.lower() in NO:
        return False
    raise BadCell("不是是或否", "是或否，不知道就留空")


@lru_cache(maxsize=4096)
def day(cell: str) -> date | None:
    """A date in one of the usual ways of writing it."""
    if not cell:
        return None
    if match := _DATE.fullmatch(cell):
        year_, month, day_ = (int(part) for part in match.groups() if part)
        try:
            read = date(year_, month, day_)
        except ValueError:
            raise BadCell("没有这一天", "如2026-01-05") from None
        if read < EARLIEST:
            raise BadCell("年份不对", f"{EARLIEST}之后的日期")
        return read
    if len(cell) == len("46000") and cell.isascii() and cell.isdigit() and int(cell) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(cell))
    raise BadCell("不是日期", "如2026-01-05、2026/1/5、20260105或2026年1月5日")


def amount(cell: str) -> Decimal | None:
    """An amount in yuan: 12,345.67, 1.2万 or 10万元."""
    if not cell:
        return None
    match = _AMOUNT.fullmatch(cell.replace("\u2212", "-"))
    value = Decimal(match[1] + match[2].replace(",", "")) * UNITS[match[3]] if match else None
    if value is None or abs(value) > RICHEST:
        raise BadCell("不是金额", "如12345.67、12,345.67、1.2万或10万元")
    return value.quantize(Decimal("0.01"))


def tail(cell: str) -> str | None:
    """The last four digits of a card. Fewer are not filled up: a wrong tail would be told to the customer."""
    if not cell:
        return None
    if len(cell) == len("6612") and cell.isascii() and cell.isdigit():
        return cell
    if cell.isdigit() and len(cell) < len("6612"):
        raise BadCell("少于四位数字", "四位数字，如0612；Excel会去掉开头的0，先把这一列设为“文本”格式")
    raise BadCell("不是卡号后四位", "四位数字，如6612")


def year(cell: str) -> int | None:
    """A year of birth."""
    if not cell:
        return None
    if re.fullmatch(r"(19|20)\d\d年?", cell, re.ASCII):
        return int(cell[:4])
    raise BadCell("不是出生年份", "四位年份，如1985")


def risk(cell: str) -> int | None:
    """A customer's risk level, 1 to 5."""
    if not cell:
        return None
    match = _RISK.fullmatch(cell)
    if match is None:
        raise BadCell("不是风险等级", "1到5或C1到C5")
    return int(match[1])


def _acts(character: str) -> bool:
    """Whether a character steers what shows it instead of being seen. Private-use ones stay: rare names need them."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
