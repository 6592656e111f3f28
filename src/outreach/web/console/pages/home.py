"""Where everybody begins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.staff.permissions import Permission
from outreach.web.console import navigation
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For

router = APIRouter()


@router.get("/")
def begin(desk: Annotated[Desk, For(Permission.USE_CONSOLE)]) -> Response:
    """Lead to the first page of the role."""
    return desk.go(navigation.first(desk.person))
