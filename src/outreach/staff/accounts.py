"""Accounts at the console: add, change, disable, and start over with a new link."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.model import AuditEntry, Branch, Role, StaffMember
from outreach.model.sealing import Sealer
from outreach.staff import links, passwords, second_factor, sessions

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
FIRST = "admin"
"""The account that the first start makes."""
WRONG_CODE, NOT_THE_SAME = "wrong_code", "not_the_same"


class NotAnAccount(ValueError):
    """An account cannot be made, changed or found; `kind` is why, and the message says what would be right."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def add(db: Session, login: str, name: str, role: Role, branch: str | None, by: str, now: datetime) -> StaffMember:
    """Add an account that nobody can use yet: its owner sets a password by a link, or signs in elsewhere (OIDC)."""
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise NotAnAccount("login", f"login: {login!r} has to be 2 to 80 of the letters a-z, digits and . _ @ -")
    if db.exec(select(StaffMember).where(StaffMember.login == login)).first():
        raise NotAnAccount("taken", f"login: {login} is taken; see: outreach staff list")
    if not name.strip():
        raise NotAnAccount("name", "name: is empty; write the person's name")
    branch_id = _branch(db, role, branch)
    member = StaffMember(login=login, name=name.strip(), role=role, branch_id=branch_id, created_at=now)
    db.add(member)
    db.flush()
    details = {"login": login, "role": str(role), "branch": branch}
    db.add(AuditEntry(at=now, who=by, verb="account_added", what=member.id, details=details))
    return member


def find(db: Session, login: str) -> StaffMember:
    """The account of a login; raises NotAnAccount."""
    member = db.exec(select(StaffMember).where(StaffMember.login == login.strip().lower())).first()
    if member is None:
        raise NotAnAccount("unknown", f"login: there is no account {login}; see: outreach staff list")
    return member


def every(db: Session) -> list[StaffMember]:
    """Every account, by login."""
    return list(db.exec(select(StaffMember).order_by(col(StaffMember.login))).all())


def change(db: Session, member: StaffMember, role: Role, branch: str | None, by: str, why: str, now: datetime) -> None:
    """Give somebody another role or branch, from their next request on; raises NotAnAccount."""
    before = {"role": str(member.role), "branch": str(member.branch_id or "")}
    member.branch_id, member.role = _branch(db, role, branch), role
    details = {"login": member.login, "before": before, "role": str(role), "branch": branch or ""}
    db.add_all([member, AuditEntry(at=now, who=by, verb="account_changed", what=member.id, why=why, details=details)])


def sign_out(db: Session, member: StaffMember, by: str, why: str, now: datetime) -> None:
    """End every session of somebody; they may sign in again."""
    db.add(AuditEntry(at=now, who=by, verb="sessions_ended", what=member.id, why=why))
    sessions.end_all(db, member.id, now)


def disable(db: Session, member: StaffMember, by: str, why: str, now: datetime) -> None:
    """Let an account in no more; its sessions end at once."""
    member.disabled_at = member.disabled_at or now
    db.add_all([member, AuditEntry(at=now, who=by, verb="account_disabled", what=member.id, why=why)])
    sessions.end_all(db, member.id, now)


def reset(db: Session, member: StaffMember, by: str, why: str, now: datetime) -> str:
    """Forget password and second factor, end the sessions, let a disabled account in again; the new link's token."""
    member.password_hash = member.secret_sealed = member.code_counter = member.disabled_at = None
    db.add_all([member, AuditEntry(at=now, who=by, verb="account_reset", what=member.id, why=why)])
    sessions.end_all(db, member.id, now)
    return links.make(db, member, now)


def set_up(
    db: Session, sealer: Sealer, token: str, password: str, secret: str, code: str, now: datetime, *, repeated: str
) -> tuple[StaffMember | None, str | None]:
    """Set the password and the second factor by a link, which is used up by it; else what is wrong, and nothing is."""
    found = links.find(db, token, now, sample=False)
    if found is None:
        return None, None
    link, member = found
    problem = NOT_THE_SAME if repeated != password else passwords.weakness(password, [member.login, member.name])
    step = second_factor.counter(secret, code, now, None)
    if problem or step is None:
        return member, problem or WRONG_CODE
    link.used_at = now
    member.password_hash = passwords.hashed(password)
    member.secret_sealed, member.code_counter = sealer.seal_secret(secret), step
    db.add_all([link, member, AuditEntry(at=now, who=member.login, verb="account_set_up", what=member.id)])
    return member, None


def first_link(db: Session, now: datetime) -> str | None:
    """The token of a link for the first administrator, or None when somebody can sign in already."""
    if db.exec(select(StaffMember.id).where(col(StaffMember.password_hash).is_not(None)).limit(1)).first():
        return None
    known = db.exec(select(StaffMember).where(StaffMember.login == FIRST)).first()
    if known is None and every(db):
        return None  # an administrator made accounts of their own, for OIDC
    member = known or add(db, FIRST, "Administrator", Role.ADMIN, None, "outreach up", now)
    return links.make(db, member, now)


def _branch(db: Session, role: Role, name: str | None) -> UUID | None:
    """The branch of a name; a branch manager needs one."""
    if name is None:
        if role is Role.BRANCH_MANAGER:
            raise NotAnAccount("branch", "branch: a branch manager needs one; give --branch NAME")
        return None
    branch = db.exec(select(Branch).where(Branch.name == name)).first()
    if branch is None:
        known = "、".join(db.exec(select(Branch.name).order_by(col(Branch.name)).limit(20)).all()) or "none yet"
        raise NotAnAccount("no_branch", f"branch: there is no {name}; there are: {known}")
    return branch.id
