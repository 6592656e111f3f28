"""Import the bank's facts: good rows are stored, bad rows named, and doing it again changes nothing.

A fact also brings the record up to date where it means that: an activated card has its day, a bound one is bound, and
the newest balance is what the customer keeps with us. Where a feed tells one balance twice, the later row holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from outreach.campaigns import fact_row, list_file
from outreach.campaigns.customer_import import LOCK, MOST_REFUSED
from outreach.campaigns.fact_row import FACT_FEED, FactRow
from outreach.campaigns.list_columns import Refusal
from outreach.campaigns.list_file import Row
from outreach.campaigns.list_lines import refused
from outreach.campaigns.upsert import upsert
from outreach.clock import local
from outreach.model import Account, BankFact, Card, Customer, FactKind, Sessions
from outreach.model.bank_fact import OF_A_CARD

BATCH = 2_000
"""Rows in one transaction."""
KEY = ("customer_id", "kind", "day", "card_tail")
Key = tuple[UUID, FactKind, date, str]


@dataclass
class FactsImported:
    """What came of an import."""

    stored: int = 0
    """New facts, and balances that were told differently before."""
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    """Stored facts by kind."""
    unread: tuple[str, ...] = ()
    """Headers of columns that were left out."""


def import_facts(
    sessions: Sessions,
    now: datetime,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> FactsImported:
    """Import a feed; raises Refused when the file or its headers cannot be read."""
    imported = FactsImported()
    with list_file.rows(path, FACT_FEED, mapping) as listed:
        imported.unread = listed.unread
        for batch in batched(listed, BATCH):
            good = _good(batch, now, imported)
            if good:
                with sessions.begin() as db:
                    _store(db, good, now, imported)
            progress(len(batch))
            if len(imported.refused) > MOST_REFUSED:
                problem = f"there are more than {MOST_REFUSED:,} problems; {imported.stored:,} facts were stored"
                raise refused(path, "rows", problem, "the right file, or --mapping for its headers", batch[-1][0])
    return imported


def _good(batch: Sequence[Row], now: datetime, imported: FactsImported) -> list[FactRow]:
    today = local(now).date()
    good = []
    for line, cells in batch:
        row = fact_row.read(line, cells, today)
        if isinstance(row, FactRow):
            good.append(row)
        else:
            imported.refused += row
    return good


def _store(db: Session, rows: Sequence[FactRow], now: datetime, imported: FactsImported) -> None:
    db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    known = _Known(db, rows)
    facts: dict[Key, Decimal | None] = {}
    for row in rows:
        found = known.card_or_refusal(row)
        if isinstance(found, Refusal):
            imported.refused.append(found)
            continue
        key = known.customer(row).id, row.kind, row.day, found
        if key in facts:  # told again, as in a later batch or file
            again = facts[key] != row.amount
            imported.stored += again
            imported.unchanged += not again
            imported.kinds[str(row.kind)] += again
        facts[key] = row.amount
    imported.unchanged += sum(known.told(key, much) for key, much in facts.items())
    news = {key: much for key, much in facts.items() if not known.told(key, much)}
    upsert(
        db,
        BankFact,
        [dict(zip(KEY, key, strict=True)) | {"amount": much, "told_at": now} for key, much in news.items()],
        *KEY,
    )
    upsert(db, Card, known.changed_cards(news), "id")
    _keep_newest_balances(db, news)
    imported.stored += len(news)
    imported.kinds.update(str(kind) for _, kind, _, _ in news)


class _Known:
    """What the store has of the customers of a batch, held for the length of the transaction."""

    def __init__(self, db: Session, rows: Sequence[FactRow]) -> None:
        # Held, so that nobody is erased between being read and being written; in order, so that nobody waits in a ring.
        named = select(Customer.__table__).where(col(Customer.ref).in_({row.ref for row in rows}))  # type: ignore[attr-defined]
        held = named.order_by(col(Customer.id)).with_for_update(read=True)
        self._customers = {customer.ref: customer for customer in db.execute(held).all()}
        ids = [customer.id for customer in self._customers.values()]
        self._cards: dict[UUID, list[Any]] = {}
        self._activated: dict[UUID, date] = {}
        cards = select(Card.__table__).where(col(Card.customer_id).in_(ids))  # type: ignore[attr-defined]
        for card in db.execute(cards.order_by(col(Card.id)).with_for_update()).all():
            self._cards.setdefault(card.customer_id, []).append(card)
        days = col(BankFact.day).in_({row.day for row in rows})
        stored = select(BankFact.__table__).where(col(BankFact.customer_id).in_(ids), days)  # type: ignore[attr-defined]
        self._facts: dict[Key, Decimal | None] = {
            (fact.customer_id, fact.kind, fact.day, fact.card_tail): fact.amount for fact in db.execute(stored).all()
        }

    def customer(self, row: FactRow) -> Any:
        return self._customers[row.ref]

    def told(self, key: Key, amount: Decimal | None) -> bool:
        """Whether the store has this fact, and the same amount."""
        return key in self._facts and self._facts[key] == amount

    def card_or_refusal(self, row: FactRow) -> str | Refusal:
        """The tail of the card that a row is about, empty where it is about none; or why the store cannot take it."""
        customer = self._customers.get(row.ref)
        if customer is None:
            return FACT_FEED.refusal(row.line, "id", row.ref, "没有这位客户", "先用outreach customers import导入客户")
        if customer.erased_at is not None:
            return FACT_FEED.refusal(row.line, "id", row.ref, "该客户已按要求删除", "去掉这一行")
        if row.kind not in OF_A_CARD:
            return ""
        cards = self._cards.get(customer.id, [])
        mine = [card for card in cards if row.card_tail in {None, card.tail}]
        if not mine:
            tails = "、".join(card.tail for card in cards) or "无"
            said = f"客户名下没有这张卡（{tails}）"
            return FACT_FEED.refusal(row.line, "card_tail", row.card_tail or "", said, "先导入客户的卡，或核对卡尾号")
        if len(mine) > 1:
            return FACT_FEED.refusal(row.line, "card_tail", "", f"客户有{len(mine)}张卡", "写明卡尾号")
        return self._unless_contradicted(row, mine[0])

    def changed_cards(self, news: Mapping[Key, Decimal | None]) -> list[dict[str, Any]]:
        """The cards that new facts bring up to date."""
        changed: dict[UUID, dict[str, Any]] = {}
        for customer, kind, day, tail in news:
            if kind not in OF_A_CARD:
                continue
            stored = next(card for card in self._cards[customer] if card.tail == tail)
            card = changed.setdefault(stored.id, dict(stored._mapping))  # noqa: SLF001 - public API
            card |= {"activated_on": day} if kind is FactKind.CARD_ACTIVATED else {"debit_bound": True}
        return list(changed.values())

    def _unless_contradicted(self, row: FactRow, card: Any) -> str | Refusal:
        if row.kind is FactKind.CARD_ACTIVATED:
            if card.issued_on is not None and row.day < card.issued_on:
                return FACT_FEED.refusal(row.line, "date", str(row.day), f"早于发卡日{card.issued_on}", "核对激活日")
            before = card.activated_on or self._activated.setdefault(card.id, row.day)
            if before != row.day:
                return FACT_FEED.refusal(row.line, "date", str(row.day), f"已有的激活日是{before}", "核对激活日")
        return str(card.tail)


def _keep_newest_balances(db: Session, news: Mapping[Key, Decimal | None]) -> None:
    told = {(customer, day): much for (customer, kind, day, _), much in news.items() if kind is FactKind.BALANCE}
    if not told:
        return
    newest = (
        select(BankFact.customer_id, func.max(BankFact.day))
        .where(BankFact.kind == FactKind.BALANCE, col(BankFact.customer_id).in_({customer for customer, _ in told}))
        .group_by(col(BankFact.customer_id))
    )
    rows = [
        {"customer_id": customer, "deposits": told[customer, day]}
        for customer, day in db.exec(newest).all()
        if (customer, day) in told
    ]
    upsert(db, Account, rows, "customer_id")
