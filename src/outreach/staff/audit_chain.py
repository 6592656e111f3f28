"""Check that nobody changed, removed or slipped in an entry of the audit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

AT_ONCE = 5_000

# The fields as the migration "audit chain" reads them; the hashing is done again here, apart from the database.
ENTRIES = text("""
    SELECT position, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, who, verb,
        coalesce(what::text, '') AS what, why, details::text AS details, previous, hash
    FROM audit_entry WHERE position > :after ORDER BY position LIMIT :most
""")
UNSEALED = text("SELECT count(*) FROM audit_entry WHERE position IS NULL")
FIELDS = ("position", "at", "who", "verb", "what", "why", "details")


@dataclass(frozen=True)
class Verdict:
    """What the check found. Note `head` down elsewhere: only it shows later that the end was not cut off."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""


def verify(db: Session, expected: str | None = None) -> Verdict:
    """Follow the chain from its beginning; `expected` is a head noted earlier, which must still be on it."""
    position, previous, met = 0, b"", expected in {None, ""}
    while batch := db.execute(ENTRIES, {"after": position, "most": AT_ONCE}).mappings().all():
        for entry in batch:
            if entry["position"] != position + 1:
                return Verdict(position, previous.hex(), position + 1, "an entry is missing")
            if bytes(entry["previous"]) != previous:
                return Verdict(position, previous.hex(), position + 1, "does not follow from the entry before it")
            if bytes(entry["hash"]) != sealed(previous, entry):
                return Verdict(position, previous.hex(), position + 1, "was changed")
            position, previous = position + 1, bytes(entry["hash"])
            met = met or previous.hex() == expected
    if db.execute(UNSEALED).scalar_one():
        return Verdict(position, previous.hex(), position + 1, "an entry is outside the chain")
    if not met:
        return Verdict(
            position, previous.hex(), position + 1, f"the chain never had the head {expected}: its end was cut"
        )
    return Verdict(position, previous.hex())


def sealed(previous: bytes, entry: Any) -> bytes:
    """The hash of an entry: SHA-256 over the one before and every field as a netstring."""
    words = bytearray(previous)
    for name in FIELDS:
        field = str(entry[name]).encode()
        words += b"%d:%b," % (len(field), field)
    return hashlib.sha256(words).digest()
