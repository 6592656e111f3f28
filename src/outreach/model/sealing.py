"""Phone numbers, recordings and second factors at rest: sealed with AES-256-GCM, numbers found by a keyed hash.

A sealed value is key id (1 byte) · nonce (12 bytes) · ciphertext with tag; the table and column are authenticated
beside it, so a value moved to another column does not open (reliability.md, Security, Data).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FIRST_KEY = 1
NONCE_BYTES = 12
PURPOSE = b"customer.phone"
SOUND = b"recording.sound"
SECRET = b"staff_member.secret"
FINDERS = b"data_key.finders"
FINDER_BYTES = 32


class Sealer:
    """Seals phone numbers, recordings and secrets with one data key, opens what older ones sealed, and finds numbers.

    Numbers are found by HMAC-SHA256 under one key after the other. Changing the data key leaves them alone; a further
    one can be laid over hashes whose numbers nobody knows any more (keys.py).
    """

    def __init__(
        self,
        key: bytes,
        key_id: int = FIRST_KEY,
        older: Mapping[int, bytes] | None = None,
        finders: Sequence[bytes] = (),
    ) -> None:
        self.key_id = key_id
        self.finders = tuple(finders) or (finder_of(key),)
        self._ciphers = {one: AESGCM(_derive(each, b"seal")) for one, each in {**(older or {}), key_id: key}.items()}

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

    def seal_finders(self) -> bytes:
        """Encrypt the keys that numbers are found by, so that whoever has the data key has them, too."""
        return self._sealed(b"".join(self.finders), FINDERS)

    def open_finders(self, sealed: bytes) -> tuple[bytes, ...]:
        """Decrypt the keys that numbers are found by; raises InvalidTag when the key or the value is not ours."""
        joined = self._opened(sealed, FINDERS)
        return tuple(joined[at : at + FINDER_BYTES] for at in range(0, len(joined), FINDER_BYTES))

    def seal_anew(self, sealed: bytes, purpose: bytes) -> bytes:
        """The same value under the newest key; raises InvalidTag when no key of ours opens it."""
        return self._sealed(self._opened(sealed, purpose), purpose)

    def find(self, number: str) -> bytes:
        """The keyed hash a number is looked up by."""
        found = number.encode()
        for key in self.finders:
            found = hmac.new(key, found, hashlib.sha256).digest()
        return found

    def _sealed(self, value: bytes, purpose: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return bytes([self.key_id]) + nonce + self._ciphers[self.key_id].encrypt(nonce, value, purpose)

    def _opened(self, sealed: bytes, purpose: bytes) -> bytes:
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise InvalidTag(f"sealed with key {sealed[0]}, which is not here")
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], purpose)


def fingerprint(key: bytes) -> bytes:
    """What a key is recognised by; says nothing about the key."""
    return _derive(key, b"name")


def finder_of(key: bytes) -> bytes:
    """The key of the hash that numbers are found by, from a data key."""
    return _derive(key, b"find")


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"outreach " + purpose).derive(key)
