"""What is kept of one customer, as staff look at it: who they are, what they agreed to and refused, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from outreach.model import (
    Account,
    Attempt,
    AuditEntry,
    BankFact,
    Branch,
    Campaign,
    Card,
    Consent,
    Conversation,
    Customer,
    StaffTask,
    Suppression,
    Visit,
    suppressions,
)
from outreach.model.suppression import Source
from outreach.rules.channel import Channel

MOST = 100
"""Rows of a kind that a page shows, the latest first; the export has all."""


@dataclass(frozen=True)
class Contact:
    """One attempt, and the conversation it became."""

    attempt: Attempt
    conversation: Conversation | None
    campaign: str | None


@dataclass(frozen=True)
class Sheet:
    """Everything a page shows."""

    customer: Customer
    branch: Branch | None
    cards: Sequence[Card]
    account: Account | None
    facts: Sequence[BankFact]
    consents: Sequence[Consent]
    suppressions: Sequence[Suppression]
    contacts: Sequence[Contact]
    visits: Sequence[Visit]
    tasks: Sequence[StaffTask]


def of(db: Session, customer_id: UUID, branch: UUID | None) -> Sheet | None:
    """The sheet, or None where there is no such customer, or none of the branch."""
    customer = db.get(Customer, customer_id)
    if customer is None or (branch and customer.branch_id != branch):
        return None
    mine = customer.id
    return Sheet(
        customer=customer,
        branch=db.get(Branch, customer.branch_id) if customer.branch_id else None,
        cards=db.exec(select(Card).where(Card.customer_id == mine)).all(),
        account=db.get(Account, mine),
        facts=_latest(db, select(BankFact).where(BankFact.customer_id == mine), BankFact.day),
        consents=_latest(db, select(Consent).where(Consent.customer_id == mine), Consent.given_at),
        suppressions=_latest(db, select(Suppression).where(_of_customer(customer)), Suppression.at),
        contacts=_contacts(db, mine),
        visits=_latest(db, select(Visit).where(Visit.customer_id == mine), Visit.date),
        tasks=_latest(db, select(StaffTask).where(StaffTask.customer_id == mine), StaffTask.created_at),
    )


def suppress(db: Session, customer: Customer, channel: Channel | None, *, by: str, why: str, now: datetime) -> None:
    """Honour a refusal that the customer told a person."""
    if customer.phone_hash is None:
        return
    suppressions.add(db, customer.phone_hash, channel, Source.STAFF, why, now, customer.id)
    details = {"channel": str(channel or "all")}
    db.add(AuditEntry(at=now, who=by, verb="contact_stopped", what=customer.id, why=why, details=details))


def unsuppress(db: Session, customer: Customer, *, by: str, why: str, now: datetime) -> None:
    """Lift every refusal of a customer who asked for that."""
    if customer.phone_hash is not None:
        suppressions.lift(db, customer.phone_hash, by=by, why=why, now=now)


def rename(db: Session, customer: Customer, name: str, *, by: str, why: str, now: datetime) -> None:
    """Correct a customer's name on request (PIPL 46). The audit holds that it changed, not what it was."""
    customer.name = name
    db.add_all([customer, AuditEntry(at=now, who=by, verb="customer_corrected", what=customer.id, why=why)])


def _contacts(db: Session, customer_id: UUID) -> list[Contact]:
    rows = (
        select(Attempt, Conversation, Campaign.name)
        .join(Conversation, col(Conversation.attempt_id) == col(Attempt.id), isouter=True)
        .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id), isouter=True)
        .where(Attempt.customer_id == customer_id)
        .order_by(col(Attempt.created_at).desc(), col(Attempt.id).desc())
    )
    return [Contact(*row) for row in db.exec(rows.limit(MOST)).all()]


def _of_customer(customer: Customer) -> Any:
    theirs = col(Suppression.customer_id) == customer.id
    return or_(theirs, col(Suppression.phone_hash) == customer.phone_hash) if customer.phone_hash else theirs


def _latest(db: Session, rows: Any, by: Any) -> list[Any]:
    return list(db.exec(rows.order_by(by.desc()).limit(MOST)).all())
