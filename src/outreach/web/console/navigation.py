"""What the frame of every page leads to, for those who may go there; and where each role begins."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.staff.permissions import Permission
from outreach.staff.person import Person
from outreach.web.console.notices import N_


@dataclass(frozen=True)
class Entry:
    """A link in the frame."""

    path: str
    label: str
    permission: Permission


NAVIGATION = (
    Entry("/conversations", N_("Conversations"), Permission.READ_CONVERSATIONS),
    Entry("/answering", N_("Answering"), Permission.ANSWER_CUSTOMERS),
    Entry("/review", N_("Review"), Permission.REVIEW_CONVERSATIONS),
    Entry("/tasks", N_("Tasks"), Permission.DO_TASKS),
    Entry("/visits", N_("Visits"), Permission.KEEP_VISITS),
    Entry("/customers", N_("Customers"), Permission.READ_CUSTOMERS),
    Entry("/lost-contacts", N_("Lost contacts"), Permission.CORRECT_NUMBERS),
    Entry("/campaigns", N_("Campaigns"), Permission.READ_CAMPAIGNS),
    Entry("/scripts", N_("Scripts"), Permission.READ_SCRIPTS),
    Entry("/operations", N_("Operations"), Permission.WATCH_OPERATIONS),
    Entry("/staff", N_("Staff"), Permission.MANAGE_STAFF),
    Entry("/audit", N_("Audit"), Permission.READ_AUDIT),
)  # fmt: skip


def first(person: Person) -> str:
    """Where somebody begins: the first page they may see."""
    return next((entry.path for entry in NAVIGATION if person.may(entry.permission)), "/account")
