"""Import a customer list: good rows are stored, bad rows named, and doing it again changes nothing.

Rows are stored in batches, each in one transaction, so an import that is killed can simply be run again. It never
lifts a suppression and never revives a consent that was withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, or_, select

from outreach.campaigns import customer_file, customer_row
from outreach.campaigns.branches import branch_named
from outreach.campaigns.customer_row import CustomerRow, Refusal
from outreach.clock import ZONE, local
from outreach.model import Account, Card, Consent, Customer, Gender, Purpose, Sessions
from outreach.model.columns import new_id
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel

BATCH = 1_000
"""Rows in one transaction."""
CUSTOMER_FIELDS = ("birth_year", "risk_level", "risk_expires_on", "manager")
CARD_FIELDS = ("issued_on", "activated_on", "debit_bound")
ACCOUNT_FIELDS = ("deposits", "net_flow_90d")


@dataclass
class Imported:
    """What came of an import; `stored` are new or changed customers."""

    stored: int = 0
    unchanged: int = 0
    without_consent: int = 0
    """Stored, but not contactable on any channel."""
    unproven_consent: int = 0
    """Rows that say 是 without a date or a source: no proof, no consent."""
    refused: list[Refusal] = field(default_factory=list)


def import_customers(
    sessions: Sessions,
    sealer: Sealer,
    now: datetime,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Imported:
    """Import a list; raises Refused when the file or its headers cannot be read."""
    imported = Imported()
    batch_of = _Importer(sessions, sealer, now, imported)
    with customer_file.rows(path, mapping) as rows:
        for batch in batched(rows, BATCH):
            batch_of.store(batch)
            progress(len(batch))
    return imported


class _Importer:
    """Stores batch after batch, remembering which numbers and customers the file has named."""

    def __init__(self, sessions: Sessions, sealer: Sealer, now: datetime, imported: Imported) -> None:
        self._sessions, self._sealer, self._now, self._imported = sessions, sealer, now, imported
        self._lines: dict[bytes | str, int] = {}
        self._branches: dict[str, UUID] = {}

    def store(self, batch: Sequence[customer_file.Row]) -> None:
        """Store the good rows of a batch in one transaction."""
        read = [customer_row.read(line, cells, local(self._now).date()) for line, cells in batch]
        good = []
        for row in read:
            if isinstance(row, list):
                self._imported.refused += row
            elif refusal := self._repeated(row):
                self._imported.refused.append(refusal)
            else:
                good.append(row)
        with self._sessions.begin() as db:
            self._store(db, good)

    def _repeated(self, row: CustomerRow) -> Refusal | None:
        found = self._sealer.find(row.number.e164)
        for key, name, value in (
            (found, "手机号", row.number.e164),
            (row.values.get("id"), "客户号", row.values.get("id")),
        ):
            if key is None:
                continue
            if key in self._lines:
                return Refusal(
                    row.line, name, str(value), f"与第{self._lines[key]}行重复", "每位客户、每个号码只留一行"
                )
        self._lines |= {key: row.line for key in (found, row.values.get("id")) if key is not None}
        return None

    def _store(self, db: Session, rows: Sequence[CustomerRow]) -> None:
        known = _Known(db, rows, self._sealer)
        customers, cards, accounts, consents = [], [], [], []
        for row in rows:
            found = self._sealer.find(row.number.e164)
            customer = known.of(row, found)
            holder = known.by_phone.get(found)
            if holder is not None and (customer is None or holder.id != customer.id):
                self._imported.refused.append(
                    Refusal(
                        row.line, "手机号", row.number.e164, f"属于另一位客户{holder.ref or ''}", "核对号码归谁所有"
                    ),
                )
                continue
            if customer is not None and customer.erased_at is not None:
                self._imported.refused.append(
                    Refusal(row.line, "客户号", customer.ref or "", "该客户已按要求删除", "从名单中去掉这一行"),
                )
                continue
            values = self._customer(db, row, customer, found)
            card = _card(row, values["id"], known)
            account = _account(row, values["id"], known)
            agreed = self._consents(row, values["id"], known)
            changed = customer is None or any(getattr(customer, key) != value for key, value in values.items())
            customers += [values] if changed else []
            cards += [card] if card else []
            accounts += [account] if account else []
            consents += agreed
            if changed or card or account or agreed:
                self._imported.stored += 1
            else:
                self._imported.unchanged += 1
            if not agreed and not known.agrees(values["id"]):
                self._imported.without_consent += 1
        _upsert(db, Customer, customers, ["id"])
        _upsert(db, Card, cards, ["id"])
        _upsert(db, Account, accounts, ["customer_id"])
        _upsert(db, Consent, consents, ["id"])

    def _customer(self, db: Session, row: CustomerRow, customer: Customer | None, found: bytes) -> dict[str, Any]:
        given = row.values
        same_number = customer is not None and customer.phone_hash == found
        values: dict[str, Any] = {
            "id": customer.id if customer else new_id(),
            "ref": given.get("id") or (customer.ref if customer else None),
            "name": given["name"],
            "gender": Gender(given["gender"]) if given.get("gender") else customer.gender if customer else None,
            "phone_sealed": customer.phone_sealed if customer and same_number else self._sealer.seal(row.number.e164),
            "phone_hash": found,
            "phone_country": row.number.country,
            "phone_kind": str(row.number.kind),
            "zones": list(row.number.zones),
            "phone_bad_since": customer.phone_bad_since if customer and same_number else None,
            "branch_id": self._branch(db, given) or (customer.branch_id if customer else None),
            "last_contact_on": given.get("last_contact") or (customer.last_contact_on if customer else None),
            "created_at": customer.created_at if customer else self._now,
            "erased_at": None,
        }
        return values | {
            name: given[name] if given.get(name) is not None else getattr(customer, name, None)
            for name in CUSTOMER_FIELDS
        }

    def _branch(self, db: Session, given: Mapping[str, Any]) -> UUID | None:
        name = given.get("branch")
        if not name:
            return None
        if name not in self._branches:
            self._branches[name] = branch_named(db, name, given.get("branch_address")).id
        return self._branches[name]

    def _consents(self, row: CustomerRow, customer: UUID, known: _Known) -> list[dict[str, Any]]:
        changes = []
        given, source = row.values.get("consent_at"), row.values.get("consent_source")
        for channel in Channel:
            says = row.values.get(f"consent_{channel}")
            standing, withdrawn = known.consents.get((customer, channel), (None, None))
            if says is True and (given is None or not source):
                self._imported.unproven_consent += 1
            elif says is True and standing is None and given is not None and source:
                at = datetime.combine(given, time(), ZoneInfo(ZONE)).astimezone(UTC)
                if withdrawn is None or at > withdrawn:
                    changes.append(_consent(new_id(), customer, channel, at, source, None))
            elif says is False and standing is not None:
                changes.append(
                    _consent(standing.id, customer, channel, standing.given_at, standing.source, self._now),
                )
        return changes


class _Known:
    """What the store already has of a batch."""

    def __init__(self, db: Session, rows: Sequence[CustomerRow], sealer: Sealer) -> None:
        refs = [row.values["id"] for row in rows if row.values.get("id")]
        hashes = [sealer.find(row.number.e164) for row in rows]
        customers = db.exec(
            select(Customer).where(or_(col(Customer.ref).in_(refs), col(Customer.phone_hash).in_(hashes)))
        ).all()
        ids = [customer.id for customer in customers]
        self.by_ref = {customer.ref: customer for customer in customers if customer.ref}
        self.by_phone = {customer.phone_hash: customer for customer in customers if customer.phone_hash}
        self.cards = {
            (card.customer_id, card.tail): card for card in db.exec(select(Card).where(col(Card.customer_id).in_(ids)))
        }
        self.accounts = {
            one.customer_id: one for one in db.exec(select(Account).where(col(Account.customer_id).in_(ids)))
        }
        self.consents: dict[tuple[UUID, Channel], tuple[Consent | None, datetime | None]] = {}
        for consent in db.exec(
            select(Consent).where(col(Consent.customer_id).in_(ids), Consent.purpose == Purpose.MARKETING)
        ):
            standing, withdrawn = self.consents.get((consent.customer_id, consent.channel), (None, None))
            if consent.withdrawn_at is None:
                standing = consent
            elif withdrawn is None or consent.withdrawn_at > withdrawn:
                withdrawn = consent.withdrawn_at
            self.consents[consent.customer_id, consent.channel] = (standing, withdrawn)

    def of(self, row: CustomerRow, found: bytes) -> Customer | None:
        """The customer a row is about: by the bank's number, or by phone where it gives none."""
        ref = row.values.get("id")
        if ref and ref in self.by_ref:
            return self.by_ref[ref]
        holder = self.by_phone.get(found)
        return holder if holder is not None and (ref is None or holder.ref is None) else None

    def agrees(self, customer: UUID) -> bool:
        """Whether a consent stands on any channel."""
        return any(self.consents.get((customer, channel), (None, None))[0] for channel in Channel)


