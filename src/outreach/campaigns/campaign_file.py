"""Read a campaign file: whom, with which script, when, how fast, with which offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.documents import Document, Problem, Refused
from outreach.rules.channel import Channel

KEYS = ("name", "script", "segment", "list", "channels", "start", "end", "pace", "offer", "on_machine", "callbacks")
REQUIRED = ("name", "script", "channels", "start", "end")
DEFAULT_PACE = 1.0
"""Openings per second (carrier.md 4: about what one long number carries)."""
FASTEST_PACE = 200.0
ON_MACHINE = ("hang_up", "message", "text")
CALLBACKS = ("staff", "automatic")
"""What such a key may say; the first is what holds where the file does not say."""


@dataclass(frozen=True)
class CampaignFile:
    """A campaign as its file describes it; nothing has been looked up yet."""

    path: Path
    name: str
    script: str
    segment: str | None
    listed: tuple[str, ...]
    """The bank's customer numbers, where the file names people instead of a segment."""
    channels: tuple[Channel, ...]
    start: date
    end: date
    pace: float
    offer: Mapping[str, str]
    on_machine: str
    """What is done when a machine takes a call: hang_up, message, or text instead."""
    callbacks: str
    """Who calls back at the time a customer named: staff, or automatic."""
    document: Document

    def as_read(self) -> dict[str, Any]:
        """The file's content, to be kept with the campaign."""
        return {
            "name": self.name,
            "script": self.script,
            "segment": self.segment,
            "list": list(self.listed),
            "channels": [str(channel) for channel in self.channels],
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "pace": self.pace,
            "offer": dict(self.offer),
            "on_machine": self.on_machine,
            "callbacks": self.callbacks,
        }


def read(path: Path) -> CampaignFile:
    """Read one campaign file; raises Refused with every problem, its line and what would be right."""
    document = documents.read_file(path)
    root = document.root
    problems = [
        document.problem([str(key)], "is not a key of a campaign", f"one of {', '.join(KEYS)}")
        for key in root
        if key not in KEYS
    ]
    problems += [document.problem([key], "is missing", f"`{key}:`") for key in REQUIRED if key not in root]
    if ("segment" in root) == ("list" in root):
        problems.append(
            document.problem(["segment"], "and list: exactly one is needed", "`segment: NAME` or `list: FILE`")
        )
    start, end = _date(document, "start", problems), _date(document, "end", problems)
    if start and end and end < start:
        problems.append(document.problem(["end"], f"{end} is before start {start}", "a day on or after start"))
    channels = _channels(document, problems)
    pace = _pace(document, problems)
    offer = root.get("offer", {})
    if not isinstance(offer, dict):
        problems.append(document.problem(["offer"], "is not a mapping", "`benefits: …` and the like below it"))
        offer = {}
    on_machine = _choice(document, "on_machine", ON_MACHINE, problems)
    callbacks = _choice(document, "callbacks", CALLBACKS, problems)
    listed = _list(document, path, problems) if "list" in root else ()
    if problems or start is None or end is None:
        raise Refused(problems)
    return CampaignFile(
        path=path,
        name=str(root["name"]),
        script=str(root["script"]),
        segment=str(root["segment"]) if "segment" in root else None,
        listed=listed,
        channels=channels,
        start=start,
        end=end,
        pace=pace,
        offer={str(key): str(value) for key, value in offer.items()},
        on_machine=on_machine,
        callbacks=callbacks,
        document=document,
    )


def _date(document: Document, key: str, problems: list[Problem]) -> date | None:
    value = document.root.get(key)
    if value is None:
        return None
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        problems.append(document.problem([key], f"{value!r} is not a date", "a date such as 2026-12-01"))
        return None


def _channels(document: Document, problems: list[Problem]) -> tuple[Channel, ...]:
    named = document.root.get("channels", ())
    known = [channel for channel in named if channel in set(Channel)] if isinstance(named, list) else []
    if not known or len(known) != len(named):
        problems.append(document.problem(["channels"], f"is {named!r}", "a list of sms and voice, such as [sms]"))
    return tuple(Channel(channel) for channel in known)


def _pace(document: Document, problems: list[Problem]) -> float:
    pace = document.root.get("pace", DEFAULT_PACE)
    if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 < pace <= FASTEST_PACE:
        fix = f"openings per second, above 0 and at most {FASTEST_PACE:g}"
        problems.append(document.problem(["pace"], f"is {pace!r}", fix))
        return DEFAULT_PACE
    return float(pace)


def _choice(document: Document, key: str, known: Sequence[str], problems: list[Problem]) -> str:
    value = document.root.get(key, known[0])
    if value not in known:
        problems.append(document.problem([key], f"is {value!r}", f"one of {', '.join(known)}"))
        return known[0]
    return str(value)


def _list(document: Document, path: Path, problems: list[Problem]) -> tuple[str, ...]:
    """Customer numbers, one a line, in a file beside the campaign's."""
    listed = path.parent / str(document.root["list"])
    try:
        lines = listed.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fix = "the path of a UTF-8 file with one customer number a line, from the campaign's folder"
        problems.append(document.problem(["list"], f"{listed}: {type(error).__name__}", fix))
        return ()
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
