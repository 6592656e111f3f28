"""The second factor: six digits that change every half minute (TOTP, RFC 6238), each taken once."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pyotp
import segno

STEP_SECONDS = 30
DRIFT = (-1, 0, 1)
"""Steps around now whose code is taken: clocks differ, and people type slowly."""


def new_secret() -> str:
    """A secret for an authenticator app, in base32."""
    return pyotp.random_base32()


def address(secret: str, login: str, bank: str) -> str:
    """The otpauth address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=bank)


def drawn(secret: str, login: str, bank: str) -> str:
    """The address as a QR code, an SVG image without styles of its own."""
    out = BytesIO()
    segno.make(address(secret, login, bank), error="m").save(out, kind="svg", scale=5, xmldecl=False, svgclass="qr")
    return out.getvalue().decode()


def counter(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """The time step whose code this is, or None: wrong, too old, or not later than the last one taken."""
    code = "".join(code.split())
    here = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    for step in (here + drift for drift in DRIFT):
        if (after is None or step > after) and app.verify(code, for_time=step * STEP_SECONDS):
            return step
    return None