def _card(row: CustomerRow, customer: UUID, known: _Known) -> dict[str, Any] | None:
    tail = row.values.get("card_tail")
    if not tail:
        return None
    card = known.cards.get((customer, tail))
    values = {name: _given(row, name, card) for name in CARD_FIELDS}
    if card is not None and all(getattr(card, name) == value for name, value in values.items()):
        return None
    return {"id": card.id if card else new_id(), "customer_id": customer, "tail": tail, "product": "信用卡", **values}


def _account(row: CustomerRow, customer: UUID, known: _Known) -> dict[str, Any] | None:
    account = known.accounts.get(customer)
    values = {name: _given(row, name, account) for name in ACCOUNT_FIELDS}
    if account is not None and all(getattr(account, name) == value for name, value in values.items()):
        return None
    return {"customer_id": customer, **values}


def _given(row: CustomerRow, name: str, before: object | None) -> Any:
    """What the row says, or what was known where it says nothing."""
    value = row.values.get(name)
    return getattr(before, name, None) if value is None else value


def _consent(
    id_: UUID, customer: UUID, channel: Channel, given_at: datetime, source: str, withdrawn_at: datetime | None
) -> dict[str, Any]:
    return {
        "id": id_, "customer_id": customer, "channel": channel, "purpose": Purpose.MARKETING, "given_at": given_at,
        "expires_at": None, "source": source, "withdrawn_at": withdrawn_at,
    }  # fmt: skip


def _upsert(db: Session, table: Any, rows: list[dict[str, Any]], key: list[str]) -> None:
    if not rows:
        return
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    db.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), rows)
