"""One's own account: who one is here, what one may do, and where one is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.clock import machine_now
from outreach.model import Branch
from outreach.staff import sessions
from outreach.staff.permissions import MATRIX, Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For

router = APIRouter()


@router.get("/account")
def show(desk: Annotated[Desk, For(Permission.USE_CONSOLE)]) -> Response:
    """Name, role, permissions, sessions."""
    with desk.runtime.sessions.reading() as db:
        branch = db.get(Branch, desk.person.branch_id) if desk.person.branch_id else None
        standing = sessions.standing(db, desk.person.id, machine_now())
    return desk.page(
        "account.html", branch=branch, standing=standing, permissions=[one for one in MATRIX if desk.person.may(one)],
        here=sessions.hashed(desk.cookies.token(desk.request) or ""),
    )  # fmt: skip


@router.post("/account/sessions/end")
def end_others(desk: Annotated[Desk, For(Permission.USE_CONSOLE)]) -> Response:
    """Sign out everywhere else."""
    here = desk.cookies.token(desk.request) or ""
    with desk.runtime.sessions.begin() as db:
        sessions.end_all(db, desk.person.id, machine_now(), but=here)
        desk.note(db, "sessions_ended", desk.person.id)
    return desk.go("/account", done="sessions_ended")
