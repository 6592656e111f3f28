"""Read the table of replies (replies.txt), and write what came of one as the table does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("replies.txt")
OFFERED = "2026-11-24"
HEAD = re.compile(r"at (\S+) (\S+)(.*?)(?: {2,}.*)?$")


@dataclass(frozen=True)
class Row:
    line: int
    script: str
    channel: str
    state: Mapping[str, Any]
    words: str
    expected: str

    def __str__(self) -> str:
        return f"{self.line}-{self.state['step']}-{self.words}"


def rows() -> list[Row]:
    found: list[Row] = []
    script = channel = ""
    state: dict[str, Any] = {}
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("at "):
            script, step, more = HEAD.fullmatch(line).groups()
            channel, state = "voice" if " voice" in more else "sms", _state(step, more)
        elif line and not line.startswith("#"):
            words, expected = line.split(" = ")
            found.append(Row(number, script, channel, state, words, expected))
    return found


def written(reading: str, state: Mapping[str, Any], events: list[Mapping[str, Any]]) -> str:
    """What came of a reply: the reading, the step that follows, and what is kept then."""
    kept = state["kept"]
    named = []
    if "visit_time" in kept:
        named.append(_slot(kept["visit_time"]))
    if "callback_time" in kept:
        named.append(f"callback {_slot(kept['callback_time'])}")
    if "party_size" in kept:
        named.append(f"{kept['party_size']} people")
    if any("支行" in event["words"] or "城北" in event["words"] for event in events if event["kind"] == "branch_named"):
        named.append("branch")
    return f"{reading} > {state['step']}" + (f" [{', '.join(named)}]" if named else "")


def _state(step: str, more: str) -> dict[str, Any]:
    kept: dict[str, Any] = {"offered_day": OFFERED}
    if known := re.search(r"\[(.+?)\]", more):
        kept["visit_time"] = _json(known[1])
    for name in ("proposed", "booked"):
        if said := re.search(rf"{name} (\d\S+(?: \S+)?)", more):
            kept[name] = _json(said[1])
    ended = re.search(r"ended (\S+)", more)
    counts = {name: int(used[1]) for name in ("tries", "refusals") if (used := re.search(rf"(\d) {name}", more))}
    pending = "ask_time" if step in {"which_branch", "confirm"} else step
    return {
        "step": step,
        "pending": pending,
        "counts": counts,
        "kept": kept,
        "reason": None,
        "ended": ended[1] if ended else None,
    }


def _json(written: str) -> dict[str, str | None]:
    day, _, when = written.partition(" ")
    hour = when if ":" in when else None
    part = {True: "morning", False: "afternoon"}[hour < "12:00"] if hour else when or None
    return {"date": day, "part": part, "hour": hour}


def _slot(slot: Mapping[str, Any]) -> str:
    return " ".join(filter(None, [slot["date"], slot["hour"] or slot["part"]]))
