"""What a segment can ask about, each with the kind of its value and how it becomes SQL over a customer's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col, select

from outreach.model import (
    Account,
    Attempt,
    BankFact,
    Branch,
    Card,
    Consent,
    Customer,
    FactKind,
    Message,
    Suppression,
    Visit,
    VisitState,
)
from outreach.rules.channel import Channel

NEVER_DAYS = 36_500
"""What never happened counts as very long ago."""
Compared = Callable[[Any], ColumnElement[bool]]
"""A condition on the column that a field stands for."""


@dataclass(frozen=True)
class Field:
    """One thing a segment can ask about: the kind of its value, and how it becomes SQL."""

    kind: type
    compile: Callable[[Compared, date], ColumnElement[bool]]


def _of_customer(column: Any) -> Callable[[Compared, date], ColumnElement[bool]]:
    return lambda compared, _today: compared(column)


def _of_card(column: Callable[[date], Any]) -> Callable[[Compared, date], ColumnElement[bool]]:
    return lambda compared, today: exists().where(col(Card.customer_id) == Customer.id, compared(column(today)))


def _of_account(column: Any) -> Callable[[Compared, date], ColumnElement[bool]]:
    return lambda compared, _today: exists().where(col(Account.customer_id) == Customer.id, compared(column))


def _whether(condition: Callable[[], ColumnElement[bool]]) -> Callable[[Compared, date], ColumnElement[bool]]:
    return lambda compared, _today: compared(condition())


def _consent(channel: Channel) -> Callable[[], ColumnElement[bool]]:
    return lambda: exists().where(
        col(Consent.customer_id) == Customer.id, col(Consent.channel) == channel, col(Consent.withdrawn_at).is_(None)
    )


def _branch(compared: Compared, _today: date) -> ColumnElement[bool]:
    return exists().where(col(Branch.id) == Customer.branch_id, compared(col(Branch.name)))


def _opted_out() -> ColumnElement[bool]:
    return exists().where(col(Suppression.phone_hash) == Customer.phone_hash, col(Suppression.lifted_at).is_(None))


def _visit_booked() -> ColumnElement[bool]:
    return exists().where(col(Visit.customer_id) == Customer.id, col(Visit.state) == VisitState.BOOKED)


def _days_since_contact(compared: Compared, today: date) -> ColumnElement[bool]:
    """Days since the bank or we last reached them; nobody ever did counts as very long ago."""
    ours = (
        select(func.max(Message.at))
        .where(Message.customer_id == Customer.id, col(Message.starts_contact))
        .scalar_subquery()
    )
    latest = func.greatest(col(Customer.last_contact_on), func.date(ours))
    return compared(func.coalesce(today - latest, NEVER_DAYS))


def _days_since_login(compared: Compared, today: date) -> ColumnElement[bool]:
    """Days since the bank's feed last saw them use the mobile bank; never seen counts as very long ago."""
    seen = BankFact.customer_id == Customer.id, BankFact.kind == FactKind.LOGIN
    latest = select(func.max(BankFact.day)).where(*seen).scalar_subquery()
    return compared(func.coalesce(today - latest, NEVER_DAYS))


def _attempts_30d(compared: Compared, today: date) -> ColumnElement[bool]:
    since = today - timedelta(days=30)
    count = select(func.count()).where(Attempt.customer_id == Customer.id, func.date(col(Attempt.created_at)) >= since)
    return compared(count.scalar_subquery())


def _last_outcome(compared: Compared, _today: date) -> ColumnElement[bool]:
    latest = (
        select(Attempt.outcome)
        .where(Attempt.customer_id == Customer.id, col(Attempt.outcome).is_not(None))
        .order_by(col(Attempt.closed_at).desc())
        .limit(1)
    )
    return compared(latest.scalar_subquery())


FIELDS: Mapping[str, Field] = {
    "customer.ref": Field(str, _of_customer(Customer.ref)),
    "customer.gender": Field(str, _of_customer(Customer.gender)),
    "customer.manager": Field(str, _of_customer(Customer.manager)),
    "customer.branch": Field(str, _branch),
    "customer.birth_year": Field(int, _of_customer(Customer.birth_year)),
    "customer.age": Field(int, lambda compared, today: compared(today.year - col(Customer.birth_year))),
    "customer.risk_level": Field(int, _of_customer(Customer.risk_level)),
    "customer.consent_sms": Field(bool, _whether(_consent(Channel.SMS))),
    "customer.consent_voice": Field(bool, _whether(_consent(Channel.VOICE))),
    "customer.opted_out": Field(bool, _whether(_opted_out)),
    "card.issued_days_ago": Field(int, _of_card(lambda today: today - col(Card.issued_on))),
    "card.activated": Field(bool, _of_card(lambda _today: col(Card.activated_on).is_not(None))),
    "card.debit_bound": Field(bool, _of_card(lambda _today: Card.debit_bound)),
    "card.product": Field(str, _of_card(lambda _today: Card.product)),
    "account.deposits": Field(Decimal, _of_account(Account.deposits)),
    "account.net_flow_90d": Field(Decimal, _of_account(Account.net_flow_90d)),
    "login.days_since_last": Field(int, _days_since_login),
    "contact.days_since_last": Field(int, _days_since_contact),
    "contact.attempts_30d": Field(int, _attempts_30d),
    "contact.last_outcome": Field(str, _last_outcome),
    "contact.visit_booked": Field(bool, _whether(_visit_booked)),
}
