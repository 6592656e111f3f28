"""All scripts: what is in use, what waits for approval, and what a folder holds that nobody proposed yet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.campaigns import script_shelf
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For

router = APIRouter()


@router.get("/scripts")
def show(desk: Annotated[Desk, For(Permission.READ_SCRIPTS)]) -> Response:
    """Those of which a version waits first."""
    with desk.runtime.sessions.reading() as db:
        shelf = script_shelf.every(db, desk.runtime.house.bank)
    return desk.page("scripts.html", shelf=sorted(shelf, key=lambda one: not one.waiting))
