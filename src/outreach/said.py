"""Sentences that people read in their own language: English as they stand, and they remember what they were made of.

`said("%(count)s are left", count=3)` is the text "3 are left"; `translated` says it anew from a catalog of messages.
Pages do so; the command line prints the text. The catalog is collected from calls of `said`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Gettext = Callable[[str], str]
"""Gives a message in another language, or the message itself."""


class Said(str):
    """A text with the message and the fields it was made of."""

    __slots__ = ("fields", "message")

    message: str
    fields: Mapping[str, object]

    def anew(self, gettext: Gettext) -> str:
        """The same in another language, its fields with it."""
        return gettext(self.message) % {name: _anew(field, gettext) for name, field in self.fields.items()}


class Named(Said):
    """A name of the code, such as `no_reply`: as it stands in files, unless it has one that people use."""

    __slots__ = ()

    def anew(self, gettext: Gettext) -> str:
        """What people call it."""
        blank = self.message.replace("_", " ")
        spoken = gettext(blank)
        return self.message if spoken == blank else spoken


class Listed(Said):
    """Several texts as one."""

    __slots__ = ("parts",)

    parts: Sequence[str]

    def anew(self, gettext: Gettext) -> str:
        """Each of them in another language."""
        return str(_anew(self.message, gettext)).join(str(_anew(part, gettext)) for part in self.parts)


def said(message: str, /, **fields: object) -> Said:
    """A sentence with its fields, which may be sentences themselves."""
    made = Said(message % fields)
    made.message, made.fields = message, fields
    return made


def named(name: str) -> Said:
    """A name of the code within a sentence."""
    made = Named(name)
    made.message, made.fields = str(name), {}
    return made


def listed(parts: Sequence[str], between: str = ", ") -> Listed:
    """Several texts with something between them."""
    made = Listed(between.join(parts))
    made.message, made.fields, made.parts = between, {}, parts
    return made


def translated(text: str, gettext: Gettext) -> str:
    """A text in another language, where it remembers what it was made of."""
    return str(_anew(text, gettext))


def kept(text: str) -> str:
    """A text as it is stored: a sentence with what it was made of, anything else as it stands."""
    return json.dumps(_parts(text), ensure_ascii=False) if type(text) is Said else str(text)


def again(stored: str) -> str:
    """What was kept, as it was."""
    return _whole(json.loads(stored)) if stored.startswith(KEPT) else stored


KEPT = '{"message": '


def _parts(value: object) -> object:
    # Names and lists within a sentence are kept as they read.
    if type(value) is not Said:
        return value if isinstance(value, int | float) else str(value)
    return {"message": value.message, "fields": {name: _parts(field) for name, field in value.fields.items()}}


def _whole(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    message, fields = value["message"], value["fields"]
    return said(message, **{name: _whole(field) for name, field in fields.items()})


def _anew(value: object, gettext: Gettext) -> object:
    return value.anew(gettext) if isinstance(value, Said) else value
