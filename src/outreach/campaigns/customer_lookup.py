"""Find one customer by whatever somebody has in hand."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

from sqlmodel import Session, or_, select

from outreach.carrier import numbers
from outreach.carrier.numbers import Number
from outreach.model import Customer
from outreach.model.sealing import Sealer


def find(db: Session, sealer: Sealer, who: str) -> Customer | None:
    """The customer of an id, a 客户号 or a phone number; None where there is none."""
    who = who.strip()
    conditions: list[Any] = [Customer.ref == who]
    number = numbers.read(who)
    if isinstance(number, Number):
        conditions.append(Customer.phone_hash == sealer.find(number.e164))
    with contextlib.suppress(ValueError):
        conditions.append(Customer.id == UUID(who))
    return db.exec(select(Customer).where(or_(*conditions))).first()
