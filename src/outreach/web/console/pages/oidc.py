"""Sign in elsewhere: at the bank's own issuer, by OpenID Connect."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from outreach.clock import machine_now
from outreach.staff import oidc, sign_in
from outreach.staff.oidc import Issuer, NotVouched
from outreach.web.console.desk import Lobby
from outreach.web.console.guard import Anybody
from outreach.web.console.problems import NotThere

router = APIRouter()

CALLBACK = "/sign-in/elsewhere/callback"


@router.get("/sign-in/elsewhere")
def begin(lobby: Annotated[Lobby, Anybody()]) -> Response:
    """Send the browser to the issuer; it keeps what has to come back."""
    try:
        url, handshake = oidc.begin(_issuer(lobby))
    except NotVouched as problem:
        return lobby.page("problem.html", 502, kind="issuer_away", said=problem.told)
    answer = RedirectResponse(url, status_code=303)
    lobby.cookies.begin(answer, handshake)
    return answer


@router.get(CALLBACK)
def finish(lobby: Annotated[Lobby, Anybody()]) -> Response:
    """Start a session for the account that the issuer vouches for."""
    runtime = lobby.runtime
    try:
        login = oidc.finish(_issuer(lobby), str(lobby.request.url), lobby.cookies.begun(lobby.request))
    except NotVouched as problem:
        return lobby.page("problem.html", 401, kind="not_vouched", said=problem.told)
    held = lobby.cookies.token(lobby.request)
    token = sign_in.sign_in_vouched(runtime.sessions, machine_now(), login, lobby.address, held)
    if token is None:
        return lobby.page("problem.html", 403, kind="no_account", said=login)
    answer = lobby.go("/")
    lobby.cookies.sign_in(answer, token)
    return answer


def _issuer(lobby: Lobby) -> Issuer:
    settings = lobby.runtime.settings
    if settings.oidc is None:
        raise NotThere
    issuer, client, secret = settings.oidc
    return Issuer(issuer, client, secret, settings.console_url + CALLBACK, settings.oidc_login_claim)
