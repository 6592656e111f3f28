"""Sign in with a password and a code, or by a link of the demo; sign out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.clock import machine_now
from outreach.staff import sign_in
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk, Lobby
from outreach.web.console.guard import Anybody, For
from outreach.web.console.reading import Asked, Sent

router = APIRouter()

STATUS_OF = {sign_in.WRONG: 401, sign_in.TOO_OFTEN: 429}


@dataclass(frozen=True)
class Next:
    """Where to go afterwards."""

    next: str = "/"


@dataclass(frozen=True)
class Credentials:
    """What somebody types to sign in."""

    login: str = ""
    password: str = ""
    code: str = ""
    next: str = "/"


@router.get("/sign-in")
def ask(lobby: Annotated[Lobby, Anybody()], asked: Annotated[Next, Asked(Next)]) -> Response:
    """The form."""
    return _form(lobby, asked.next)


@router.post("/sign-in")
def enter(lobby: Annotated[Lobby, Anybody()], typed: Annotated[Credentials, Sent(Credentials)]) -> Response:
    """Start a session, with a new token whatever the browser held before."""
    tried = sign_in.sign_in(
        lobby.runtime.sessions, lobby.runtime.sealer, machine_now(), login=typed.login, password=typed.password,
        code=typed.code, address=lobby.address, replaces=lobby.cookies.token(lobby.request),
    )  # fmt: skip
    if tried.token is None:
        return _form(lobby, typed.next, tried.problem, typed.login)
    return _entered(lobby, tried.token, typed.next)


@router.get("/sample/{token}")
def ask_sample(lobby: Annotated[Lobby, Anybody()], token: str) -> Response:
    """A button: what fetches a link to preview it must not sign in."""
    return lobby.page("sample.html", token=token)


@router.post("/sample/{token}")
def enter_as_sample(lobby: Annotated[Lobby, Anybody()], token: str) -> Response:
    """Start a session as a sample role of the demo."""
    held = lobby.cookies.token(lobby.request)
    fresh = sign_in.sign_in_sample(lobby.runtime.sessions, machine_now(), token, lobby.address, held)
    if fresh is None:
        return lobby.page("problem.html", 404, kind="link_over")
    return _entered(lobby, fresh, "/")


@router.post("/sign-out")
def leave(desk: Annotated[Desk, For(Permission.USE_CONSOLE)]) -> Response:
    """End the session."""
    token = desk.cookies.token(desk.request) or ""
    sign_in.sign_out(desk.runtime.sessions, machine_now(), token, desk.person.login)
    answer = desk.go("/sign-in", done="signed_out")
    desk.cookies.sign_out(answer)
    return answer


def own_path(path: str) -> str:
    """A path of the console; anything that could lead elsewhere becomes the beginning."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


def _form(lobby: Lobby, following: str, problem: str | None = None, login: str = "") -> Response:
    return lobby.page(
        "sign_in.html", STATUS_OF.get(problem or "", 200), following=own_path(following), problem=problem, login=login,
        elsewhere=lobby.runtime.settings.oidc is not None,
    )  # fmt: skip


def _entered(lobby: Lobby, token: str, following: str) -> Response:
    answer = lobby.go(own_path(following))
    lobby.cookies.sign_in(answer, token)
    return answer
