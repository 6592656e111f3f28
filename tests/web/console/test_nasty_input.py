"""Nothing fails on what a form, a query or an address holds; each says what would be right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from http import HTTPStatus
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select

from outreach.campaigns import publication
from outreach.model import Campaign, Message, SamplingPlan, Side, StaffMember, Stop, TaskKind
from outreach.staff.person import Person
from outreach.web import bank_door
from outreach.web.console.safety import OPERATORS
from tests.campaigns import engine
from tests.web.console.talks import listed
from tests.web.console.test_permissions import flat
from tests.web.console.work import BOOKS, staged, talk, the_task, visits_of

LONG = "很" * 10_000
LONGEST_QUERY = 5_000
NASTY: Mapping[object, tuple[str, ...]] = {
    str: ("a\0b\x1b[31m", LONG, "'; --"),
    int: ("-1", "99999", str(2**31), "9" * 300, "a\0b"),
    float: ("nan", "inf", "1e308", "a\0b"),
    date: ("0001-01-01", "9999-12-31", "9" * 15),
    datetime: ("0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-14:00", "9" * 15),
    time: ("00:00", "23:59:59.999999+14:00"),
    UUID: (str(UUID(int=0)), "a\0b"),
    bool: ("perhaps",),
    Enum: ("a\0b",),
}  # fmt: skip
FITTING: Mapping[object, str] = {
    str: "words", int: "0", float: "5", date: "2026-11-27", datetime: "2026-11-27T15:00", time: "10:00",
    UUID: str(UUID(int=1)), bool: "true",
}  # fmt: skip
PATHS = ("a%00b", "x" * 5_000, "%ff")
INSIDE: Mapping[str, tuple[str, Sequence[str]]] = {
    "/views": ("query", ("q=a%00b&since=9999-12-31",)),
    "/campaigns": (
        "text",
        ("a: [", "a: \\x00", "name: a\npace: 1e999\nstart: 9999-12-31\nend: 0001-01-01", "- " * 5_000, "start: 2026-02-30",
         "pace: " + "9" * 5_000),
    ),
    "/scripts/{script}/trial": (
        "talk",
        ("[", "null", "9" * 5_000, *(
            f'{{"version": "{{version_id}}", "channel": "sms", "variant": "{variant}", "began": "{began}", "did": [{{"words": "a\\u0000b"}}]}}'
            for variant, began in (("a", "9999-12-31T00:00:00Z"), ("a", "0001-01-01T00:00:00"), ("a\\u0000", "2026-11-24T09:30:00Z"))
        )),
    ),
}  # fmt: skip
"""What is wrong within a field that holds a document of its own."""
LAST = ("lift", "finish", "rejection", "/end", "erase", "disabling", "account/sessions/end", "sign-out")
"""Acts after which others would find nothing to do, the last of them last."""


@pytest.fixture
def everybody(product, signed_in, monkeypatch):
    """A browser of somebody who may do everything, and the ids of one of each thing."""
    monkeypatch.setattr(Person, "may", lambda _person, _permission: True)
    stage = staged(product)
    comes, asks = talk(stage, *BOOKS), talk(stage, "转人工", phone="+8613800138001", card_tail="6613")
    listed(product)
    client, _ = signed_in("compliance"), signed_in("agent")
    assert client.post("/campaigns", data={"text": engine.FILE}).status_code == 303
    assert client.post("/operations/stops", data={"scope": "all", "why": "a test"}).status_code == 303
    assert client.post("/review/plans", data={"share": 100, "reviewers": "compliance.one"}).status_code == 303
    with product.sessions.reading() as db:
        version = publication.published(db, "card_activation")
        colleague = db.exec(select(StaffMember).where(StaffMember.login == "agent.one")).one()
        heard = db.exec(select(Message).where(Message.conversation_id == comes, Message.side == Side.CUSTOMER)).first()
        ids = {
            "conversation_id": comes, "message_id": heard.id, "customer_id": heard.customer_id,
            "staff_id": colleague.id, "task_id": the_task(product, TaskKind.HANDOVER, asks).id,
            "plan_id": db.exec(select(SamplingPlan)).one().id, "stop_id": db.exec(select(Stop)).one().id,
            "visit_id": visits_of(product, comes)[0].id, "campaign_id": db.exec(select(Campaign)).one().id,
            "script": "card_activation", "form": "csv", "call_id": uuid4(), "view_id": uuid4(), "name": "console.css",
            "token": "unknown", "version": version.version, "version_id": version.id,
        }  # fmt: skip
    yield client, ids
    stage.sender.close()


@dataclass(frozen=True)
class Try:
    """One request."""

    method: str
    path: str
    query: Mapping[str, Any]
    form: Mapping[str, Any]

    @property
    def about(self) -> str:
        """The request in short."""
        return f"{self.method} {self.path[:80]} {str(self.query)[:120]} {str(self.form)[:160]}"


def test_no_route_fails_on_what_is_typed(product, everybody):
    client, ids = everybody
    failed, taken = [], Counter()
    for route in sorted(pages(product), key=ending):
        for attempt in attempts(route, ids):
            try:
                answer = client.request(attempt.method, attempt.path, params=attempt.query, data=attempt.form)
            except Exception as problem:  # noqa: BLE001 - whatever it is, the page failed
                failed.append(f"{attempt.about}: {problem!r:.300}")
            else:
                taken[answer.status_code] += 1
                if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    failed.append(f"{attempt.about}: {answer.status_code}")
    assert not failed, "\n".join(failed)
    assert min(taken[status] for status in (200, 303, 404, 422)) > 20, taken  # what was tried came through to the pages


def ending(route: APIRoute) -> int:
    """When to take a route: what ends something comes after what needs it."""
    return max((place for place, act in enumerate(LAST) if route.path.endswith(act)), default=-1)


def pages(product) -> list[APIRoute]:
    found = [one for one in flat(bank_door.build(product).routes) if isinstance(one, APIRoute)]
    return [one for one in found if one.path not in OPERATORS]


def attempts(route: APIRoute, ids: Mapping[str, Any]) -> Iterator[Try]:
    """Each field in turn holds each thing that does not fit it; then each part of the address."""
    (method,) = route.methods
    path = route.path.format(**ids)
    for form in forms(route):
        hints = get_type_hints(form, include_extras=True)
        fitting = {name: fits(hint) for name, hint in hints.items()}
        for name, hint in hints.items():
            for nasty in (*NASTY[kind(hint)], [fitting[name]] * 3):
                if method == "GET":
                    yield Try(method, path, {**fitting, name: nasty[:LONGEST_QUERY]}, {})
                else:
                    yield Try(method, path, {}, {**fitting, name: nasty})
    if method == "POST":
        field, documents = INSIDE.get(route.path, ("", ()))
        for one in documents:
            yield Try(
                method,
                path,
                {},
                {field: one.replace("{version_id}", str(ids["version_id"])), "name": "v", "said": "好"},
            )
    for name in re.findall(r"{(\w+)}", route.path):
        for nasty in PATHS:
            yield Try(method, route.path.format(**{**ids, name: nasty}), {}, {})


def forms(route: APIRoute) -> list[type]:
    """The dataclasses that a route reads its query or its form into."""
    hints = get_type_hints(route.endpoint)
    return [hint for name, hint in hints.items() if is_dataclass(hint) and name not in {"desk", "lobby", "return"}]


def kind(hint: Any) -> object:
    """The type that decides what does not fit."""
    while get_origin(hint) in {Annotated, Union, UnionType, tuple}:
        hint = get_args(hint)[0]
    return Enum if get_origin(hint) is Literal or (isinstance(hint, type) and issubclass(hint, Enum)) else hint


def fits(hint: Any) -> str:
    """Something that the field takes."""
    while get_origin(hint) in {Annotated, Union, UnionType, tuple}:
        hint = get_args(hint)[0]
    return str((get_args(hint) or list(hint))[0]) if kind(hint) is Enum else FITTING[kind(hint)]
