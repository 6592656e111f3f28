"""The managers of each branch, how many customers they have, and a new assignment: worked out first, applied when told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import batched
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from outreach.campaigns import assignment, list_file
from outreach.campaigns.assignment import Assigned, Client
from outreach.campaigns.list_cells import BadCell
from outreach.campaigns.list_cells import text as read_text
from outreach.campaigns.list_columns import Columns, Refusal
from outreach.campaigns.list_lines import refused
from outreach.documents import Problem, Refused
from outreach.model import Account, AuditEntry, Branch, Customer, Sessions

BATCH = 5_000
CHANGE = """
UPDATE customer SET manager = n.manager
FROM unnest(CAST(:ids AS uuid[]), CAST(:managers AS text[])) AS n(id, manager)
WHERE customer.id = n.id AND customer.erased_at IS NULL
"""


@dataclass(frozen=True)
class Load:
    """One manager of one branch, and how many customers they have; None for customers without a manager."""

    branch: str
    manager: str | None
    customers: int
    balances: Decimal


@dataclass(frozen=True)
class BranchPlan:
    """What a new assignment makes of one branch."""

    branch: str
    assigned: Assigned


def loads(db: Session) -> list[Load]:
    """Every manager with their customers, by branch."""
    rows = (
        select(
            Branch.name,
            Customer.manager,
            func.count(),
            func.coalesce(func.sum(Account.deposits), 0),
        )
        .select_from(Customer)
        .join(Branch, col(Branch.id) == col(Customer.branch_id))
        .join(Account, col(Account.customer_id) == col(Customer.id), isouter=True)
        .where(col(Customer.erased_at).is_(None))
        .group_by(col(Branch.name), col(Customer.manager))
        .order_by(col(Branch.name), col(Customer.manager).nulls_last())
    )
    return [Load(branch, manager, count, total or Decimal(0)) for branch, manager, count, total in db.exec(rows).all()]


def read_staff(db: Session, path: Path) -> dict[str, list[str]]:
    """The managers of each branch from a list with 网点 and 客户经理; raises Refused with every bad row."""
    known = set(db.exec(select(Branch.name)).all())
    staff: dict[str, list[str]] = {}
    refusals: list[Refusal] = []
    with list_file.rows(path, STAFF_LIST) as rows:
        for line, cells in rows:
            values, wrong = STAFF_LIST.read(line, cells)
            if not wrong and (branch := values["branch"]) not in known:
                near = get_close_matches(branch, known, n=1) or ["outreach branches list列出的名称"]
                wrong = [STAFF_LIST.refusal(line, "branch", branch, f"没有网点{branch}", f"应为{near[0]}")]
            refusals += wrong
            if not wrong and values["manager"] not in staff.setdefault(values["branch"], []):
                staff[values["branch"]].append(values["manager"])
    if refusals:
        raise Refused([Problem(path.name, one.line, one.field, one.problem, one.fix) for one in refusals])
    if not staff:
        raise refused(path, "rows", "names no manager", "a row with 网点 and 客户经理 on each line below the headers")
    return staff


def plan(db: Session, most: int, staff: Mapping[str, Sequence[str]] | None = None) -> Iterator[BranchPlan]:
    """Work out the assignment branch by branch; nothing is changed. Customers without a branch are left alone.

    `staff` names the managers of each branch; where it says nothing, they are those whom its customers have now.
    """
    for branch in db.exec(select(Branch).order_by(col(Branch.name))).all():
        clients = _clients(db, branch.id)
        known = sorted({client.manager for client in clients if client.manager})
        managers = (staff or {}).get(branch.name, known)
        if clients:
            yield BranchPlan(branch.name, assignment.assign(clients, managers, most))


def apply(sessions: Sessions, plans: Sequence[BranchPlan], by: str, now: datetime) -> int:
    """Give the customers their new managers; how many changed. In batches, each whole: doing it again changes nothing."""
    changed = 0
    for one in plans:
        for batch in batched(one.assigned.changes.items(), BATCH):
            with sessions.begin() as db:
                ids, managers = zip(*batch, strict=True)
                changed += (
                    db.connection().execute(text(CHANGE), {"ids": list(ids), "managers": list(managers)}).rowcount
                )
                details = {"branch": one.branch, "customers": len(batch)}
                db.add(AuditEntry(at=now, who=by, verb="managers_assigned", details=details))
    return changed


def _clients(db: Session, branch: UUID) -> list[Client]:
    rows = (
        select(Customer.id, Customer.manager, func.coalesce(Account.deposits, 0))
        .join(Account, col(Account.customer_id) == col(Customer.id), isouter=True)
        .where(Customer.branch_id == branch, col(Customer.erased_at).is_(None))
    )
    return [Client(*row) for row in db.exec(rows).all()]


def _named(cell: str) -> str:
    name = read_text(cell)
    if name is None:
        raise BadCell("为空", "填写名称")
    return name


STAFF_LIST = Columns(
    headers={"网点": "branch", "客户经理": "manager"},
    readers={"branch": _named, "manager": _named},
    required=("branch", "manager"),
    most_rows=100_000,
)
