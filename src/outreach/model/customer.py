"""Who the bank may reach, and what it knows of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, Word, new_id, one_of


class Gender(StrEnum):
    """For the form of address only."""

    FEMALE = "f"  #: 女士
    MALE = "m"  #: 先生


class Customer(SQLModel, table=True):
    """A person the bank knows. The number is sealed; `phone_hash` finds it."""

    __table_args__ = (
        one_of("gender", Gender),
        CheckConstraint("(phone_sealed IS NULL) = (phone_hash IS NULL)", name="phone_sealed_with_hash"),
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_plausible"),
        CheckConstraint("risk_level BETWEEN 1 AND 5", name="risk_level_r1_to_r5"),
        Index("customer_phone", "phone_hash", unique=True, postgresql_where="phone_hash IS NOT NULL"),
        Index("customer_branch", "branch_id"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    ref: str | None = Field(default=None, unique=True)
    """The bank's own customer number."""
    name: str
    gender: Gender | None = Field(default=None, sa_type=Word(Gender))
    phone_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_country: str | None = None
    phone_kind: str | None = None
    zones: list[str] = Field(default_factory=list, sa_type=Json)
    """Every time zone the number may be in."""
    phone_bad_since: datetime | None = Field(default=None, sa_type=UtcTime)
    """Set when a carrier proved that the number reaches nobody."""
    birth_year: int | None = None
    risk_level: int | None = None
    risk_expires_on: date | None = None
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")
    manager: str | None = None
    last_contact_on: date | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Card(SQLModel, table=True):
    """A credit card of a customer, known by its last four digits."""

    __table_args__ = (
        UniqueConstraint("customer_id", "tail", name="card_once"),
        CheckConstraint("tail ~ '^[0-9]{4}$'", name="tail_four_digits"),
        CheckConstraint("activated_on IS NULL OR issued_on IS NULL OR activated_on >= issued_on", name="card_in_order"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    tail: str
    product: str = "信用卡"
    issued_on: date | None = None
    activated_on: date | None = None
    debit_bound: bool | None = None
    """Whether a debit card repays it; unknown where the bank did not say."""


class Account(SQLModel, table=True):
    """What a customer keeps with the bank, as of the last import, in yuan."""

    customer_id: UUID = Field(primary_key=True, foreign_key="customer.id", ondelete="CASCADE")
    deposits: Decimal | None = Field(default=None, sa_type=Numeric(16, 2))
    net_flow_90d: Decimal | None = Field(default=None, sa_type=Numeric(16, 2))
