"""On whom a script is tried: somebody who does not exist, at a branch of the store or an invented one."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.model import Branch, Card, Customer, Gender
from outreach.scripts import samples

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
"""When the invented branch is open, where the store has none."""


def branch_of(db: Session) -> Branch:
    """The first branch that has opening hours, else an invented one."""
    known = db.exec(select(Branch).order_by(col(Branch.name))).all()
    if found := next((one for one in known if one.hours), None):
        return found
    told = samples.TYPICAL["branch"]
    branch = Branch(name=f"{told['name']}（试用）" if known else told["name"], address=told["address"], hours=WEEK)
    db.add(branch)
    db.flush()
    return branch


def invented(db: Session, branch: Branch, began: datetime) -> Customer:
    """Somebody who does not exist, whose number nobody has."""
    customer = Customer(
        name=samples.TYPICAL["customer"]["name"],
        gender=Gender.FEMALE,
        phone_sealed=b"none",
        phone_hash=secrets.token_bytes(32),
        branch_id=branch.id,
        manager=samples.TYPICAL["manager"]["name"],
        created_at=began,
    )
    db.add(customer)
    db.flush()
    db.add(Card(customer_id=customer.id, tail=samples.TYPICAL["card"]["tail"]))
    return customer
