"""Who may come in: each route of the console names the permission it needs, or says that anybody may.

desk: Annotated[Desk, For(Permission.READ_AUDIT)]
"""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request

from outreach.clock import machine_now
from outreach.staff import sessions
from outreach.staff.permissions import Permission
from outreach.staff.person import Person
from outreach.web.console.cookies import Cookies
from outreach.web.console.desk import Desk, Lobby
from outreach.web.console.pace import Pace
from outreach.web.console.problems import NotAllowed, NotSignedIn, NotThere, TooFast

OF_SESSION = Pace("600/minute")
"""Ten requests a second: nobody clicks like that, and a page that refreshes itself needs one in two seconds."""
FROM_ADDRESS = Pace("120/minute")
"""Of those who are not signed in."""


class Guard:
    """Lets a request pass for somebody who is signed in and has the permission."""

    def __init__(self, permission: Permission, *, counts: bool) -> None:
        self.permission = permission
        self.counts = counts

    def __call__(self, request: Request) -> Desk:
        """The desk of whoever asks."""
        lobby = _lobby(request)
        person = signed_in(lobby, counts=self.counts)
        if person is None:
            raise NotSignedIn
        if not OF_SESSION.allows(person.login):
            raise TooFast
        if not person.may(self.permission):
            raise NotAllowed(person, self.permission)
        return Desk(request, person)


class Porter:
    """Lets anybody pass: for signing in, and for what pages are drawn with."""

    def __call__(self, request: Request) -> Lobby:
        """The lobby."""
        lobby = _lobby(request)
        if not FROM_ADDRESS.allows(lobby.address):
            raise TooFast
        return lobby


def For(permission: Permission, *, counts: bool = True) -> Any:  # noqa: N802 - reads as a type in a signature
    """Only for those with the permission; `counts=False` for what a page asks by itself, which keeps no session going."""
    return Depends(Guard(permission, counts=counts))


def Anybody() -> Any:  # noqa: N802 - as above
    """For those who have not signed in, too."""
    return Depends(Porter())


def _lobby(request: Request) -> Lobby:
    """The lobby of a request; nothing has a name with control characters."""
    if not request.scope["path"].isprintable():
        raise NotThere
    return Lobby(request)


def signed_in(lobby: Lobby, *, counts: bool = True) -> Person | None:
    """Who is signed in on this browser."""
    token = Cookies(lobby.runtime.settings.console_url).token(lobby.request)
    if token is None:
        return None
    with lobby.runtime.sessions.begin() as db:
        return sessions.find(db, token, machine_now(), counts=counts)
