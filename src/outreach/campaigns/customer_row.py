"""One row of a customer list: every cell read, every problem named, or a customer that can be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from outreach.campaigns.customer_columns import CUSTOMER_LIST
from outreach.campaigns.list_columns import Refusal
from outreach.campaigns.list_lines import Unreadable
from outreach.carrier import numbers
from outreach.carrier.numbers import NotANumber, Number, NumberKind

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
IN_THE_PAST = ("issued_on", "activated_on", "last_contact", "consent_at")


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A row that can be stored."""

    line: int
    values: Mapping[str, Any]
    """By field, as `customer_columns` reads them; what the list has no column for is missing."""
    number: Number


def read(line: int, cells: Mapping[str, str] | Unreadable, today: date) -> CustomerRow | list[Refusal]:
    """Read a row, or say everything that is wrong with it."""
    values, refusals = CUSTOMER_LIST.read(line, cells)
    if isinstance(cells, Unreadable):
        return refusals
    number = numbers.read(cells.get("phone", ""))
    if isinstance(number, NotANumber):
        refusals.append(CUSTOMER_LIST.refusal(line, "phone", cells.get("phone", ""), number.problem, number.fix))
    elif number.kind is not NumberKind.MOBILE:
        refusals.append(CUSTOMER_LIST.refusal(line, "phone", cells["phone"], NOT_MOBILE[number.kind], MOBILE_FIX))
    refusals += _impossible(line, values, cells, today)
    if refusals or isinstance(number, NotANumber):
        return refusals
    return CustomerRow(line, values, number)


def _impossible(line: int, values: Mapping[str, Any], cells: Mapping[str, str], today: date) -> list[Refusal]:
    found = []
    for field in IN_THE_PAST:
        day = values.get(field)
        if day is not None and day > today:
            found.append(CUSTOMER_LIST.refusal(line, field, cells[field], "在将来", f"{today}或之前的日期"))
    if (values.get("birth_year") or 0) > today.year:
        found.append(CUSTOMER_LIST.refusal(line, "birth_year", cells["birth_year"], "在将来", f"{today.year}年或之前"))
    issued, activated = values.get("issued_on"), values.get("activated_on")
    if issued and activated and activated < issued:
        found.append(
            CUSTOMER_LIST.refusal(line, "activated_on", cells["activated_on"], "早于发卡日", f"{issued}或之后的日期")
        )
    return found
