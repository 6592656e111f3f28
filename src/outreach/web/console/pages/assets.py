"""The files that pages are drawn with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import FileResponse

from outreach.web.console.asset_files import FILES
from outreach.web.console.desk import Lobby
from outreach.web.console.guard import Anybody
from outreach.web.console.problems import NotThere

router = APIRouter()


@router.get("/assets/{name}")
def send_asset(lobby: Annotated[Lobby, Anybody()], name: str) -> FileResponse:  # noqa: ARG001 - it only lets in
    """One file; its address names its content, so it may be kept for ever."""
    if name not in FILES:
        raise NotThere
    return FileResponse(FILES[name], headers={"Cache-Control": "public, max-age=31536000, immutable"})
