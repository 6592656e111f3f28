"""What every request to the console passes, whatever its page: host, origin, size, and the headers of the answer.

A request that changes something must come from our own pages (Sec-Fetch-Site, or Origin where a browser does not send
that): no other site can post for somebody who is signed in (OWASP ASVS 5.0, 3.5).
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPERATORS = ("/health", "/metrics")
"""Read by machines inside, under whatever name they know the host."""
LARGEST_FORM = 256 * 1024
"""Bytes; a note has some thousand characters."""
LARGEST_BODIES: dict[str, int] = {}
"""Paths that take files, with the most bytes each takes."""

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; media-src 'self';"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class TooLarge(Exception):
    """A body is larger than its page takes."""


class Safety:
    """Refuses what no page of ours sends, and says to the browser what a page may do."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.origin = origin
        port = urlsplit(origin).port
        here = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")} if origin.startswith("http:") else set()
        self.hosts = here | {urlsplit(origin).netloc}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        refusal = self._refusal(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._protect(MutableHeaders(scope=message), nonce)
            await send(message)

        if refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, answer)
            return
        try:
            await self.app(scope, _limited(scope, receive), answer)
        except TooLarge:
            await PlainTextResponse("larger than this page takes", status_code=413)(scope, receive, answer)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        if scope["path"] in OPERATORS:
            return None
        if headers.get("host") not in self.hosts:
            return "this host name is not the console's; see OUTREACH_CONSOLE_URL"
        if scope["method"] in SAFE_METHODS:
            return None
        site = headers.get("sec-fetch-site")
        ours = headers.get("origin") in {f"{urlsplit(self.origin).scheme}://{host}" for host in self.hosts}
        if site == "same-origin" or (site is None and ours):
            return None
        return "this request did not come from a page of the console"

    def _protect(self, headers: MutableHeaders, nonce: str) -> None:
        headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers.setdefault("Cache-Control", "no-store")
        if self.origin.startswith("https:"):
            headers["Strict-Transport-Security"] = "max-age=31536000"


def _limited(scope: Scope, receive: Receive) -> Receive:
    largest = LARGEST_BODIES.get(scope["path"], LARGEST_FORM)
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise TooLarge
        return message

    return limited
