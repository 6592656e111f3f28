"""Sign in with a password and a second factor; tries are counted, by account and by where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from outreach.model import AuditEntry, Sessions, SignInFailure, StaffMember
from outreach.model.sealing import Sealer
from outreach.staff import links, passwords, second_factor, sessions

COUNTED_FOR = timedelta(minutes=15)
TRIES_OF_ACCOUNT = 5
TRIES_FROM_ADDRESS = 30
"""More than one account's: a branch shares an address."""
WRONG, TOO_OFTEN = "wrong", "too_often"


@dataclass(frozen=True)
class Tried:
    """What came of a try: a session's token, or why not."""

    token: str | None = None
    problem: str | None = None


def sign_in(
    store: Sessions, sealer: Sealer, now: datetime, *, login: str, password: str, code: str, address: str,
    replaces: str | None,
) -> Tried:  # fmt: skip
    """Start a session for whoever knows the password and the code. `now` is machine time."""
    login = login.strip().lower()
    with store.begin() as db:
        # Counted before it is tried: tries at the same moment cannot slip past the limit together.
        if _tried_too_often(db, login, address, now):
            return Tried(problem=TOO_OFTEN)
        failure = SignInFailure(login=login, address=address, at=now)
        db.add(failure)
    with store.begin() as db:
        member = db.exec(select(StaffMember).where(StaffMember.login == login).with_for_update()).first()
        known = passwords.right(password, member.password_hash if member else None)
        if not known or member is None or not _takes_code(member, sealer, code, now) or member.disabled_at is not None:
            db.add(AuditEntry(at=now, who=login[:80], verb="sign_in_refused", what=member.id if member else None))
            return Tried(problem=WRONG)
        db.execute(delete(SignInFailure).where(col(SignInFailure.login) == login))
        db.add_all([member, AuditEntry(at=now, who=login, verb="signed_in", what=member.id)])
        return Tried(token=sessions.start(db, member.id, address, now, replaces))


def sign_in_sample(store: Sessions, now: datetime, token: str, address: str, replaces: str | None) -> str | None:
    """Start a session by a link of the demo; None where the link is not good."""
    with store.begin() as db:
        found = links.find(db, token, now, sample=True)
        if found is None:
            return None
        member = found[1]
        db.add(AuditEntry(at=now, who=member.login, verb="signed_in", what=member.id, details={"by": "sample link"}))
        return sessions.start(db, member.id, address, now, replaces)


def sign_in_vouched(store: Sessions, now: datetime, login: str, address: str, replaces: str | None) -> str | None:
    """Start a session for a login that the bank's issuer vouches for; None where we have no such account."""
    with store.begin() as db:
        member = db.exec(select(StaffMember).where(StaffMember.login == login)).first()
        if member is None or member.disabled_at is not None:
            db.add(AuditEntry(at=now, who=login[:80], verb="sign_in_refused", details={"by": "issuer"}))
            return None
        db.add(AuditEntry(at=now, who=login, verb="signed_in", what=member.id, details={"by": "issuer"}))
        return sessions.start(db, member.id, address, now, replaces)


def sign_out(store: Sessions, now: datetime, token: str, who: str) -> None:
    """End a session."""
    with store.begin() as db:
        sessions.end(db, token, now)
        db.add(AuditEntry(at=now, who=who, verb="signed_out"))


def _takes_code(member: StaffMember, sealer: Sealer, code: str, now: datetime) -> bool:
    """Whether the code is right; a taken one is noted, so that it is not taken again."""
    if member.secret_sealed is None:
        return False
    step = second_factor.counter(sealer.open_secret(member.secret_sealed), code, now, member.code_counter)
    if step is None:
        return False
    member.code_counter = step
    return True


def _tried_too_often(db: Session, login: str, address: str, now: datetime) -> bool:
    since = now - COUNTED_FOR
    db.execute(delete(SignInFailure).where(col(SignInFailure.at) < since))
    counted = select(func.count()).select_from(SignInFailure)
    of_account = db.exec(counted.where(SignInFailure.login == login)).one()
    from_address = db.exec(counted.where(SignInFailure.address == address)).one()
    return of_account >= TRIES_OF_ACCOUNT or from_address >= TRIES_FROM_ADDRESS
