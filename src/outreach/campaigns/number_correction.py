"""Give a customer another number, as staff learned it; and list those whose number reaches nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, tuple_

from outreach.campaigns.customer_erasure import ERASED
from outreach.carrier import numbers
from outreach.carrier.numbers import NotANumber, NumberKind
from outreach.conversations import tasks
from outreach.model import AuditEntry, Branch, Customer, Suppression, TaskKind, suppressions
from outreach.model.sealing import Sealer

PAGE = 50
REACHES_PEOPLE = frozenset({NumberKind.MOBILE, NumberKind.FIXED})


class CannotUseNumber(ValueError):
    """The number cannot become this customer's; says why, and what would be right."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}：{fix}")


@dataclass(frozen=True)
class Lost:
    """A customer whom no number reaches."""

    customer: Customer
    branch: Branch | None


@dataclass(frozen=True)
class LostPage:
    """A page of them, and where the next one begins."""

    rows: Sequence[Lost]
    next_after: UUID | None


def lost(db: Session, branch: UUID | None, after: UUID | None = None) -> LostPage:
    """Customers whose number a carrier, or somebody who took the call, proved wrong; the latest first."""
    rows: Any = (
        select(Customer, Branch)
        .join(Branch, col(Branch.id) == col(Customer.branch_id), isouter=True)
        .where(col(Customer.phone_bad_since).is_not(None))
    )
    if branch:
        rows = rows.where(Customer.branch_id == branch)
    last = db.get(Customer, after) if after else None
    if last and last.phone_bad_since:
        rows = rows.where(
            tuple_(col(Customer.phone_bad_since), col(Customer.id)) < tuple_(last.phone_bad_since, last.id)
        )
    rows = rows.order_by(col(Customer.phone_bad_since).desc(), col(Customer.id).desc()).limit(PAGE + 1)
    found = [Lost(*row) for row in db.exec(rows).all()]
    shown = found[:PAGE]
    return LostPage(shown, shown[-1].customer.id if len(found) > PAGE else None)


def correct_number(
    db: Session, sealer: Sealer, customer_id: UUID, typed: str, *, by: str, why: str, now: datetime, branch: UUID | None
) -> None:
    """Use another number from now on; what was refused holds for it, too. Raises CannotUseNumber, which names nobody
    whom somebody of `branch` may not see.
    """
    customer = db.exec(select(Customer).where(Customer.id == customer_id).with_for_update()).one()
    number = numbers.read(typed)
    if isinstance(number, NotANumber):
        raise CannotUseNumber(number.problem, number.fix)
    if number.kind not in REACHES_PEOPLE:
        raise CannotUseNumber("这个号码不是手机或固定电话", "填写客户本人的手机号，如13800138000")
    found = sealer.find(number.e164)
    _refuse_taken(db, customer, found, branch)
    before = customer.phone_hash
    customer.phone_sealed, customer.phone_hash = sealer.seal(number.e164), found
    customer.phone_country, customer.phone_kind, customer.zones = number.country, str(number.kind), list(number.zones)
    customer.phone_bad_since = None
    db.add_all([customer, AuditEntry(at=now, who=by, verb="number_corrected", what=customer.id, why=why)])
    db.flush()
    if before != found:
        suppressions.carry(db, customer.id, before, found)
    tasks.settle_for_customer(db, customer.id, TaskKind.WRONG_NUMBER, by=by, now=now)


def _refuse_taken(db: Session, customer: Customer, found: bytes, branch: UUID | None) -> None:
    if customer.erased_at is not None:
        raise CannotUseNumber("该客户已按要求删除", "不再保存其号码")
    holder = db.exec(select(Customer).where(Customer.phone_hash == found, Customer.id != customer.id)).first()
    if holder is not None:
        named = (holder.ref or "") if branch in {None, holder.branch_id} else ""
        raise CannotUseNumber(f"这个号码属于另一位客户{named}", "核对号码归谁所有")
    erased = select(Suppression.id).where(
        Suppression.phone_hash == found, Suppression.words == ERASED, col(Suppression.lifted_at).is_(None)
    )
    if db.exec(erased).first():
        raise CannotUseNumber("该号码的客户已按要求删除", "核对号码；换了机主的，先由合规解除")
