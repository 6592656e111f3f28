"""Set up an account by its one-time link: a password, and an authenticator app as the second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from outreach.clock import machine_now
from outreach.model import StaffMember
from outreach.staff import accounts, links, passwords, second_factor
from outreach.web.console.desk import Lobby
from outreach.web.console.guard import Anybody
from outreach.web.console.reading import Sent

router = APIRouter()


@dataclass(frozen=True)
class Chosen:
    """A new password, and the proof that the app has the secret."""

    secret: str
    password: str = ""
    repeated: str = ""
    code: str = ""


@router.get("/welcome/{token}")
def ask(lobby: Annotated[Lobby, Anybody()], token: str) -> Response:
    """The form, with a fresh secret to be read by the app."""
    with lobby.runtime.sessions.reading() as db:
        found = links.find(db, token, machine_now(), sample=False)
    if found is None:
        return lobby.page("problem.html", 404, kind="link_over")
    return _form(lobby, token, found[1], second_factor.new_secret())


@router.post("/welcome/{token}")
def set_up(lobby: Annotated[Lobby, Anybody()], token: str, chosen: Annotated[Chosen, Sent(Chosen)]) -> Response:
    """Keep both, and use the link up."""
    with lobby.runtime.sessions.begin() as db:
        member, problem = accounts.set_up(
            db, lobby.runtime.sealer, token, chosen.password, chosen.secret, chosen.code, machine_now(),
            repeated=chosen.repeated,
        )  # fmt: skip
    if member is None:
        return lobby.page("problem.html", 404, kind="link_over")
    if problem:
        return _form(lobby, token, member, chosen.secret, problem)
    return lobby.go("/sign-in", done="set_up")


def _form(lobby: Lobby, token: str, member: StaffMember, secret: str, problem: str | None = None) -> Response:
    picture = second_factor.drawn(secret, member.login, lobby.runtime.house.bank.name)
    return lobby.page(
        "welcome.html", 422 if problem else 200, token=token, member=member, secret=secret, problem=problem,
        picture=Markup(picture),  # noqa: S704 - drawn by us, from a secret in base32 and a login of known letters
        fewest=passwords.FEWEST_CHARACTERS,
    )  # fmt: skip
