"""Links that let somebody in without a password: to set one, once; or, in the demo, to look around as a sample role."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.model import SignInLink, StaffMember
from outreach.staff.sessions import TOKEN_BYTES, hashed

GOOD_FOR = timedelta(hours=24)


def make(db: Session, member: StaffMember, now: datetime, *, sample: bool = False) -> str:
    """A new link's token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.add(SignInLink(token_hash=hashed(token), staff_id=member.id, expires_at=now + GOOD_FOR, sample=sample))
    return token


def find(db: Session, token: str, now: datetime, *, sample: bool) -> tuple[SignInLink, StaffMember] | None:
    """The link and whose it is, or None where it is unknown, used or too old."""
    link = db.get(SignInLink, hashed(token), with_for_update=True)
    if link is None or link.used_at is not None or link.expires_at <= now or link.sample is not sample:
        return None
    member = db.get_one(StaffMember, link.staff_id)
    return (link, member) if member.disabled_at is None else None
