"""A small OpenID Connect issuer on this machine: it vouches for whoever the test says, by a key of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET, CODE = "outreach", "client-secret", "one-time-code"


@dataclass
class FakeIssuer:
    """What it says of itself, and of whoever signs in."""

    url: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "now"}))
    claims: dict[str, object] = field(default_factory=lambda: {"preferred_username": "li.na"})
    signs_with: RSAKey | None = None
    asked: dict[str, str] = field(default_factory=dict)
    """The query of the last authorization request."""

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Trade the code for an identity, if whoever brings it is who began."""
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if form.get("code") != CODE or proof != self.asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 60, "nonce": self.asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "now"}, said | self.claims, self.signs_with or self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def described(self) -> dict[str, str]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
        }  # fmt: skip

    def visit(self, location: str) -> str:
        """Sign in there, as a browser would, and give the query it comes back with."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        return f"code={CODE}&state={self.asked['state']}"


@contextmanager
def running() -> Iterator[FakeIssuer]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {
                "/.well-known/openid-configuration": issuer.described,
                "/keys": lambda: {"keys": [issuer.key.as_dict(private=False)]},
            }
            self._send(200, pages[self.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*issuer.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _send(self, status: int, said: dict[str, object]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    issuer = FakeIssuer(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield issuer
    server.shutdown()
    server.server_close()
