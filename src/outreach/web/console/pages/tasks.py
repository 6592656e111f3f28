"""The work that conversations leave to people: what is open, the most overdue first; what was done."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import col, select

from outreach.conversations import task_list
from outreach.conversations.task_list import TaskFilters
from outreach.model import Branch, TaskKind
from outreach.staff.permissions import Permission
from outreach.web.console import downloads
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.reading import Asked, given
from outreach.web.console.tables import Tables

router = APIRouter()


@router.get("/tasks.{form}")
def export(
    desk: Annotated[Desk, For(Permission.DO_TASKS)], form: str, filters: Annotated[TaskFilters, Asked(TaskFilters)]
) -> Response:
    """All that match, as a file; that they were taken away is in the audit."""
    form = downloads.form_of(form)
    with desk.runtime.sessions.begin() as db:
        every = replace(filters, after=None)
        rows = task_list.find(db, every, desk.person.branch_id, downloads.MOST_ROWS + 1).rows
        downloads.whole(rows)
        desk.note(db, "tasks_exported", asked=given(every), form=form, rows=len(rows))
    return downloads.table(Tables(desk.person, desk.language).tasks(rows), "tasks", form)


@router.get("/tasks")
def search(
    desk: Annotated[Desk, For(Permission.DO_TASKS)], filters: Annotated[TaskFilters, Asked(TaskFilters)]
) -> Response:
    """Tasks that match; staff of a branch see their branch's."""
    now, own = desk.runtime.clock.now(), desk.person.branch_id
    with desk.runtime.sessions.begin() as db:
        desk.note(db, "tasks_listed", asked=given(filters))
        found, counted = task_list.find(db, filters, own), task_list.counted(db, own, now)
        branches = [] if own else db.exec(select(Branch).order_by(col(Branch.name))).all()
    return desk.page(
        "tasks.html", found=found, counted=counted, filters=filters, now=now, kinds=list(TaskKind), branches=branches,
        nobody=task_list.NOBODY,
    )  # fmt: skip
