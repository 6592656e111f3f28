"""Find a customer; what is kept of one; what they ask to be stopped, corrected, handed over or erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach.campaigns import customer_erasure, customer_lookup, customer_record, customer_sheet, customer_workbook
from outreach.campaigns.customer_sheet import Sheet
from outreach.rules.channel import Channel
from outreach.staff.permissions import Permission
from outreach.web.console import downloads
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Sent, Short, Why

router = APIRouter()


@dataclass(frozen=True)
class Who:
    """An id, a 客户号 or a phone number. Sent in a form: a number in an address would be kept by browsers and proxies."""

    who: str = ""


@dataclass(frozen=True)
class Stop:
    """What the customer refuses."""

    why: Short
    channel: Channel | None = None


@dataclass(frozen=True)
class Name:
    """The right name."""

    name: Short
    why: Short


@dataclass(frozen=True)
class Export:
    """In which form."""

    why: Short
    form: Literal["xlsx", "json"] = "xlsx"


@dataclass(frozen=True)
class Erase:
    """A reason, and that it is meant."""

    why: Short
    sure: Literal["yes"]


@router.get("/customers")
def ask(desk: Annotated[Desk, For(Permission.READ_CUSTOMERS)]) -> Response:
    """The form that finds one, and how long each kind of data is kept."""
    return desk.page("customers.html", missed=None, retention=desk.runtime.house.policy.retention)


@router.post("/customers")
def find(desk: Annotated[Desk, For(Permission.READ_CUSTOMERS)], asked: Annotated[Who, Sent(Who)]) -> Response:
    """Lead to the customer; that one was looked for is in the audit, found or not."""
    own = desk.person.branch_id
    with desk.runtime.sessions.begin() as db:
        customer = customer_lookup.find(db, desk.runtime.sealer, asked.who) if asked.who else None
        seen = customer if customer is not None and own in {None, customer.branch_id} else None
        desk.note(db, "customer_looked_up", seen.id if seen else None)
    if seen is not None:
        return desk.go(f"/customers/{seen.id}")
    return desk.page("customers.html", 404, missed=asked.who, retention=desk.runtime.house.policy.retention)


@router.get("/customers/{customer_id}")
def show(desk: Annotated[Desk, For(Permission.READ_CUSTOMERS)], customer_id: UUID) -> Response:
    """The sheet; that it was looked at is in the audit."""
    with desk.runtime.sessions.begin() as db:
        answer = _page(desk, db, customer_id)
        desk.note(db, "customer_viewed", customer_id)
        return answer


@router.post("/customers/{customer_id}/number")
def show_number(
    desk: Annotated[Desk, For(Permission.UNMASK)], customer_id: UUID, asked: Annotated[Why, Sent(Why)]
) -> Response:
    """The sheet with the whole number, for whoever says why."""
    with desk.runtime.sessions.begin() as db:
        customer = _sheet(desk, db, customer_id).customer
        number = customer_record.shown_number(
            db, customer, desk.runtime.sealer, desk.person.login, asked.why, desk.runtime.clock.now()
        )
        return _page(desk, db, customer_id, number)


@router.post("/customers/{customer_id}/stop")
def stop(
    desk: Annotated[Desk, For(Permission.READ_CUSTOMERS)], customer_id: UUID, said: Annotated[Stop, Sent(Stop)]
) -> Response:
    """Contact the customer no more, as they told somebody."""
    return _change(desk, customer_id, partial(customer_sheet.suppress, channel=said.channel), said.why)


@router.post("/customers/{customer_id}/lift")
def lift(
    desk: Annotated[Desk, For(Permission.HONOUR_REQUESTS)], customer_id: UUID, asked: Annotated[Why, Sent(Why)]
) -> Response:
    """Contact the customer again, as they asked for."""
    return _change(desk, customer_id, customer_sheet.unsuppress, asked.why)


@router.post("/customers/{customer_id}/name")
def rename(
    desk: Annotated[Desk, For(Permission.HONOUR_REQUESTS)], customer_id: UUID, asked: Annotated[Name, Sent(Name)]
) -> Response:
    """Correct the name."""
    return _change(desk, customer_id, partial(customer_sheet.rename, name=asked.name), asked.why)


@router.post("/customers/{customer_id}/export")
def export(
    desk: Annotated[Desk, For(Permission.HONOUR_REQUESTS)], customer_id: UUID, asked: Annotated[Export, Sent(Export)]
) -> Response:
    """Everything kept, as a file for the customer."""
    with desk.runtime.sessions.begin() as db:
        customer = _sheet(desk, db, customer_id).customer
        record = customer_record.of(db, customer, desk.runtime.sealer, masked=False)
        desk.note(db, "customer_exported", customer_id, asked.why, form=asked.form)
    if asked.form == "xlsx":
        content = customer_workbook.of(record)
    else:
        content = json.dumps(record, ensure_ascii=False, indent=2, default=str).encode()
    return downloads.file(content, f"customer-{customer_id}", asked.form)


@router.post("/customers/{customer_id}/erase")
def erase(
    desk: Annotated[Desk, For(Permission.HONOUR_REQUESTS)], customer_id: UUID, asked: Annotated[Erase, Sent(Erase)]
) -> Response:
    """Erase what names the customer; the opt-out outlives it as a keyed hash."""
    return _change(desk, customer_id, customer_erasure.erase, asked.why, "erased")


def _change(desk: Desk, customer_id: UUID, change: Callable[..., object], why: str, done: str = "saved") -> Response:
    """Change what is kept of a customer; `change` writes down who, why and when."""
    with desk.runtime.sessions.begin() as db:
        customer = _sheet(desk, db, customer_id).customer
        change(db, customer, by=desk.person.login, why=why, now=desk.runtime.clock.now())
    return desk.go(f"/customers/{customer_id}", done=done)


def _sheet(desk: Desk, db: Session, customer_id: UUID) -> Sheet:
    sheet = customer_sheet.of(db, customer_id, desk.person.branch_id)
    if sheet is None:
        raise NotThere
    return sheet


def _page(desk: Desk, db: Session, customer_id: UUID, number: str | None = None) -> Response:
    sheet = _sheet(desk, db, customer_id)
    sealed = sheet.customer.phone_sealed
    return desk.page(
        "customer.html", sheet=sheet, number=number, masked=desk.runtime.sealer.open(sealed) if sealed else None,
        standing=[one for one in sheet.suppressions if one.lifted_at is None], channels=list(Channel),
        honours=desk.person.may(Permission.HONOUR_REQUESTS),
    )  # fmt: skip
