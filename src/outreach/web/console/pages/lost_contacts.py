"""Customers whose number reaches nobody, and what their number should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach.campaigns import number_correction
from outreach.campaigns.number_correction import CannotUseNumber
from outreach.model import Customer
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked, Sent, Short

router = APIRouter()


@dataclass(frozen=True)
class After:
    """Only customers after this one: the last of the page above."""

    after: UUID | None = None


@dataclass(frozen=True)
class Right:
    """The number as somebody learned it."""

    why: Short
    number: str = ""


@router.get("/lost-contacts")
def show(desk: Annotated[Desk, For(Permission.CORRECT_NUMBERS)], asked: Annotated[After, Asked(After)]) -> Response:
    """The list, the latest first."""
    with desk.runtime.sessions.begin() as db:
        found = number_correction.lost(db, desk.person.branch_id, asked.after)
        desk.note(db, "lost_contacts_listed")
    return desk.page("lost_contacts.html", found=found, numbers=_numbers(desk, found.rows))


@router.get("/lost-contacts/{customer_id}")
def ask(desk: Annotated[Desk, For(Permission.CORRECT_NUMBERS)], customer_id: UUID) -> Response:
    """The form for one customer."""
    with desk.runtime.sessions.begin() as db:
        desk.note(db, "lost_contact_viewed", customer_id)
        return desk.page("lost_contact.html", customer=_customer(desk, db, customer_id), problem=None, typed=None)


@router.post("/lost-contacts/{customer_id}")
def correct(
    desk: Annotated[Desk, For(Permission.CORRECT_NUMBERS)], customer_id: UUID, typed: Annotated[Right, Sent(Right)]
) -> Response:
    """Use the number from now on."""
    try:
        with desk.runtime.sessions.begin() as db:
            _customer(desk, db, customer_id)
            number_correction.correct_number(
                db, desk.runtime.sealer, customer_id, typed.number, by=desk.person.login, why=typed.why,
                now=desk.runtime.clock.now(), branch=desk.person.branch_id,
            )  # fmt: skip
    except CannotUseNumber as wrong:
        # What was refused says something of the number, so the try is in the audit, the number not.
        with desk.runtime.sessions.begin() as db:
            desk.note(db, "number_refused", customer_id, typed.why)
            customer = _customer(desk, db, customer_id)
            return desk.page("lost_contact.html", 422, customer=customer, problem=str(wrong), typed=typed)
    return desk.go("/lost-contacts", done="number_corrected")


def _customer(desk: Desk, db: Session, customer_id: UUID) -> Customer:
    customer, own = db.get(Customer, customer_id), desk.person.branch_id
    if customer is None or customer.erased_at is not None or (own and customer.branch_id != own):
        raise NotThere
    return customer


def _numbers(desk: Desk, rows: object) -> dict[UUID, str]:
    sealer = desk.runtime.sealer
    return {
        row.customer.id: sealer.open(row.customer.phone_sealed)
        for row in rows  # type: ignore[attr-defined]
        if row.customer.phone_sealed
    }
