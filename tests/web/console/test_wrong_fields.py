"""What would be right in a field is said in the language of whoever typed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID, uuid4

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from outreach.model import VisitState
from outreach.said import translated
from outreach.web.console import languages, wrong_fields
from outreach.web.console.reading import Short


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
