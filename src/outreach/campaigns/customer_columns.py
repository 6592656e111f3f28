"""The columns of a customer list: their names, and how each cell is read or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

HEADERS: Mapping[str, str] = {
    "客户号": "id", "姓名": "name", "性别": "gender", "手机号": "phone", "网点": "branch", "客户经理": "manager",
    "卡尾号": "card_tail", "发卡日": "issued_on", "激活日": "activated_on", "已绑借记卡": "debit_bound", "存款": "deposits",
    "净流": "net_flow_90d", "最近联系": "last_contact", "短信同意": "consent_sms", "电话同意": "consent_voice",
    "同意日期": "consent_at", "同意来源": "consent_source", "出生年": "birth_year", "风险等级": "risk_level",
    "风险到期": "risk_expires_on", "网点地址": "branch_address",
}  # fmt: skip
"""Chinese header to field; the field's own name is a header as well."""

LONGEST_NAME = 50
LONGEST_TEXT = 200
RICHEST = Decimal(10) ** 13
YES = frozenset({"是", "有", "y", "yes", "true", "1", "同意", "已绑", "√"})
NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "不同意", "未绑", "×"})
GENDERS: Mapping[str, str] = {
    "女": "f",
    "f": "f",
    "female": "f",
    "女士": "f",
    "男": "m",
    "m": "m",
    "male": "m",
    "先生": "m",
}
DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
AMOUNT = re.compile(r"([+-]?\d+(?:\.\d+)?)(万|亿)?元?")
UNITS = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
RISK = re.compile(r"[CcRr]?([1-5])")


class BadCell(ValueError):
    """A cell that cannot be read; says what is wrong and what would be right."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


@dataclass(frozen=True)
class Column:
    """How one field is read from a cell."""

    field: str
    read: Callable[[str], Any]


def text(cell: str) -> str | None:
    """Words without control and direction characters, which would do things where they are shown."""
    kept = "".join(
        c for c in unicodedata.normalize("NFC", cell) if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}
    )
    kept = " ".join(kept.split())
    if len(kept) > LONGEST_TEXT:
        raise BadCell(f"长{len(kept)}个字", f"最多{LONGEST_TEXT}个字")
    return kept or None


def name(cell: str) -> str:
    """A person's name."""
    kept = text(cell[: LONGEST_TEXT + 1])
    if not kept:
        raise BadCell("姓名为空", "填写姓名，如王芳")
    if len(kept) > LONGEST_NAME:
        raise BadCell(f"姓名有{len(kept)}个字", f"最多{LONGEST_NAME}个字")
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


def day(cell: str) -> date | None:
    """A date in one of the usual ways of writing it."""
    if not cell:
        return None
    match = DATE.fullmatch(cell)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _refuse_date()
    except ValueError:
        return _refuse_date()


def amount(cell: str) -> Decimal | None:
    """An amount in yuan: 12,345.67 or 1.2万."""
    if not cell:
        return None
    match = AMOUNT.fullmatch(cell.replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").strip())
    try:
        value = Decimal(match[1]) * UNITS[match[2]] if match else None
    except InvalidOperation:
        value = None
    if value is None or abs(value) > RICHEST:
        raise BadCell("不是金额", "如12345.67或1.2万")
    return value.quantize(Decimal("0.01"))


def tail(cell: str) -> str | None:
    """The last four digits of a card; a spreadsheet may have eaten leading zeros."""
    if not cell:
        return None
    digits = cell.removesuffix(".0")
    if digits.isascii() and digits.isdigit() and len(digits) <= 4:  # noqa: PLR2004
        return digits.zfill(4)
    raise BadCell("不是卡号后四位", "四位数字，如6612")


def year(cell: str) -> int | None:
    """A year of birth."""
    if not cell:
        return None
    if re.fullmatch(r"(19|20)\d{2}", cell.removesuffix("年").removesuffix(".0")):
        return int(cell[:4])
    raise BadCell("不是出生年份", "四位年份，如1985")


def risk(cell: str) -> int | None:
    """A customer's risk level, 1 to 5."""
    if not cell:
        return None
    match = RISK.fullmatch(cell.removesuffix(".0"))
    if match is None:
        raise BadCell("不是风险等级", "1到5或C1到C5")
    return int(match[1])


COLUMNS: Mapping[str, Column] = {
    column.field: column
    for column in (
        Column("id", text), Column("name", name), Column("gender", gender), Column("phone", str), Column("branch", text),
        Column("manager", text), Column("card_tail", tail), Column("issued_on", day), Column("activated_on", day),
        Column("debit_bound", yes_or_no), Column("deposits", amount), Column("net_flow_90d", amount),
        Column("last_contact", day), Column("consent_sms", yes_or_no), Column("consent_voice", yes_or_no),
        Column("consent_at", day), Column("consent_source", text), Column("birth_year", year), Column("risk_level", risk),
        Column("risk_expires_on", day), Column("branch_address", text),
    )
}  # fmt: skip
REQUIRED = ("name", "phone")


def header(field: str) -> str:
    """The Chinese header of a field, as staff know it."""
    return next(chinese for chinese, english in HEADERS.items() if english == field)


def plain(cell: object) -> str:
    """A cell of any kind as the words a person would have typed."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _refuse_date() -> date:
    raise BadCell("不是日期", "如2026-01-05、2026/1/5、20260105或2026年1月5日")
