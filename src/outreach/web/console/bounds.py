"""What any field of a form or a query may hold, whatever it is for: what the store can keep, and pages can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from outreach.calendar import CENTURY
from outreach.said import Said, said

LARGEST = 2**31 - 1
"""The largest whole number of a column of the store."""
LINES = "\t\n\r"


def plain(text: str) -> str:
    """A text without what nobody types and no store keeps: control characters, halves of surrogate pairs."""
    return "".join(letter for letter in text if letter in LINES or unicodedata.category(letter) not in {"Cc", "Cs"})


def broken(form: Any) -> Iterator[tuple[str, Said]]:
    """The fields of a form that hold a number or a day beyond the bounds, with what would be right."""
    for field in fields(form):
        value = getattr(form, field.name)
        if isinstance(value, date) and value.year not in CENTURY:
            yield field.name, said("takes a day from %(first)s to %(last)s", first=CENTURY[0], last=CENTURY[-1])
        elif isinstance(value, int) and abs(value) > LARGEST:
            yield field.name, said("has to be %(le)s or less", le=LARGEST)
