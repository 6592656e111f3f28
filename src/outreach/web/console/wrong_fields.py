"""What would be right in a field that could not be read, in words for whoever typed it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from outreach.said import Said, said
from outreach.web.console.notices import N_

RIGHT = {
    "missing": N_("is missing"),
    "string_too_short": N_("takes %(min_length)s characters or more"),
    "string_too_long": N_("takes at most %(max_length)s characters"),
    "enum": N_("takes one of: %(expected)s"),
    "literal_error": N_("takes one of: %(expected)s"),
    "greater_than": N_("has to be more than %(gt)s"),
    "greater_than_equal": N_("has to be %(ge)s or more"),
    "less_than": N_("has to be less than %(lt)s"),
    "less_than_equal": N_("has to be %(le)s or less"),
    "bool_parsing": N_("takes yes or no"),
}
"""By pydantic's kind of error; its fields are pydantic's context."""
BEGINNINGS = {
    "uuid": N_("is not one of those there are"),
    "date_": N_("takes a day, as 2026-11-24"),
    "datetime": N_("takes a day and a time, as 2026-11-24T09:30"),
    "time_": N_("takes a time, as 09:30"),
    "int": N_("takes a whole number, as 12"),
    "float": N_("takes a number, as 12.5"),
}
"""By how pydantic's kinds of error begin: each such type has several."""
OTHERWISE = N_("cannot be used as it is")


def explained(error: ValidationError) -> Sequence[tuple[str, Said]]:
    """Each field with what it takes."""
    return [
        (str(one["loc"][0]) if one["loc"] else "", said(_right(one["type"]), **one.get("ctx", {})))
        for one in error.errors()
    ]


def _right(kind: str) -> str:
    begins = (words for beginning, words in BEGINNINGS.items() if kind.startswith(beginning))
    return RIGHT.get(kind) or next(begins, OTHERWISE)
