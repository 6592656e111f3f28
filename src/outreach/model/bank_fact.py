"""What the bank's own systems say a customer did: the results that campaigns are for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Numeric
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, one_of


class FactKind(StrEnum):
    """What kind of thing the bank saw."""

    CARD_ACTIVATED = "card_activated"  #: a credit card was activated
    DEBIT_BOUND = "debit_bound"  #: a debit card was bound to repay a credit card
    ACCOUNT_OPENED = "account_opened"  #: a debit account was opened
    LOGIN = "login"  #: the customer used the mobile bank
    BALANCE = "balance"  #: what the customer kept with the bank at the end of the day


OF_A_CARD = frozenset({FactKind.CARD_ACTIVATED, FactKind.DEBIT_BOUND})


class BankFact(SQLModel, table=True):
    """One thing the bank saw on one day; the key makes a second import of it change nothing."""

    __tablename__ = "bank_fact"
    __table_args__ = (
        one_of("kind", FactKind),
        CheckConstraint("(kind = 'balance') = (amount IS NOT NULL)", name="balances_have_an_amount"),
        CheckConstraint("card_tail ~ '^([0-9]{4})?$'", name="fact_tail_four_digits"),
    )
    customer_id: UUID = Field(primary_key=True, foreign_key="customer.id", ondelete="CASCADE")
    kind: FactKind = Field(primary_key=True, sa_type=Word(FactKind))
    day: date = Field(primary_key=True, sa_type=Date)
    card_tail: str = Field(default="", primary_key=True)
    """The card it is about; empty for facts about the customer."""
    amount: Decimal | None = Field(default=None, sa_type=Numeric(16, 2))
    """Yuan, for balances."""
    told_at: datetime = Field(sa_type=UtcTime)
    """Product time of the import that stored or last changed it."""
