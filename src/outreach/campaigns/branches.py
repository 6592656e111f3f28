"""Branches that a list or an operator names before anybody has entered them."""

from __future__ import annotations

from sqlmodel import Session, select

from outreach import times
from outreach.model import Branch


def branch_named(db: Session, name: str, address: str | None = None) -> Branch:
    """The branch of that name; an unknown one is created with weekday hours, 9:00 to 17:00.

    An address is taken where none is known; what staff entered stays.
    """
    branch = db.exec(select(Branch).where(Branch.name == name)).first()
    if branch is None:
        branch = Branch(name=name, hours=times.weekdays().to_json())
    branch.address = branch.address or address
    db.add(branch)
    db.flush()
    return branch
