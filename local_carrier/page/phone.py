"""The phone page and its files; what it shows comes from the control API."""

from pathlib import Path

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from local_carrier.control.door import local

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

router = APIRouter(dependencies=[Depends(local)])


@router.get("/")
@router.get("/phones/{number}")
async def page() -> FileResponse:
    """Show the page; its script reads the number from the address."""
    return _file("phone.html", "text/html")


@router.get("/static/phone.css")
async def style() -> FileResponse:
    """Show the one stylesheet."""
    return _file("phone.css", "text/css")


@router.get("/static/phone.js")
async def script() -> FileResponse:
    """Show the script of the list and of the texts."""
    return _file("phone.js", "text/javascript")


@router.get("/static/call.js")
async def call_script() -> FileResponse:
    """Show the script of the calls."""
    return _file("call.js", "text/javascript")


def _file(name: str, kind: str) -> FileResponse:
    return FileResponse(STATIC / name, media_type=kind, headers=HEADERS)
