"""`outreach tasks` and `visits`: what people have to do, and who comes."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import col, select

from outreach.cli import store
from outreach.cli.output import AsJson, print_json, print_table
from outreach.model import Branch, Customer, StaffTask, TaskState, Visit, VisitState

Limit = Annotated[int, typer.Option(min=1, max=10_000)]


def tasks(
    done: Annotated[bool, typer.Option(help="Done ones, too.")] = False, limit: Limit = 100, as_json: AsJson = False
) -> None:
    """List open tasks, the most urgent first."""
    rows = select(StaffTask, Customer).join(Customer, col(Customer.id) == col(StaffTask.customer_id), isouter=True)
    if not done:
        rows = rows.where(StaffTask.state == TaskState.OPEN)
    with store.opened().sessions.reading() as db:
        found = db.exec(rows.order_by(col(StaffTask.due_at).nulls_last()).limit(limit)).all()
    listed = [
        {
            "id": task.id,
            "kind": task.kind,
            "state": task.state,
            "due": task.due_at,
            "customer": customer.name if customer else None,
            "conversation": task.conversation_id,
            "note": task.note,
        }
        for task, customer in found
    ]
    if as_json:
        print_json(listed)
    else:
        columns = ("kind", "state", "due", "customer", "note", "conversation")
        print_table("tasks", columns, [[one[column] for column in columns] for one in listed])


def visits(
    branch: Annotated[str | None, typer.Option(help="Only this branch.")] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List booked visits by day."""
    rows = (
        select(Visit, Customer, Branch)
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .join(Branch, col(Branch.id) == col(Visit.branch_id))
        .where(Visit.state == VisitState.BOOKED)
    )
    if branch:
        rows = rows.where(Branch.name == branch)
    with store.opened().sessions.reading() as db:
        found = db.exec(rows.order_by(col(Visit.date), col(Visit.part), col(Visit.hour)).limit(limit)).all()
    listed = [
        {
            "date": visit.date,
            "part": visit.part,
            "hour": f"{visit.hour:%H:%M}" if visit.hour else None,
            "branch": at.name,
            "customer": customer.name,
            "conversation": visit.conversation_id,
        }
        for visit, customer, at in found
    ]
    if as_json:
        print_json(listed)
    else:
        columns = ("date", "part", "hour", "branch", "customer", "conversation")
        print_table("visits", columns, [[one[column] for column in columns] for one in listed])
