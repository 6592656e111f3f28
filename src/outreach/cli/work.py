"""`outreach tasks` and `visits`: what people have to do, and who comes."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from sqlmodel import select

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, print_json, print_table
from outreach.conversations import task_list, visit_list
from outreach.conversations.task_list import TaskFilters
from outreach.model import Branch

Limit = Annotated[int, typer.Option(min=1, max=10_000)]


def tasks(
    done: Annotated[bool, typer.Option(help="Done ones, too.")] = False, limit: Limit = 100, as_json: AsJson = False
) -> None:
    """List open tasks, the most urgent first."""
    with store.opened().sessions.reading() as db:
        states: tuple[Literal["open", "done"], ...] = ("open", "done") if done else ("open",)
        found = [row for state in states for row in task_list.find(db, TaskFilters(state), None, limit).rows][:limit]
    listed = [
        {
            "id": row.task.id,
            "kind": row.task.kind,
            "state": row.task.state,
            "due": row.task.due_at,
            "owner": row.task.owner,
            "customer": row.customer.name if row.customer else None,
            "conversation": row.task.conversation_id,
            "note": row.task.note,
            "result": row.task.result,
        }
        for row in found
    ]
    if as_json:
        print_json(listed)
    else:
        columns = ("kind", "state", "due", "owner", "customer", "note", "conversation")
        print_table("tasks", columns, [[one[column] for column in columns] for one in listed])


def visits(
    branch: Annotated[str | None, typer.Option(help="Only this branch.")] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List booked visits by day."""
    with store.opened().sessions.reading() as db:
        at = db.exec(select(Branch.id).where(Branch.name == branch)).first() if branch else None
        if branch and at is None:
            raise Stop(f"no branch {branch!r}")
        found = visit_list.booked(db, at, limit)
    listed = [
        {
            "date": row.visit.date,
            "part": row.visit.part,
            "hour": f"{row.visit.hour:%H:%M}" if row.visit.hour else None,
            "branch": row.branch.name,
            "people": row.visit.party_size,
            "customer": row.customer.name,
            "conversation": row.visit.conversation_id,
        }
        for row in found
    ]
    if as_json:
        print_json(listed)
    else:
        columns = ("date", "part", "hour", "branch", "people", "customer", "conversation")
        print_table("visits", columns, [[one[column] for column in columns] for one in listed])
