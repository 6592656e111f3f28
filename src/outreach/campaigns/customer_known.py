"""What the store already has of a batch of customers, held for the length of the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session, SQLModel, col, or_, select

from outreach.campaigns.branches import branch_named
from outreach.campaigns.customer_erasure import ERASED
from outreach.campaigns.customer_row import CustomerRow
from outreach.model import Account, Branch, Card, Consent, Customer, Purpose, Suppression
from outreach.rules.channel import Channel

Found = tuple[CustomerRow, bytes]
"""A row, and the hash its number is found by."""
Stored = Row[Any]


class Known:
    """Customers by number and phone, and what hangs on them, in a handful of queries."""

    def __init__(self, db: Session, batch: Sequence[Found]) -> None:
        refs = [row.values["id"] for row, _ in batch if row.values.get("id")]
        hashes = [found for _, found in batch]
        # Held, so that nobody is erased between being read and being written; in order, so that nobody waits in a ring.
        named = or_(col(Customer.ref).in_(refs), col(Customer.phone_hash).in_(hashes))
        customers = _rows(db, Customer, named, order=col(Customer.id), hold=True)
        ids = [customer.id for customer in customers]
        self._by_ref = {customer.ref: customer for customer in customers if customer.ref}
        self._by_phone = {customer.phone_hash: customer for customer in customers if customer.phone_hash}
        self._cards = {(one.customer_id, one.tail): one for one in _rows(db, Card, col(Card.customer_id).in_(ids))}
        self._accounts = {one.customer_id: one for one in _rows(db, Account, col(Account.customer_id).in_(ids))}
        self._standing, self._withdrawn = _consents(db, ids)
        self._erased = _erased(db, hashes)
        self._branches = _branches(db, batch)

    def customer(self, row: CustomerRow, found: bytes) -> Stored | None:
        """The customer a row is about: by the bank's number, or by phone where it or the record has none."""
        ref = row.values.get("id")
        if ref and ref in self._by_ref:
            return self._by_ref[ref]
        holder = self._by_phone.get(found)
        return holder if holder is not None and (ref is None or holder.ref is None) else None

    def holder(self, found: bytes) -> Stored | None:
        """Whose number it is."""
        return self._by_phone.get(found)

    def was_erased(self, found: bytes) -> bool:
        """Whether the customer with this number was erased."""
        return found in self._erased

    def card(self, customer: UUID, tail: str) -> Stored | None:
        """A customer's card."""
        return self._cards.get((customer, tail))

    def account(self, customer: UUID) -> Stored | None:
        """A customer's account."""
        return self._accounts.get(customer)

    def consent(self, customer: UUID, channel: Channel) -> tuple[Stored | None, datetime | None]:
        """The consent that stands on a channel, and when one was last withdrawn."""
        key = customer, channel
        return self._standing.get(key), self._withdrawn.get(key)

    def branch(self, name: str | None) -> UUID | None:
        """A branch that the batch names; each exists by now."""
        return self._branches[name] if name else None


def _rows(db: Session, table: type[SQLModel], condition: Any, order: Any = None, *, hold: bool = False) -> list[Stored]:
    """Rows as they are in the database: objects would cost more than everything else."""
    query = select(table.__table__).where(condition).order_by(order)  # type: ignore[attr-defined]
    return list(db.execute(query.with_for_update() if hold else query).all())


def _consents(
    db: Session, ids: Sequence[UUID]
) -> tuple[dict[tuple[UUID, Channel], Stored], dict[tuple[UUID, Channel], datetime]]:
    standing: dict[tuple[UUID, Channel], Stored] = {}
    withdrawn: dict[tuple[UUID, Channel], datetime] = {}
    of_them = col(Consent.customer_id).in_(ids) & (col(Consent.purpose) == Purpose.MARKETING)
    for consent in _rows(db, Consent, of_them):
        key = consent.customer_id, consent.channel
        if consent.withdrawn_at is None:
            standing[key] = consent
        else:
            withdrawn[key] = max(consent.withdrawn_at, withdrawn.get(key, consent.withdrawn_at))
    return standing, withdrawn


def _erased(db: Session, hashes: Sequence[bytes]) -> set[bytes]:
    tombstones = select(Suppression.phone_hash).where(
        col(Suppression.phone_hash).in_(hashes), Suppression.words == ERASED, col(Suppression.lifted_at).is_(None)
    )
    return set(db.exec(tombstones).all())


def _branches(db: Session, batch: Sequence[Found]) -> dict[str, UUID]:
    addresses: dict[str, str | None] = {}
    for row, _ in batch:
        if name := row.values.get("branch"):
            addresses[name] = addresses.get(name) or row.values.get("branch_address")
    known = {branch.name: branch for branch in db.exec(select(Branch).where(col(Branch.name).in_(addresses)))}
    for name, address in addresses.items():
        if name not in known or (address and not known[name].address):
            known[name] = branch_named(db, name, address)
    return {name: branch.id for name, branch in known.items()}
