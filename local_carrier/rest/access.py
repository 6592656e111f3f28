"""Who may use the REST API, on which account, and how fast."""

import asyncio
import base64
import binascii
import secrets

from fastapi import Request
from starlette.datastructures import FormData

from local_carrier.carrier import Carrier
from local_carrier.refusals import RefusedError
from local_carrier.settings import Settings

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Twilio API"'}


class Pace:
    """A bucket that fills at the allowed rate and holds one second's worth."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._held = per_second
        self._at = 0.0

    def take(self) -> bool:
        """Take one request's worth, if there is one."""
        if not self._per_second:
            return True
        now = asyncio.get_running_loop().time()
        self._held = min(self._per_second, self._held + (now - self._at) * self._per_second)
        self._at = now
        if self._held < 1:
            return False
        self._held -= 1
        return True


async def admit(request: Request) -> Carrier:
    """Let a request in: known credentials, the account they belong to, and not too many a second."""
    carrier: Carrier = request.app.state.carrier
    if not _known(request.headers.get("Authorization", ""), carrier.settings):
        raise RefusedError(20003, headers=CHALLENGE)
    if request.path_params["account_sid"] != carrier.settings.account_sid:
        raise RefusedError(20404, request.url.path)
    pace: Pace = request.app.state.pace
    if not pace.take():
        carrier.counters.turned_down(20429)
        raise RefusedError(20429)
    return carrier


async def read_form(request: Request) -> FormData:
    """Read a form; anything that is not one counts as empty, as on Twilio."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return FormData()
    return await request.form()


def text(form: FormData, key: str) -> str:
    """Read one field; an upload in its place counts as absent."""
    value = form.get(key)
    return value if isinstance(value, str) else ""


def _known(header: str, settings: Settings) -> bool:
    scheme, _, encoded = header.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    pairs = [(settings.account_sid, settings.auth_token)]
    if settings.api_key and settings.api_secret:
        pairs.append((settings.api_key, settings.api_secret))
    given = f"{user}:{password}".encode()
    return scheme.lower() == "basic" and any(secrets.compare_digest(given, f"{u}:{p}".encode()) for u, p in pairs)
