"""Write a campaign file from the fields of a form, so that a form and a file are one thing and checked in one way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Draft:
    """A campaign as a form asks for it; what the form has no field for is YAML below it."""

    name: str = ""
    script: str = ""
    segment: str = ""
    channels: Sequence[str] = ()
    start: str = ""
    end: str = ""
    pace: str = "1"
    offer: str = ""
    """A field of the script's offer a line: `benefits: 9元洗车`."""
    more: str = ""
    """Any other keys of a campaign file (docs/campaigns.md)."""


def written(draft: Draft) -> str:
    """The campaign file."""
    known: dict[str, Any] = {
        "name": draft.name.strip(),
        "script": draft.script,
        "segment": draft.segment,
        "channels": list(draft.channels),
        "start": draft.start,
        "end": draft.end,
        "pace": _number(draft.pace),
        "offer": _offer(draft.offer),
    }
    text = StringIO()
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 4096
    yaml.dump({key: value for key, value in known.items() if value not in ("", [], {})}, text)
    return text.getvalue() + draft.more.replace("\r\n", "\n").strip() + "\n"


def _number(text: str) -> float | int | str:
    try:
        number = float(text)
    except ValueError:
        return text  # the check names it
    return int(number) if number.is_integer() else number


def _offer(text: str) -> dict[str, str]:
    lines = [line.replace("：", ":", 1).partition(":") for line in text.splitlines() if line.strip()]
    return {key.strip(): value.strip() for key, _, value in lines}
