"""Phone numbers, recordings and second factors at rest: sealed with AES-256-GCM, numbers found by a keyed hash.

A sealed value is key id (1 byte) · nonce (12 bytes) · ciphertext with tag; the table and column are authenticated
beside it, so a value moved to another column does not open (reliability.md, Security, Data).
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID = 1
NONCE_BYTES = 12
PURPOSE = b"customer.phone"
SOUND = b"recording.sound"
SECRET = b"staff_member.secret"


class Sealer:
    """Seals phone numbers, recordings and secrets with one data key, and finds numbers."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derive(key, b"seal"))
        self._hash_key = _derive(key, b"find")

    def seal(self, number: str) -> bytes:
        """Encrypt a number; the same number never looks the same twice."""
        return self._sealed(number.encode(), PURPOSE)

    def open(self, sealed: bytes) -> str:
        """Decrypt a number; raises InvalidTag when the key or the value is not ours."""
        return self._opened(sealed, PURPOSE).decode()

    def seal_sound(self, sound: bytes) -> bytes:
        """Encrypt the recording of a call."""
        return self._sealed(sound, SOUND)

    def open_sound(self, sealed: bytes) -> bytes:
        """Decrypt a recording; raises InvalidTag when the key or the value is not ours."""
        return self._opened(sealed, SOUND)

    def seal_secret(self, secret: str) -> bytes:
        """Encrypt the secret of somebody's second factor."""
        return self._sealed(secret.encode(), SECRET)

    def open_secret(self, sealed: bytes) -> str:
        """Decrypt the secret of a second factor; raises InvalidTag when the key or the value is not ours."""
        return self._opened(sealed, SECRET).decode()

    def find(self, number: str) -> bytes:
        """The keyed hash a number is looked up by (HMAC-SHA256)."""
        return hmac.new(self._hash_key, number.encode(), hashlib.sha256).digest()

    def _sealed(self, value: bytes, purpose: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return bytes([KEY_ID]) + nonce + self._cipher.encrypt(nonce, value, purpose)

    def _opened(self, sealed: bytes, purpose: bytes) -> bytes:
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return self._cipher.decrypt(nonce, ciphertext, purpose)


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"outreach " + purpose).derive(key)
