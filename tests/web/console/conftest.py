"""A console on an empty store, and somebody of each role to sign in as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
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


@pytest.fixture(autouse=True, scope="session")
def no_pace() -> Iterator[None]:
    """Tests ask faster than people; one of them sets a pace of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OF_SESSION", "FROM_ADDRESS"):
            patch.setattr(guard, name, Pace("1000000/minute"))
        yield


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    yield from built(database_url, tmp_path)


@pytest.fixture
def visitor(product: Runtime) -> Iterator[TestClient]:
    """A browser in which nobody is signed in."""
    with browser(product) as client:
        yield client


@pytest.fixture
def signed_in(product: Runtime) -> As:
    """A browser in which somebody of a role is signed in."""
    return partial(as_role, product)


def built(database_url: str, folder: Path) -> Iterator[Runtime]:
    """The product on a store, with nothing running beside it."""
    made = runtime.build(
        Settings(database_url=database_url, data_dir=folder, twilio_api_base="http://127.0.0.1:9", console_port=8001)
    )
    made.__dict__["queue"] = NoQueue()
    yield made
    made.sessions.engine.dispose()


def as_role(product: Runtime, role: Role | str, **fields) -> TestClient:
    """A browser in which somebody of a role is signed in."""
    client = browser(product)
    client.cookies.set(SESSION, session_of(product, Role(role), **fields))
    return client


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
