"""The permission matrix: every route names what it needs, and lets in exactly the roles that have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from outreach.model import Role
from outreach.staff.permissions import MATRIX, Permission
from outreach.web import bank_door
from outreach.web.console.guard import Guard, Porter
from outreach.web.console.safety import OPERATORS

ENDS_THE_SESSION = {"/sign-out"}
"""Everybody may; after it nothing else could be asked."""


@dataclass(frozen=True)
class Asked:
    """A route, a method, and the permission it names; None where anybody may."""

    method: str
    path: str
    permission: Permission | None


def guards(route: APIRoute) -> list[Guard | Porter]:
    found, waiting = [], list(route.dependant.dependencies)
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        if isinstance(one.call, Guard | Porter):
            found.append(one.call)
    return found


def flat(routes) -> Iterator[object]:
    """Every route; FastAPI keeps those of a router behind one entry."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from flat(inner.routes) if inner else [route]


def routes(product) -> Iterator[Asked]:
    for route in flat(bank_door.build(product).routes):
        if getattr(route, "path", "") in OPERATORS:
            continue
        assert isinstance(route, APIRoute), f"{route} is no route of a page"
        named = guards(route)
        assert len(named) == 1, f"{route.path} names {len(named)} permissions; use For(...) or Anybody(), once"
        permission = named[0].permission if isinstance(named[0], Guard) else None
        for method in sorted(route.methods):
            yield Asked(method, re.sub(r"\{[^}]+\}", str(uuid4()), route.path), permission)


def test_every_route_names_its_permission(product):
    assert len(list(routes(product))) > 10


def test_every_permission_has_a_role_and_a_route(product):
    assert set(MATRIX) == set(Permission)
    assert all(MATRIX.values())


@pytest.mark.parametrize("role", list(Role))
def test_a_role_passes_exactly_where_the_matrix_lets_it(product, signed_in, role):
    client = signed_in(role)
    wrong = []
    for asked in routes(product):
        if asked.permission is None:
            continue
        if asked.path in ENDS_THE_SESSION:
            continue
        answered = client.request(asked.method, asked.path).status_code
        let_in = answered != 403
        if let_in != (role in MATRIX[asked.permission]):
            wrong.append((asked.method, asked.path, answered))
    assert wrong == []


def test_nobody_passes_without_signing_in(product, visitor):
    let_in = []
    for asked in routes(product):
        if asked.permission is None:
            continue
        answer = visitor.request(asked.method, asked.path)
        led = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
        if not (led or answer.status_code == 401):
            let_in.append((asked.method, asked.path, answer.status_code))
    assert let_in == []
