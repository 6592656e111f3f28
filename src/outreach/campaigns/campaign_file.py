"""Read a campaign file: whom, with which script, when, how fast, with which offer, and on what terms.

docs/campaigns.md explains every key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.campaigns import segments, terms
from outreach.campaigns.terms import Terms
from outreach.documents import Document, Refused
from outreach.rules.channel import Channel
from outreach.said import said
from outreach.scripts.form import Form

KEYS = (
    "name", "script", "segment", "list", "exclude", "channels", "start", "end", "pace", "offer", "on_machine", "callbacks",
    "approval", *terms.KEYS,
)  # fmt: skip
REQUIRED = ("name", "script", "channels", "start", "end")
DEFAULT_PACE = 1.0
"""Openings per second (carrier.md 4: about what one long number carries)."""
FASTEST_PACE = 200.0
LONGEST_NAME = 80
LONGEST = timedelta(days=731)
ON_MACHINE = ("hang_up", "message", "text")
CALLBACKS = ("staff", "automatic")
APPROVAL = ("usual", "required")
"""What such a key may say; the first is what holds where the file does not say."""
EXCLUDED = ("segments", "lists", "campaigns")


@dataclass(frozen=True)
class CampaignFile:
    """A campaign as its file describes it; nothing has been looked up yet."""

    path: Path
    name: str
    script: str
    segment: str | None
    listed: tuple[str, ...]
    """The bank's customer numbers, where the file names people instead of a segment."""
    exclude: Mapping[str, tuple[str, ...]]
    """Who is left out: segments and campaigns by name, and the customer numbers of lists."""
    channels: tuple[Channel, ...]
    start: date
    end: date
    pace: float
    offer: Mapping[str, str]
    on_machine: str
    """What is done when a machine takes a call: hang_up, message, or text instead."""
    callbacks: str
    """Who calls back at the time a customer named: staff, or automatic."""
    approval: str
    """Whether a second person is always required, or only where the carrier is a real one."""
    terms: Terms
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
            "approval": self.approval,
            **{key: documents.plain(self.document.root[key]) for key in terms.KEYS if key in self.document.root},
        }


def read(path: Path) -> CampaignFile:
    """Read one campaign file; raises Refused with every problem, its line and what would be right."""
    return _read(documents.read_file(path), path)


def read_text(text: str, name: str) -> CampaignFile:
    """Read a campaign that somebody typed or sent; lists of customers lie beside files, and here there is no folder."""
    document = documents.read(text, name)
    where = [path for path in (["list"], ["exclude", "lists"]) if _holds(document.root, path)]
    if unknown := [(path, named) for path, named in _segments(document.root) if named not in segments.names()]:
        known = said("one of %(known)s", known=", ".join(segments.names()))
        raise Refused(
            [
                document.problem(path, said("there is no segment %(named)s", named=repr(named)), known)
                for path, named in unknown
            ]
        )
    if where:
        fix = said("a segment; campaigns over lists are proposed with: outreach campaign propose FILE --by NAME")
        raise Refused(
            [document.problem(path, said("names a file, and none comes with this text"), fix) for path in where]
        )
    return _read(document, Path(name))


def _segments(root: Mapping[str, Any]) -> Iterator[tuple[list[str | int], Any]]:
    """The segments that a file names, each with where: by name alone, since a path would be one of our machine."""
    if root.get("segment") is not None:
        yield ["segment"], root["segment"]
    if _holds(root, ["exclude", "segments"]) and isinstance(root["exclude"]["segments"], list):
        for number, name in enumerate(root["exclude"]["segments"]):
            yield ["exclude", "segments", number], name


