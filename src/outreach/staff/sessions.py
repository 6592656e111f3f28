"""Who is signed in: rows that an administrator can end, known by a random token that only the browser holds."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from outreach.model import StaffMember, StaffSession
from outreach.staff.person import Person

IDLE = timedelta(minutes=60)
"""Without a person's request for so long, a session is over (ASVS 7.3.1)."""
ABSOLUTE = timedelta(hours=12)
"""One working day with its breaks; after it everybody signs in again (ASVS 7.3.2)."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last request is kept: not every one writes."""
TOKEN_BYTES = 32


def start(db: Session, staff_id: UUID, address: str, now: datetime, replaces: str | None = None) -> str:
    """Sign somebody in and give their token. A token that was there before, whoever set it, is worth nothing then."""
    if replaces:
        end(db, replaces, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.add(StaffSession(token_hash=hashed(token), staff_id=staff_id, started_at=now, seen_at=now, address=address))
    return token


def find(db: Session, token: str, now: datetime, *, counts: bool = True) -> Person | None:
    """Who holds a token, or None where it is unknown, over, or of a disabled account.

    `counts` says whether a person asked, which keeps the session going, or a page refreshed itself.
    """
    session = db.get(StaffSession, hashed(token))
    if session is None or session.ended_at is not None:
        return None
    if now - session.seen_at > IDLE or now - session.started_at > ABSOLUTE:
        return None
    member = db.get_one(StaffMember, session.staff_id)
    if member.disabled_at is not None:
        return None
    if counts and now - session.seen_at > SEEN_EVERY:
        session.seen_at = now
        db.add(session)
    return Person(member.id, member.login, member.name, member.role, member.branch_id)


def end(db: Session, token: str, now: datetime) -> None:
    """Sign out: the token is worth nothing from now on, wherever a copy of it is."""
    row = db.get(StaffSession, hashed(token))
    if row is not None and row.ended_at is None:
        row.ended_at = now
        db.add(row)


def end_all(db: Session, staff_id: UUID, now: datetime, but: str | None = None) -> None:
    """End every session of somebody, but the one that holds a token."""
    theirs = update(StaffSession).where(col(StaffSession.staff_id) == staff_id, col(StaffSession.ended_at).is_(None))
    if but is not None:
        theirs = theirs.where(col(StaffSession.token_hash) != hashed(but))
    db.execute(theirs.values(ended_at=now))


def standing(db: Session, staff_id: UUID, now: datetime) -> list[StaffSession]:
    """Somebody's sessions that are not over, the latest first."""
    rows = select(StaffSession).where(
        StaffSession.staff_id == staff_id,
        col(StaffSession.ended_at).is_(None),
        StaffSession.seen_at > now - IDLE,
        StaffSession.started_at > now - ABSOLUTE,
    )
    return list(db.exec(rows.order_by(col(StaffSession.started_at).desc())).all())


def hashed(token: str) -> bytes:
    """A token as it is kept: who reads the store cannot sign in with it."""
    return hashlib.sha256(token.encode()).digest()
