"""Read what a page was asked for, and what a form sent, into a dataclass; fields left empty count as not given.

    filters: Annotated[AuditFilters, Asked(AuditFilters)]
    review: Annotated[ReviewForm, Sent(ReviewForm)]

A field of a tuple or list takes every value of its name; others take the last one. What any field may hold is in `bounds`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints

from fastapi import Depends, Request
from pydantic import StringConstraints, TypeAdapter, ValidationError

from outreach.web.console import bounds, wrong_fields
from outreach.web.console.problems import NotRead

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
"""A line that somebody typed: a reason, say."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
"""Some sentences; a note."""


@dataclass(frozen=True)
class Why:
    """A reason, for the audit and whoever asks later."""

    why: Short


def Asked(form: type) -> Any:  # noqa: N802 - reads as a type in a signature
    """The fields of the query."""

    def read_query(request: Request) -> Any:
        return _read(form, [(name, bounds.plain(value)) for name, value in request.query_params.multi_items()])

    return Depends(read_query)


def Sent(form: type) -> Any:  # noqa: N802 - as above
    """The fields of the form."""

    async def read_form(request: Request) -> Any:
        return _read(form, await pairs_sent(request))

    return Depends(read_form)


async def pairs_sent(request: Request) -> list[tuple[str, Any]]:
    """The fields of a form as they came, texts without control characters; files are left as they are."""
    return [
        (name, bounds.plain(value) if isinstance(value, str) else value)
        for name, value in (await request.form()).multi_items()
    ]


WORDS_SOUGHT = "q"
"""A field with what customers said, perhaps their names or numbers: the audit holds that there were such words, not which."""


def given(asked: Any) -> dict[str, str]:
    """What was asked for as the audit keeps it: the fields that are not as they are without a wish."""
    wishes = {one.name: getattr(asked, one.name) for one in fields(asked) if getattr(asked, one.name) != one.default}
    return {name: "yes" if name == WORDS_SOUGHT else str(wish) for name, wish in wishes.items()}


def _read(form: type, items: Iterable[tuple[str, Any]]) -> Any:
    given: dict[str, Any] = {}
    many = _fields_of_many(form)
    for name, value in items:
        if value == "":
            continue
        if name in many:
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    try:
        read: Any = TypeAdapter(form).validate_python(given)
    except ValidationError as error:
        raise NotRead(wrong_fields.explained(error)) from None
    if wrong := list(bounds.broken(read)):
        raise NotRead(wrong)
    return read


@cache
def _fields_of_many(form: type) -> frozenset[str]:
    hints = get_type_hints(form)
    return frozenset(name for name, hint in hints.items() if get_origin(hint) in {tuple, list, frozenset})