def _holds(root: Any, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(root, Mapping) or key not in root:
            return False
        root = root[key]
    return True


def _read(document: Document, path: Path) -> CampaignFile:
    form = Form(document)
    root = form.keys([], document.root, KEYS)
    for key in REQUIRED:
        if key not in root:
            form.refuse([key], said("is missing"), f"`{key}:`")
    if ("segment" in root) == ("list" in root):
        form.refuse(["segment"], said("and list: exactly one is needed"), said("`segment: NAME` or `list: FILE`"))
    start, end = (form.date([key], root[key]) if key in root else None for key in ("start", "end"))
    if start and end and end < start:
        form.refuse(
            ["end"], said("%(end)s is before start %(start)s", end=end, start=start), said("a day on or after start")
        )
    if start and end and end > start + LONGEST:
        wrong = said("%(end)s is more than two years after start %(start)s", end=end, start=start)
        form.refuse(["end"], wrong, said("a day until %(last)s", last=start + LONGEST))
    offer = form.mapping(["offer"], root.get("offer"))
    values: dict[str, Any] = {
        "name": _name(form),
        "script": form.text(["script"], root.get("script", "…")),
        "segment": form.text(["segment"], root["segment"]) if "segment" in root else None,
        "channels": _channels(form),
        "pace": _pace(form),
        "offer": {str(key): form.text(["offer", key], value) for key, value in offer.items()},
        "on_machine": _choice(form, "on_machine", ON_MACHINE),
        "callbacks": _choice(form, "callbacks", CALLBACKS),
        "approval": _choice(form, "approval", APPROVAL),
        "listed": _list(form, path, ["list"], root["list"]) if "list" in root else (),
        "exclude": _exclude(form, path),
        "terms": terms.read(form),
    }
    if form.problems or start is None or end is None:
        raise Refused(form.problems)
    return CampaignFile(path=path, start=start, end=end, document=document, **values)


def _name(form: Form) -> str:
    name = form.text(["name"], form.document.root.get("name", "…")).strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        form.refuse(
            ["name"],
            said("is longer than a name"),
            said("one line of at most %(longest_name)s characters", longest_name=LONGEST_NAME),
        )
    return name


def _channels(form: Form) -> tuple[Channel, ...]:
    named = form.document.root.get("channels", ())
    known = [channel for channel in named if channel in list(Channel)] if isinstance(named, list) else []
    if not known or len(set(known)) != len(named):
        form.refuse(
            ["channels"],
            said("is %(value)s", value=repr(named)),
            said("a list of sms and voice, each once, such as [sms]"),
        )
    return tuple(Channel(channel) for channel in known)


def _pace(form: Form) -> float:
    pace = form.document.root.get("pace", DEFAULT_PACE)
    if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 < pace <= FASTEST_PACE:
        form.refuse(
            ["pace"],
            said("is %(value)s", value=repr(pace)),
            said("openings per second, above 0 and at most %(fastest_pace)s", fastest_pace=f"{FASTEST_PACE:g}"),
        )
        return DEFAULT_PACE
    return float(pace)


def _choice(form: Form, key: str, known: Sequence[str]) -> str:
    value = form.document.root.get(key, known[0])
    if value not in known:
        form.refuse([key], said("is %(value)s", value=repr(value)), said("one of %(known)s", known=", ".join(known)))
        return known[0]
    return str(value)


def _exclude(form: Form, path: Path) -> dict[str, tuple[str, ...]]:
    entry = form.keys(["exclude"], form.document.root.get("exclude"), EXCLUDED)
    named = {key: form.texts(["exclude", key], entry[key]) for key in entry}
    files = enumerate(named.get("lists", ()))
    refs = [ref for number, file in files for ref in _list(form, path, ["exclude", "lists", number], file)]
    return named | ({"lists": tuple(dict.fromkeys(refs))} if "lists" in named else {})


def _list(form: Form, path: Path, where: Sequence[str | int], name: object) -> tuple[str, ...]:
    """Customer numbers, one a line, in a file beside the campaign's."""
    listed, fix = path.parent / str(name), said("a UTF-8 file with one customer number a line, beside the campaign's")
    try:
        lines = listed.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else said("not UTF-8")
        form.refuse(where, said("%(name)s cannot be read: %(why)s", name=name, why=why), fix)
        return ()
    numbers = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not numbers:
        form.refuse(where, said("%(name)s names nobody", name=name), fix)
    return numbers
