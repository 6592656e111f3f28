"""What is said when a request cannot be carried out. Nothing that was typed is lost: a form comes back with its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from outreach.said import said
from outreach.staff.permissions import Permission
from outreach.staff.person import Person
from outreach.web.console import bounds
from outreach.web.console.desk import NOTHING, Desk, Lobby
from outreach.web.console.safety import SAFE_METHODS


class NotSignedIn(Exception):
    """Nobody is signed in, or the session is over."""


class NotAllowed(Exception):
    """Somebody is signed in whose role does not allow it."""

    def __init__(self, person: Person, permission: Permission) -> None:
        super().__init__(permission)
        self.person = person
        self.permission = permission


class NotThere(Exception):
    """There is no such thing, or none that this person may see; the two are not told apart."""


class TooFast(Exception):
    """More requests than a person makes."""


class NotRead(Exception):
    """Fields of a form or of a query hold what cannot be used: pairs of field and what would be right."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__(fields)
        self.fields = fields


class Overtaken(Exception):
    """Somebody else saved the same thing meanwhile; theirs stands until this person has seen it, on the page `path`.

    `again` are the fields of the form as they have to be then; None where theirs has left nothing to do.
    """

    def __init__(self, by: str, path: str, again: Mapping[str, str] | None) -> None:
        super().__init__(by)
        self.by = by
        self.path = path
        self.again = again


def handle(app: FastAPI) -> None:
    """Say each problem on a page of its own."""
    for problem, answer in ANSWERS.items():
        app.add_exception_handler(problem, answer)


async def _not_signed_in(request: Request, _problem: Exception) -> Response:
    """Lead to the sign-in; a form keeps what was typed, and a page that refreshes itself stays as it is."""
    if request.method not in SAFE_METHODS:
        return await _form_again(request, "session_over", 401)
    if "hx-request" in request.headers:
        return Response(status_code=401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(here, safe='')}", status_code=303)


async def _not_allowed(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, NotAllowed)
    return Desk(request, problem.person).page("problem.html", 403, kind="not_allowed")


async def _not_there(request: Request, _problem: Exception) -> Response:
    """No page has this address, the id is none, or it is nothing that this person may see."""
    return Lobby(request).page("problem.html", 404, kind="not_there")


async def _not_taken(request: Request, problem: Exception) -> Response:
    """The address is right, but not so: a page that only takes forms, say."""
    assert isinstance(problem, HTTPException)
    return Lobby(request).page("problem.html", problem.status_code, kind="not_there")


async def _too_fast(request: Request, _problem: Exception) -> Response:
    answer = Lobby(request).page("problem.html", 429, kind="too_fast")
    answer.headers["Retry-After"] = "60"
    return answer


async def _not_read(request: Request, problem: Exception) -> Response:
    """Name the fields and what would be right."""
    assert isinstance(problem, NotRead)
    if request.method in SAFE_METHODS:
        return Lobby(request).page("problem.html", 422, kind="not_read", fields=problem.fields)
    return await _form_again(request, "not_read", 422, fields=problem.fields)


async def _not_kept(request: Request, _problem: Exception) -> Response:
    """The store refuses a value, or a number or a day is beyond what there is; nothing was changed."""
    return await _not_read(request, NotRead([("", said("something is larger than can be kept"))]))


async def _overtaken(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Overtaken)
    kind = "too_late" if problem.again is None else "overtaken"
    return await _form_again(request, kind, 409, again=problem.again or {}, by=problem.by, back=problem.path)


async def _store_away(request: Request, _problem: Exception) -> Response:
    """The database does not answer; nothing was changed."""
    if request.method in SAFE_METHODS:
        return Lobby(request).page("problem.html", 503, kind="store_away")
    return await _form_again(request, "store_away", 503)


ANSWERS = {
    NotSignedIn: _not_signed_in,
    NotAllowed: _not_allowed,
    NotThere: _not_there,
    NotRead: _not_read,
    DataError: _not_kept,
    OverflowError: _not_kept,
    Overtaken: _overtaken,
    TooFast: _too_fast,
    RequestValidationError: _not_there,
    HTTPException: _not_taken,
    OperationalError: _store_away,
    PoolTimeout: _store_away,
}


async def _form_again(
    request: Request, kind: str, status: int, *, again: Mapping[str, str] = NOTHING, **known: Any
) -> Response:
    """The form as it was sent, to be sent once more, with other values where `again` has some; secrets, ticks and files
    are not repeated.
    """
    form = await request.form()
    typed = [
        (name, bounds.plain(value))
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in NOT_REPEATED and name not in again
    ]
    typed += again.items()
    return Lobby(request).page("again.html", status, kind=kind, typed=typed, carried=CARRIED_FIELDS, **known)


CARRIED_FIELDS = frozenset({"talk", "revision", "seen", "instead_of", "query"})
"""What a page carries for itself, which nobody typed."""
NOT_REPEATED = frozenset({"password", "code", "secret", "seen_theirs"})
"""Secrets, and what has to be said anew each time."""
