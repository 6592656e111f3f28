"""One row of a customer list: every cell read, every problem named, or a customer that can be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from outreach.campaigns.customer_columns import COLUMNS, BadCell, header
from outreach.carrier import numbers
from outreach.carrier.numbers import NotANumber, Number, NumberKind

SHOWN = 60
"""Characters of a refused cell that a report repeats."""
NOT_MOBILE: Mapping[NumberKind, str] = {
    NumberKind.FIXED: "是固定电话",
    NumberKind.PREMIUM: "是收费号码",
    NumberKind.TOLL_FREE: "是免费电话",
    NumberKind.SHARED: "是400类号码",
    NumberKind.SATELLITE: "是卫星电话",
    NumberKind.SHORT: "是短号",
    NumberKind.UNKNOWN: "不是手机号",
}
MOBILE_FIX = "11位手机号，如13800138000"


@dataclass(frozen=True)
class Refusal:
    """Why a row was not stored."""

    line: int
    field: str
    value: str
    problem: str
    fix: str


@dataclass(frozen=True)
class CustomerRow:
    """A row that can be stored."""

    line: int
    values: Mapping[str, Any]
    """By field, as `customer_columns` reads them; what the list has no column for is missing."""
    number: Number


def read(line: int, cells: Mapping[str, str], today: date) -> CustomerRow | list[Refusal]:
    """Read a row, or say everything that is wrong with it."""
    refusals: list[Refusal] = []
    values: dict[str, Any] = {}
    for field, cell in cells.items():
        try:
            values[field] = COLUMNS[field].read(cell)
        except BadCell as bad:
            refusals.append(_refusal(line, field, cell, bad.problem, bad.fix))
    number = numbers.read(cells.get("phone", ""))
    if isinstance(number, NotANumber):
        refusals.append(_refusal(line, "phone", cells.get("phone", ""), number.problem, number.fix))
    elif number.kind in NOT_MOBILE:
        refusals.append(_refusal(line, "phone", cells["phone"], NOT_MOBILE[number.kind], MOBILE_FIX))
    refusals += _out_of_order(line, values, cells, today)
    if refusals or not isinstance(number, Number):
        return refusals
    return CustomerRow(line, values, number)


def _out_of_order(line: int, values: Mapping[str, Any], cells: Mapping[str, str], today: date) -> list[Refusal]:
    found = []
    for field in ("issued_on", "activated_on", "last_contact", "consent_at"):
        day = values.get(field)
        if day is not None and day > today:
            found.append(_refusal(line, field, cells[field], "在将来", f"{today}或之前的日期"))
    issued, activated = values.get("issued_on"), values.get("activated_on")
    if issued and activated and activated < issued:
        found.append(_refusal(line, "activated_on", cells["activated_on"], "早于发卡日", f"{issued}或之后的日期"))
    return found


def _refusal(line: int, field: str, cell: str, problem: str, fix: str) -> Refusal:
    return Refusal(line, header(field), cell[:SHOWN], problem, fix)
