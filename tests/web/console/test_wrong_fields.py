"""What would be right in a field is said in the language of whoever typed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID, uuid4

import pytest
from pydantic import Field, TypeAdapter, ValidationError
from sqlmodel import select

from outreach.model import StaffNote, Tag, VisitState
from outreach.said import translated
from outreach.web.console import bounds, languages, wrong_fields
from outreach.web.console.reading import Short
from tests.web.console.talks import a_talk


@dataclass(frozen=True)
class Everything:
    """A field of each type that the console's forms have."""

    why: Short = "because"
    state: VisitState = VisitState.BOOKED
    span: Literal["day", "week"] = "day"
    branch: UUID | None = None
    day: date | None = None
    due: datetime | None = None
    hour: time | None = None
    version: int = 1
    share: float = 1.0
    flagged: bool = False
    most: Annotated[int, Field(ge=1, le=9)] = 1


WRONG = [
    ({"why": "x"}, "至少写 2 个字"),
    ({"why": "x" * 201}, "最多 200 个字"),
    ({"state": "perhaps"}, "只能是以下之一：'booked'"),
    ({"span": "year"}, "只能是以下之一：'day' or 'week'"),
    ({"branch": "south"}, "没有这一项"),
    ({"day": "soon"}, "要写成日期，如 2026-11-24"),
    ({"day": "2026-02-30"}, "要写成日期，如 2026-11-24"),
    ({"due": "soon"}, "要写成日期和时间，如 2026-11-24T09:30"),
    ({"hour": "25:00"}, "要写成时间，如 09:30"),
    ({"version": "many"}, "要写整数，如 12"),
    ({"share": "half"}, "要写数字，如 12.5"),
    ({"flagged": "perhaps"}, "只能是 yes 或 no"),
    ({"most": "0"}, "不能小于 1"),
    ({"most": "10"}, "不能大于 9"),
]


@pytest.mark.parametrize(("typed", "right"), WRONG, ids=str)
def test_each_kind_of_field_says_what_it_takes(typed, right):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Everything).validate_python(typed)
    ((field, words),) = wrong_fields.explained(caught.value)
    assert field in typed
    assert translated(words, languages.translations(languages.CHINESE).gettext).startswith(right)


def test_a_form_that_cannot_be_read_says_so_in_chinese_and_keeps_what_was_typed(signed_in):
    desk = signed_in("agent")
    answer = desk.post(
        f"/visits/{uuid4()}/move", headers={"Accept-Language": "zh-CN"},
        data={"seen": "booked", "date": "soon", "part": "morning", "why": "客户改期"},
    )  # fmt: skip
    assert (answer.status_code, "要写成日期" in answer.text, "客户改期" in answer.text) == (422, True, True)
    assert "Input should" not in answer.text


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/visits?day=9999-12-31", "takes a day from 2000 to 2099"),
        ("/visits.csv?day=0001-01-01&span=week", "takes a day from 2000 to 2099"),
        ("/conversations?until=9999-12-31", "takes a day from 2000 to 2099"),
        ("/conversations?version=99999999999", "has to be 2147483647 or less"),
        ("/conversations?rating=99999", "has to be 5 or less"),
        ("/conversations?channel=pigeon", "takes one of"),
    ],
)  # fmt: skip
def test_days_and_numbers_beyond_all_bounds_are_named(signed_in, path, right):
    answer = signed_in("agent").get(path)
    assert (answer.status_code, right in answer.text) == (422, True)


def test_control_characters_are_left_out_of_what_is_typed(product, signed_in):
    conversation, desk = a_talk(product), signed_in("reviewer")
    typed = {"revision": 0, "note": "one\0 two\x1b\r\nthree", "tags": "a\0b"}
    assert desk.post(f"/conversations/{conversation}/review", data=typed).status_code == 303
    with product.sessions.reading() as db:
        assert db.exec(select(StaffNote.words)).one() == "one two\r\nthree"
        assert db.exec(select(Tag.tag)).one() == "ab"


def test_a_sign_in_with_a_nul_is_only_wrong(visitor):
    typed = {"login": "a\0b", "password": "seven quiet herons", "code": "123456"}
    assert visitor.post("/sign-in", data=typed).status_code == 401


def test_an_address_with_a_nul_is_no_page(signed_in):
    assert signed_in("reviewer").get("/scripts/a%00b").status_code == 404


def test_what_the_store_refuses_is_no_failure_and_keeps_the_form(signed_in, monkeypatch):
    """The last net: bounds that a field lacks."""
    monkeypatch.setattr(bounds, "plain", lambda text: text)
    answer = signed_in("agent").post("/views", data={"name": "a\0b", "query": "q=words"})
    assert (answer.status_code, "q=words" in answer.text) == (422, True)
    assert "Content-Security-Policy" in answer.headers
