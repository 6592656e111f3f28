"""Who may use the console: accounts added, changed, disabled, begun anew, and signed out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session, col, select

from outreach.clock import machine_now
from outreach.model import Branch, Role, StaffMember
from outreach.staff import accounts, links, sessions
from outreach.staff.accounts import NotAnAccount
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Sent, Short, Why

router = APIRouter()

OWN = NotAnAccount("own", "nobody changes their own account; ask another administrator")

Act = Callable[[Session, StaffMember, datetime], str | None]
"""Changes an account, and gives the token of its new link where there is one."""


@dataclass(frozen=True)
class NewAccount:
    """Who is to use the console."""

    login: str = ""
    name: str = ""
    role: Role = Role.AGENT
    branch: str | None = None
    oidc: bool = False
    """They sign in elsewhere, and need no link."""


@dataclass(frozen=True)
class Change:
    """Another role, another branch, and why."""

    role: Role
    why: Short
    branch: str | None = None


@router.get("/staff")
def show(desk: Annotated[Desk, For(Permission.MANAGE_STAFF)]) -> Response:
    """Every account, and the form for another one."""
    return _list(desk, NewAccount())


@router.post("/staff")
def add(desk: Annotated[Desk, For(Permission.MANAGE_STAFF)], new: Annotated[NewAccount, Sent(NewAccount)]) -> Response:
    """Add an account and show its link, this once."""
    now = machine_now()
    try:
        with desk.runtime.sessions.begin() as db:
            member = accounts.add(db, new.login, new.name, new.role, new.branch, desk.person.login, now)
            token = None if new.oidc else links.make(db, member, now)
    except NotAnAccount as problem:
        return _list(desk, new, problem)
    return _one(desk, member.id, token=token, added=True)


@router.get("/staff/{staff_id}")
def show_one(desk: Annotated[Desk, For(Permission.MANAGE_STAFF)], staff_id: UUID) -> Response:
    """One account, where it is signed in, and what can be done about it."""
    return _one(desk, staff_id)


@router.post("/staff/{staff_id}/role")
def change(
    desk: Annotated[Desk, For(Permission.MANAGE_STAFF)], staff_id: UUID, said: Annotated[Change, Sent(Change)]
) -> Response:
    """Give another role or branch."""
    by = desk.person.login
    return _act(
        desk, staff_id, "account_changed",
        lambda db, member, now: accounts.change(db, member, said.role, said.branch, by, said.why, now),
    )  # fmt: skip


@router.post("/staff/{staff_id}/disabling")
def disable(
    desk: Annotated[Desk, For(Permission.MANAGE_STAFF)], staff_id: UUID, said: Annotated[Why, Sent(Why)]
) -> Response:
    """Let nobody in with it any more."""
    return _act(
        desk, staff_id, "account_disabled",
        lambda db, member, now: accounts.disable(db, member, desk.person.login, said.why, now),
    )  # fmt: skip


@router.post("/staff/{staff_id}/reset")
def reset(
    desk: Annotated[Desk, For(Permission.MANAGE_STAFF)], staff_id: UUID, said: Annotated[Why, Sent(Why)]
) -> Response:
    """Forget password and second factor, and show a new link, this once."""
    return _act(
        desk, staff_id, "", lambda db, member, now: accounts.reset(db, member, desk.person.login, said.why, now)
    )


@router.post("/staff/{staff_id}/sessions/end")
def sign_out(
    desk: Annotated[Desk, For(Permission.MANAGE_STAFF)], staff_id: UUID, said: Annotated[Why, Sent(Why)]
) -> Response:
    """Sign somebody out wherever they are signed in."""
    return _act(
        desk, staff_id, "account_signed_out",
        lambda db, member, now: accounts.sign_out(db, member, desk.person.login, said.why, now),
    )  # fmt: skip


def _act(desk: Desk, staff_id: UUID, done: str, act: Act) -> Response:
    """Do it to somebody else's account: whoever changes their own could lock the last administrator out."""
    if staff_id == desk.person.id:
        return _one(desk, staff_id, problem=OWN)
    try:
        with desk.runtime.sessions.begin() as db:
            token = act(db, _member(db, staff_id), machine_now())
    except NotAnAccount as problem:
        return _one(desk, staff_id, problem=problem)
    return _one(desk, staff_id, token=token) if token else desk.go(f"/staff/{staff_id}", done=done)


def _list(desk: Desk, typed: NewAccount, problem: NotAnAccount | None = None) -> Response:
    with desk.runtime.sessions.reading() as db:
        known = accounts.every(db)
        branches = _branches(db)
    return desk.page(
        "staff.html", 422 if problem else 200, members=known, branches=branches, roles=list(Role), typed=typed,
        problem=problem,
    )  # fmt: skip


def _one(
    desk: Desk, staff_id: UUID, *, token: str | None = None, added: bool = False, problem: NotAnAccount | None = None
) -> Response:
    with desk.runtime.sessions.reading() as db:
        member = _member(db, staff_id)
        branches = _branches(db)
        standing = sessions.standing(db, staff_id, machine_now())
    welcome = f"{desk.runtime.settings.console_url}/welcome/{token}" if token else ""
    return desk.page(
        "staff_member.html", 409 if problem else 200, member=member, branches=branches, roles=list(Role),
        standing=standing, welcome=welcome, added=added, problem=problem, hours=links.GOOD_FOR.total_seconds() / 3600,
    )  # fmt: skip


def _member(db: Session, staff_id: UUID) -> StaffMember:
    member = db.get(StaffMember, staff_id)
    if member is None:
        raise NotThere
    return member


def _branches(db: Session) -> dict[UUID, str]:
    return {one.id: one.name for one in db.exec(select(Branch).order_by(col(Branch.name))).all()}
