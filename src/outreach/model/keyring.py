"""Which keys the store was written with, and changing them: new rows take the newest, older rows are sealed anew in batches.

The store knows its keys by fingerprint, so a wrong one is noticed before it reads or writes. What numbers are found by is
kept beside the newest key, sealed with it: the key before can be forgotten, and the hashes stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, col, select

from outreach.explained import Explained
from outreach.model.customer import Customer
from outreach.model.database import Sessions, database_now
from outreach.model.machine import DataKey
from outreach.model.sealing import (
    FINDERS,
    FIRST_KEY,
    PURPOSE,
    SECRET,
    SOUND,
    Sealer,
    finder_of,
    fingerprint,
)

BATCH = 1000
NIL = UUID(int=0)
LOCK = "keys"


class WrongKey(Explained):
    """The store was written with another key."""


@dataclass(frozen=True)
class _Column:
    table: str
    name: str
    purpose: bytes


SEALED = (
    _Column("customer", "phone_sealed", PURPOSE),
    _Column("recording", "sound", SOUND),
    _Column("staff_member", "secret_sealed", SECRET),
)
HASHED = ("customer", "suppression", "message")
"""Tables with a `phone_hash`."""


def read(db: Session, current: bytes, previous: bytes | None = None) -> Sealer:
    """The sealer of this store; raises WrongKey when neither key is its newest, or one that still is needed is missing."""
    try:
        rows = list(db.exec(select(DataKey).order_by(col(DataKey.id))).all())
    except ProgrammingError:  # before the first migration there is nothing that could have been sealed
        return Sealer(current)
    if not rows:
        return Sealer(current)
    given = {fingerprint(key): key for key in (previous, current) if key}
    held = {row.id: given[row.fingerprint] for row in rows if row.fingerprint in given}
    newest = rows[-1]
    if missing := [row for row in rows if row.id not in held and (row is newest or row.retired_at is None)]:
        needed = "、".join(f"key {row.id} (since {row.since:%Y-%m-%d}, {_name(row.fingerprint)})" for row in missing)
        raise WrongKey(
            f"this store was written with {needed}, and OUTREACH_DATA_KEY is {_name(fingerprint(current))}; give that key "
            "in OUTREACH_DATA_KEY, or in OUTREACH_DATA_KEY_PREVIOUS while a new one is brought in"
        )
    key = held.pop(newest.id)
    if newest.finders is None:
        return Sealer(key, newest.id, held)
    return Sealer(key, newest.id, held, Sealer(key, newest.id).open_finders(newest.finders))


def enter_first(db: Session, current: bytes) -> None:
    """Note the first key of a store that has none noted; raises WrongKey when it does not open what is sealed already."""
    if db.exec(select(DataKey.id)).first() is not None:
        return
    sample = db.exec(select(Customer.phone_sealed).where(col(Customer.phone_sealed).is_not(None)).limit(1)).first()
    if sample:
        try:
            Sealer(current).open(sample)
        except InvalidTag:
            raise WrongKey(
                "OUTREACH_DATA_KEY does not open the numbers in this store; give the key they were sealed with"
            ) from None
    db.add(DataKey(id=FIRST_KEY, fingerprint=fingerprint(current), since=database_now(db)))
    db.flush()


def enter(db: Session, current: bytes, previous: bytes | None) -> Sealer:
    """Make the current key the one that new rows are sealed with; the one before has to be given, too."""
    db.execute(text("LOCK TABLE data_key IN EXCLUSIVE MODE"))
    enter_first(db, previous or current)
    before = read(db, current, previous)
    known = db.exec(select(DataKey).where(DataKey.fingerprint == fingerprint(current))).first()
    if known is not None:
        return before
    next_id = before.key_id + 1
    made = Sealer(current, next_id, finders=before.finders)
    db.add(DataKey(id=next_id, fingerprint=fingerprint(current), finders=made.seal_finders(), since=database_now(db)))
    db.flush()
    return read(db, current, previous)


def seal_anew(sessions: Sessions, sealer: Sealer) -> Iterator[tuple[str, int]]:
    """Seal with the newest key whatever an older one sealed, some rows a transaction; gives (column, rows) as it goes.

    It can be broken off and begun again: what is done is passed over.
    """
    for column in SEALED:
        last, name = NIL, f"{column.table}.{column.name}"
        while True:
            with sessions.begin() as db:
                rows = db.execute(
                    text(
                        f"SELECT id, {column.name} FROM {column.table} WHERE id > :last AND {column.name} IS NOT NULL "  # noqa: S608 - names of ours
                        f"AND get_byte({column.name}, 0) <> :newest ORDER BY id LIMIT :batch FOR UPDATE"
                    ),
                    {"last": last, "newest": sealer.key_id, "batch": BATCH},
                ).all()
                if not rows:
                    break
                anew = [{"row": id_, "sealed": sealer.seal_anew(bytes(old), column.purpose)} for id_, old in rows]
                db.execute(
                    text(f"UPDATE {column.table} SET {column.name} = :sealed WHERE id = :row"),  # noqa: S608 - names of ours
                    anew,
                )
                last = rows[-1][0]
            yield name, len(rows)


def sealed_with(db: Session) -> dict[str, dict[int, int]]:
    """How many rows each key sealed, by column."""
    counted: dict[str, dict[int, int]] = {}
    for column in SEALED:
        by_key = text(
            f"SELECT get_byte({column.name}, 0), count(*) FROM {column.table} WHERE {column.name} IS NOT NULL GROUP BY 1"  # noqa: S608 - names of ours
        )
        counted[f"{column.table}.{column.name}"] = {int(key): int(rows) for key, rows in db.execute(by_key).all()}
    return counted


def retire(db: Session, sealer: Sealer) -> list[int]:
    """Let go of every key but the newest that sealed nothing that is left; which are retired now."""
    used = {key for keys in sealed_with(db).values() for key in keys}
    now, retired = database_now(db), []
    for row in db.exec(select(DataKey).where(DataKey.id != sealer.key_id)).all():
        if row.id not in used:
            row.retired_at = row.retired_at or now
            retired.append(row.id)
            db.add(row)
        elif row.retired_at is not None:  # a process that had not been started anew sealed with it once more
            row.retired_at = None
            db.add(row)
    return retired


def hash_anew(db: Session, key: bytes, sealer: Sealer) -> int:
    """Lay a hash under a new key over every hash that numbers are found by; how many there were.

    Numbers of erased customers are known by their hash alone, so the new hash is made from the old one. Nobody else may
    be at work: a process that finds by the old hash would miss a refusal. All or nothing.
    """
    finder = finder_of(key)
    inner, outer = (bytes(byte ^ pad for byte in finder.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    db.execute(text("SET LOCAL statement_timeout = 0"))
    hashed = 0
    for table in HASHED:
        # HMAC (RFC 2104) with the database's own sha256: no number and no row leaves it.
        made = text(
            f"UPDATE {table} SET phone_hash = sha256(:outer || sha256(:inner || phone_hash)) WHERE phone_hash IS NOT NULL"  # noqa: S608 - names of ours
        ).bindparams(bindparam("outer", outer), bindparam("inner", inner))
        hashed += db.execute(made).rowcount  # type: ignore[attr-defined]
    row = db.get_one(DataKey, sealer.key_id)
    row.finders = Sealer(key, sealer.key_id, finders=(*sealer.finders, finder)).seal_finders()
    db.add(row)
    return hashed


def others(db: Session) -> int:
    """How many other connections the product has to this store."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend' AND application_name = 'outreach'"
    )
    return int(db.execute(asked).scalar_one())


def _name(mark: bytes) -> str:
    """Enough of a fingerprint for people to tell keys apart."""
    return hashlib.sha256(mark).hexdigest()[:8]


__all__ = [
    "FINDERS",
    "WrongKey",
    "enter",
    "enter_first",
    "hash_anew",
    "others",
    "read",
    "retire",
    "seal_anew",
    "sealed_with",
]
