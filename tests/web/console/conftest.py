"""A console on an empty store, and somebody of each role to sign in as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from outreach import runtime
from outreach.clock import machine_now
from outreach.model import Role, StaffMember
from outreach.queue import NoQueue
from outreach.runtime import Runtime
from outreach.settings import Settings
from outreach.staff import sessions
from outreach.web import bank_door
from outreach.web.console import guard
from outreach.web.console.cookies import SESSION
from outreach.web.console.pace import Pace

CONSOLE = "http://127.0.0.1:8001"
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}

As = Callable[..., TestClient]


@pytest.fixture
def product(database_url: str, tmp_path: Path, monkeypatch) -> Iterator[Runtime]:
    built = runtime.build(
        Settings(database_url=database_url, data_dir=tmp_path, twilio_api_base="http://127.0.0.1:9", console_port=8001)
    )
    built.__dict__["queue"] = NoQueue()
    for name in ("OF_SESSION", "FROM_ADDRESS"):
        monkeypatch.setattr(guard, name, Pace("100000/minute"))
    yield built
    built.sessions.engine.dispose()


@pytest.fixture
def visitor(product: Runtime) -> Iterator[TestClient]:
    """A browser in which nobody is signed in."""
    with browser(product) as client:
        yield client


@pytest.fixture
def signed_in(product: Runtime) -> As:
    """A browser in which somebody of a role is signed in."""

    def as_role(role: Role | str, **fields) -> TestClient:
        client = browser(product)
        client.cookies.set(SESSION, session_of(product, Role(role), **fields))
        return client

    return as_role


def browser(product: Runtime) -> TestClient:
    return TestClient(
        bank_door.build(product), base_url=CONSOLE, follow_redirects=False, raise_server_exceptions=True,
        headers={**FROM_OUR_PAGE, "Accept-Language": "en"},
    )  # fmt: skip


def session_of(product: Runtime, role: Role, **fields) -> str:
    """The token of a fresh session of somebody with a role."""
    branch_id = fields.get("branch_id")
    if role is Role.BRANCH_MANAGER and branch_id is None:
        fields["branch_id"] = a_branch(product)
    login = fields.pop("login", f"{role}.one")
    now = machine_now()
    with product.sessions.begin() as db:
        from sqlmodel import select

        member = db.exec(select(StaffMember).where(StaffMember.login == login)).first()
        if member is None:
            member = StaffMember(login=login, name=login.replace(".", " ").title(), role=role, created_at=now, **fields)
            db.add(member)
            db.flush()
        return sessions.start(db, member.id, "127.0.0.1", now)


def a_branch(product: Runtime, name: str = "城南支行"):
    from sqlmodel import select

    from outreach.model import Branch

    with product.sessions.begin() as db:
        known = db.exec(select(Branch).where(Branch.name == name)).first()
        if known is None:
            known = Branch(name=name, hours={})
            db.add(known)
            db.flush()
        return known.id
