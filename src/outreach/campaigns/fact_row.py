"""One row of the bank's feed of facts: 客户号, what was seen, on which day, of which card, how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from outreach.campaigns.list_cells import BadCell, amount, day, identity, tail
from outreach.campaigns.list_columns import Columns, Refusal
from outreach.campaigns.list_lines import Unreadable
from outreach.model.bank_fact import OF_A_CARD, FactKind

WORDS: Mapping[str, FactKind] = {
    "激活": FactKind.CARD_ACTIVATED, "卡激活": FactKind.CARD_ACTIVATED,
    "绑卡": FactKind.DEBIT_BOUND, "绑定借记卡": FactKind.DEBIT_BOUND, "已绑借记卡": FactKind.DEBIT_BOUND,
    "开户": FactKind.ACCOUNT_OPENED, "登录": FactKind.LOGIN, "登陆": FactKind.LOGIN, "余额": FactKind.BALANCE,
} | {str(kind): kind for kind in FactKind}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as a row tells it; whether the customer and the card exist is the store's to say."""

    line: int
    ref: str
    kind: FactKind
    day: date
    card_tail: str | None
    amount: Decimal | None


def read(line: int, cells: Mapping[str, str] | Unreadable, today: date) -> FactRow | list[Refusal]:
    """Read a row, or say everything that is wrong with it."""
    values, refusals = FACT_FEED.read(line, cells)
    if isinstance(cells, Unreadable):
        return refusals
    kind, on, much = values.get("fact"), values.get("date"), values.get("amount")
    if on is not None and on > today:
        refusals.append(FACT_FEED.refusal(line, "date", cells["date"], "在将来", f"{today}或之前的日期"))
    if kind is FactKind.BALANCE and much is None and not cells.get("amount"):
        refusals.append(FACT_FEED.refusal(line, "amount", "", "余额没有金额", "如12345.67"))
    if kind is not None and kind is not FactKind.BALANCE and much:
        refusals.append(FACT_FEED.refusal(line, "amount", cells["amount"], "只有余额才有金额", "留空"))
    if refusals:
        return refusals
    of_card = values.get("card_tail") if kind in OF_A_CARD else None
    return FactRow(
        line, values["id"], values["fact"], values["date"], of_card, much if kind is FactKind.BALANCE else None
    )


def _customer(cell: str) -> str:
    ref = identity(cell)
    if ref is None:
        raise BadCell("客户号为空", "客户名单里的客户号")
    return ref


def _fact(cell: str) -> FactKind:
    kind = WORDS.get(cell.lower())
    if kind is None:
        raise BadCell("不认识的事实", f"激活、绑卡、开户、登录、余额，或{'、'.join(FactKind)}")
    return kind


def _day(cell: str) -> date:
    on = day(cell)
    if on is None:
        raise BadCell("日期为空", "如2026-01-05")
    return on


FACT_FEED = Columns(
    headers={"客户号": "id", "事实": "fact", "日期": "date", "卡尾号": "card_tail", "金额": "amount"},
    readers={"id": _customer, "fact": _fact, "date": _day, "card_tail": tail, "amount": amount},
    required=("id", "fact", "date"),
    most_rows=10_000_000,  # nothing is held from one batch to the next
)
