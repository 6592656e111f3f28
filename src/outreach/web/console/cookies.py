"""The cookies of the console. Behind https they are bound to the host by the `__Host-` prefix (ASVS 5.0, 3.3).

Browsers refuse that prefix over plain http, which the console speaks on this machine only; the name is plain there.
"""

from __future__ import annotations

from fastapi import Request, Response

SESSION = "outreach_session"
LANGUAGE = "outreach_language"
HANDSHAKE = "outreach_handshake"
YEAR_SECONDS = 365 * 24 * 3600
HANDSHAKE_SECONDS = 600


class Cookies:
    """Reads and sets the cookies of one console."""

    def __init__(self, console_url: str) -> None:
        self.secure = console_url.startswith("https:")

    def name(self, plain: str) -> str:
        """A cookie's name as the browser knows it."""
        return f"__Host-{plain}" if self.secure else plain

    def token(self, request: Request) -> str | None:
        """The session's token."""
        return request.cookies.get(self.name(SESSION))

    def sign_in(self, response: Response, token: str) -> None:
        """Keep a session's token until the browser closes; the store ends it earlier."""
        self._set(response, SESSION, token, None)

    def sign_out(self, response: Response) -> None:
        """Forget the token."""
        self._forget(response, SESSION)

    def speak(self, response: Response, language: str) -> None:
        """Keep the language."""
        self._set(response, LANGUAGE, language, YEAR_SECONDS)

    def language(self, request: Request) -> str | None:
        """The language that was chosen."""
        return request.cookies.get(self.name(LANGUAGE))

    def begin(self, response: Response, handshake: str) -> None:
        """Keep what a sign-in elsewhere (OIDC) has to bring back."""
        self._set(response, HANDSHAKE, handshake, HANDSHAKE_SECONDS)

    def begun(self, request: Request) -> str | None:
        """What a sign-in elsewhere has to bring back."""
        return request.cookies.get(self.name(HANDSHAKE))

    def _set(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            self.name(name), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _forget(self, response: Response, name: str) -> None:
        response.delete_cookie(self.name(name), path="/", secure=self.secure, httponly=True, samesite="lax")
