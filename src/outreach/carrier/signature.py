"""The seal on Twilio's callbacks: X-Twilio-Signature."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlsplit

from twilio.request_validator import RequestValidator, add_port, remove_port

type Params = Sequence[tuple[str, str]] | bytes
"""What was posted: the form's pairs in any order, or the body as it came."""

BODY_HASH = "bodySHA256"
MOST_FIELDS = 1000  # a callback has some thirty; the seal must not cost more to check than to forge


def valid(tokens: Sequence[str], url: str, params: Params, header: str | None) -> bool:
    """Decide whether the carrier sealed this request; `url` is the public address it called.

    Several tokens are valid while one replaces another. Whatever cannot be read is not valid.
    """
    try:
        return _sealed(tokens, url.partition("#")[0], params, header or "")
    except Exception:  # noqa: BLE001 - a forger chooses the input; no mistake of ours may let one in or answer a 500
        return False


def sign(token: str, url: str, params: Params = ()) -> str:
    """Seal a request as Twilio does, for tests and for those who play the carrier."""
    address = url.partition("#")[0]
    return _seal(token, address, _Form(_pairs(address, params)))


def _sealed(tokens: Sequence[str], url: str, params: Params, header: str) -> bool:
    if not header:
        return False
    form = _Form(_pairs(url, params))
    parts = urlsplit(url)
    # Twilio signs with or without the port, whichever its version of the day does.
    addresses = dict.fromkeys([url, remove_port(parts), add_port(parts)])
    given = header.encode()
    # An empty token would be a key that everybody has. A seal that fits ends the search: only its maker can learn from that.
    matches = (
        hmac.compare_digest(_seal(token, address, form).encode(), given)
        for token in tokens
        if token
        for address in addresses
    )
    return any(matches) and _body_as_announced(url, params)


def _seal(token: str, url: str, form: _Form) -> str:
    seal: str = RequestValidator(token).compute_signature(url, form)
    return seal


def _pairs(url: str, params: Params) -> Sequence[tuple[str, str]]:
    """List what is sealed beside the address: a form's pairs, and nothing of a body whose hash is in the address."""
    if not isinstance(params, bytes):
        return params
    if _announced(url) is not None:
        return ()
    return parse_qsl(params.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)


def _body_as_announced(url: str, params: Params) -> bool:
    announced = _announced(url)
    if announced is None or not isinstance(params, bytes):
        return True
    return hmac.compare_digest(sha256(params).hexdigest().encode(), announced.lower().encode())


def _announced(url: str) -> str | None:
    return parse_qs(urlsplit(url).query).get(BODY_HASH, [None])[0]


class _Form(dict[str, list[str]]):
    """The form as the SDK wants to read it, with every value of a repeated key."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for key, value in pairs:
            self.setdefault(key, []).append(value)

    def getlist(self, key: str) -> list[str]:
        """List the values of one key."""
        return self[key]
