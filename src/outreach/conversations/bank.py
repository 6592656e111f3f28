"""Who we are, as customers read and hear it: config/bank.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.carrier import numbers
from outreach.carrier.numbers import NotANumber
from outreach.carrier.speech import Voice
from outreach.documents import Document, Problem, Refused
from outreach.times import Hours

BANK_KEYS = ("name", "signature", "hotline")
VOICE_TEXTS = ("name", "speaks", "hears", "model", "pause", "apology")
VOICE_KEYS = (*VOICE_TEXTS, "silence", "recording", "calls_per_second", "calls_at_once", "transfer")


@dataclass(frozen=True)
class Line:
    """A telephone that takes calls from customers who want a person, and when."""

    to: str = field(repr=False)
    hours: Hours


@dataclass(frozen=True)
class Calling:
    """How the bank makes calls."""

    voice: Voice
    apology: str
    """Said when our own side fails in the middle of a call."""
    recording: bool
    calls_per_second: float
    calls_at_once: int
    transfer: Line | None = None
    """Who takes a call when the branch cannot."""


@dataclass(frozen=True)
class Bank:
    """Who we are, as customers read and hear it."""

    name: str
    signature: str
    """Registered with the carrier; stands first in every text, in 【】."""
    hotline: str
    calling: Calling
    texts_per_second: float | None = None
    """How fast our number may text, over all workers; none leaves the pace to the carrier, which says 429."""


def read_bank(path: Path) -> Bank:
    """Read who we are; raises Refused with every problem and its line."""
    document = documents.read_file(path)
    problems = [
        document.problem([key], "is missing", f"`{key}:` with a text")
        for key in BANK_KEYS
        if not isinstance(document.root.get(key), str)
    ]
    voice = document.root.get("voice")
    if not isinstance(voice, Mapping):
        problems.append(document.problem(["voice"], "is missing", "`voice:` with what stands in the shipped bank.yml"))
        raise Refused(problems)
    problems += _voice_problems(document, voice)
    pace = document.root.get("texts_per_second")
    if pace is not None and not _is_pace(pace):
        problems.append(document.problem(["texts_per_second"], f"is {pace!r}", "a number above 0, or no such line"))
    if problems:
        raise Refused(problems)
    bank = Bank(
        **{key: str(document.root[key]) for key in BANK_KEYS},
        calling=_calling(document, voice),
        texts_per_second=None if pace is None else float(pace),
    )
    if not (bank.signature.startswith("【") and bank.signature.endswith("】")):
        wrong = document.problem(
            ["signature"], f"is {bank.signature!r}", "the registered signature in 【】, as 【XX银行】"
        )
        raise Refused([wrong])
    return bank


def _voice_problems(document: Document, voice: Mapping[str, Any]) -> list[Problem]:
    problems = [
        document.problem(["voice", key], "is not a key here", f"one of {', '.join(VOICE_KEYS)}")
        for key in voice
        if key not in VOICE_KEYS
    ]
    problems += [
        document.problem(["voice", key], "is missing", f"`{key}:` with a text")
        for key in VOICE_TEXTS
        if not isinstance(voice.get(key), str)
    ]
    if not isinstance(voice.get("recording"), bool):
        problems.append(document.problem(["voice", "recording"], "is neither true nor false", "true or false"))
    problems += [
        document.problem(["voice", key], f"is {voice.get(key)!r}", "a number above 0")
        for key in ("silence", "calls_per_second", "calls_at_once")
        if not _is_pace(voice.get(key))
    ]
    return problems


def _is_pace(written: object) -> bool:
    return isinstance(written, int | float) and not isinstance(written, bool) and written > 0


def _calling(document: Document, voice: Mapping[str, Any]) -> Calling:
    return Calling(
        voice=Voice(
            name=str(voice["name"]),
            speaks=str(voice["speaks"]),
            hears=str(voice["hears"]),
            model=str(voice["model"]),
            pause_seconds=str(voice["pause"]),
            silence_seconds=int(voice["silence"]),
        ),
        apology=str(voice["apology"]),
        recording=voice["recording"],
        calls_per_second=float(voice["calls_per_second"]),
        calls_at_once=int(voice["calls_at_once"]),
        transfer=_transfer(document, voice["transfer"]) if "transfer" in voice else None,
    )


def _transfer(document: Document, entry: Any) -> Line:
    path = ["voice", "transfer"]
    if not isinstance(entry, Mapping) or not {"to", "hours"} <= set(entry):
        raise Refused([document.problem(path, "is not a line", '`{to: "+86…", hours: {mon: [["08:00", "20:00"]]}}`')])
    number = numbers.read(str(entry["to"]))
    if isinstance(number, NotANumber):
        raise Refused([document.problem([*path, "to"], number.problem, number.fix)])
    try:
        return Line(number.e164, Hours.from_json(entry["hours"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fix = '`{mon: [["08:00", "20:00"]]}`'
        raise Refused([document.problem([*path, "hours"], f"cannot be read: {error}", fix)]) from None
