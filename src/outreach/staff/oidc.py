"""Let the bank's own issuer say who somebody is: OpenID Connect, authorization code with PKCE.

The issuer vouches for a login; what that login may do is ours (`outreach staff add LOGIN --oidc`).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from outreach.explained import Explained
from outreach.said import said

SCOPE = "openid profile email"
TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
SIGNED_BY = ["RS256", "PS256", "ES256"]
"""Never none, and never a secret that the client shares."""


class NotVouched(Explained):
    """The issuer did not say who this is, or not so that it can be believed."""


@dataclass(frozen=True)
class Issuer:
    """The bank's issuer, and us as its client."""

    issuer: str
    client_id: str
    client_secret: str
    callback: str
    login_claim: str

    def described(self) -> dict[str, Any]:
        """What the issuer says about itself (OpenID Connect Discovery)."""
        described = _get(f"{self.issuer}/.well-known/openid-configuration")
        called = described.get("issuer", "")
        if called.rstrip("/") != self.issuer:
            wrong = said("the issuer at %(issuer)s calls itself %(called)s", issuer=self.issuer, called=called)
            raise NotVouched(wrong)
        return described


def begin(issuer: Issuer) -> tuple[str, str]:
    """Where to send the browser, and what it has to bring back unchanged."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    with _client(issuer) as client:
        url, state = client.create_authorization_url(
            issuer.described()["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
    return url, json.dumps({"state": state, "nonce": nonce, "verifier": verifier}).encode().hex()


def finish(issuer: Issuer, answered: str, handshake: str | None) -> str:
    """The login that the issuer vouches for; raises NotVouched."""
    kept = _kept(handshake)
    brought = {name: values[0] for name, values in parse_qs(urlsplit(answered).query).items()}
    if not kept or not secrets.compare_digest(brought.get("state", ""), kept["state"]):
        raise NotVouched(said("the sign-in began in another browser, or too long ago; begin again"))
    if "code" not in brought:
        why = brought.get("error_description") or brought.get("error") or said("no reason given")
        raise NotVouched(said("the issuer refused: %(why)s", why=why))
    described = issuer.described()
    try:
        with _client(issuer) as client:
            token = client.fetch_token(
                described["token_endpoint"], code=brought["code"], code_verifier=kept["verifier"]
            )
        keys = KeySet.import_key_set(_get(described["jwks_uri"]))  # type: ignore[arg-type]
        claims = jwt.decode(token["id_token"], keys, algorithms=SIGNED_BY).claims
        _registry(issuer, kept["nonce"]).validate(claims)
    except (AuthlibBaseError, JoseError, httpx.HTTPError, KeyError, ValueError) as error:
        raise NotVouched(said("the issuer's word cannot be believed (%(kind)s)", kind=type(error).__name__)) from error
    login = claims.get(issuer.login_claim)
    if not isinstance(login, str) or not login:
        raise NotVouched(said("the issuer gives no %(claim)s; see OUTREACH_OIDC_LOGIN_CLAIM", claim=issuer.login_claim))
    return login.strip().lower()


def _registry(issuer: Issuer, nonce: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer.issuer},
        aud={"essential": True, "value": issuer.client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    )


def _client(issuer: Issuer) -> OAuth2Client:
    return OAuth2Client(
        issuer.client_id, issuer.client_secret, scope=SCOPE, redirect_uri=issuer.callback,
        code_challenge_method="S256", timeout=TIMEOUT_SECONDS,
    )  # fmt: skip


def _kept(handshake: str | None) -> dict[str, str] | None:
    try:
        kept = json.loads(bytes.fromhex(handshake or ""))
    except ValueError:
        return None
    wanted = {"state", "nonce", "verifier"}
    return kept if isinstance(kept, dict) and wanted == kept.keys() else None


def _get(url: str) -> dict[str, Any]:
    try:
        answer = httpx.get(url, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        given = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotVouched(said("%(url)s does not answer (%(kind)s)", url=url, kind=type(error).__name__)) from error
    if not isinstance(given, dict):
        raise NotVouched(said("%(url)s does not answer with an object", url=url))
    return given
