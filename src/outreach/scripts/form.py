"""Read the parts of a script's files into values; what has the wrong form becomes a problem with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outreach.calendar import CENTURY
from outreach.documents import Document, Problem
from outreach.said import said
from outreach.scripts.script import Reply, Step

STEP_TEXTS = ("say", "asks", "collect", "assume", "do", "outcome", "then")
STEP_FLAGS = ("private", "aside", "barge_in")
STEP_TARGETS = ("missing", "replies", "results")
LINES = ("again", "anew")
"""What names several lines, used in turn."""
REPLY_TEXTS = ("go", "say", "keep", "count", "otherwise", "task", "event")
REPLY_FLAGS = ("repeat", "clarify", "reopen", "silent")

Path = Sequence[Any]
Meanings = Mapping[str, Mapping[str, str]]
"""What is heard, and what it means: {"1": {"part": "morning"}, "deny": {"go": "ask_which_day"}}."""


def parts(key: object) -> list[str]:
    """The names in a key: `affirm | greet` is two, written once."""
    return [name.strip() for name in str(key).split("|")]


def key_of(document: Document, path: Path, name: str) -> Any:
    """The key below `path` that contains `name`, as it is written."""
    node: Any = document.root
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    written = node if isinstance(node, Mapping) else {}
    return next((key for key in written if name in parts(key)), name)


@dataclass
class Form:
    """One file being read, and the problems found so far."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: Path, problem: str, fix: str) -> None:
        """Note a problem at `path`."""
        self.problems.append(self.document.problem(path, problem, fix))

    def keys(self, path: Path, value: Any, allowed: Sequence[str]) -> Mapping[str, Any]:
        """A mapping with no keys but these; empty where it is something else."""
        entries = self.mapping(path, value)
        for key in entries:
            if key not in allowed:
                self.refuse(
                    [*path, key], said("is not a key here"), said("one of %(known)s", known=", ".join(sorted(allowed)))
                )
        return {key: entries[key] for key in entries if key in allowed}

    def mapping(self, path: Path, value: Any) -> Mapping[Any, Any]:
        """A mapping; empty where it is something else or left empty."""
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self.refuse(path, said("is not a mapping"), said("keys with values below it"))
        return {}

    def text(self, path: Path, value: Any) -> str:
        """A text that says something."""
        if isinstance(value, str) and value.strip():
            return str(value)
        empty = value is None or (isinstance(value, str) and not value.strip())
        self.refuse(
            path,
            said("is empty") if empty else said("is not a text"),
            said("a text, in quotes where it is a number or date"),
        )
        return ""

    def texts(self, path: Path, value: Any) -> tuple[str, ...]:
        """A list of texts, each once."""
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.refuse(path, said("is not a list"), said("[one, another]"))
            return ()
        read = tuple(self.text([*path, number], item) for number, item in enumerate(value))
        for number, item in enumerate(read):
            if item and item in read[:number]:
                self.refuse([*path, number], said("has %(item)s twice", item=item), said("each once"))
        return read

    def number(self, path: Path, value: Any) -> int:
        """A whole number from 1."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return int(value)
        self.refuse(path, said("is not a whole number from 1"), said("such as 2"))
        return 1

    def date(self, path: Path, value: Any) -> date | None:
        """A day, without a time of day."""
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.refuse(path, said("%(value)s is not a date", value=value), said("a date such as 2026-12-01"))
            return None
        if day.year in CENTURY:
            return day
        self.refuse(
            path, said("%(value)s is not a date of this century", value=value), said("a date such as 2026-12-01")
        )
        return None

    def split(self, path: Path, value: Any) -> Iterator[tuple[Path, str, Any]]:
        """Each name of a mapping whose keys join several, with where it stands; a name twice is refused."""
        seen: set[str] = set()
        for key, item in self.mapping(path, value).items():
            for name in parts(key):
                if name in seen:
                    self.refuse([*path, key], said("maps %(name)s twice", name=name), said("each once"))
                seen.add(name)
                yield [*path, key], name, item

    def targets(self, path: Path, value: Any) -> dict[str, str]:
        """`affirm | greet: explain` as one entry for each name."""
        return {name: self.text(place, item) for place, name, item in self.split(path, value)}

    def kinds(self, value: Any) -> dict[str, Meanings]:
        """The kinds of questions below `asks:`, and what short answers to them mean."""
        entries = self.mapping(["asks"], value)
        return {str(name): self._meanings(["asks", name], entry) for name, entry in entries.items()}

    def steps(self, value: Any, kinds: Mapping[str, Meanings]) -> dict[str, Step]:
        """The steps below `steps:`; each understands what its kind of question does, and what it says itself."""
        return {
            str(name): self._step(str(name), ["steps", name], entry, kinds)
            for name, entry in self.mapping(["steps"], value).items()
        }

    def replies(self, path: Path, value: Any) -> dict[str, Reply]:
        """What happens on each reading, for one table of replies."""
        return {name: self._reply(place, item) for place, name, item in self.split(path, value)}

    def _step(self, name: str, path: Path, value: Any, kinds: Mapping[str, Meanings]) -> Step:
        if value is None:
            self.refuse(path, said("is empty"), said("`say:`, `do:` or `outcome:` below it"))
        entry = self.keys(path, value, (*LINES, *STEP_TEXTS, *STEP_FLAGS, *STEP_TARGETS, "expects"))
        read: dict[str, Any] = {key: self.text([*path, key], entry[key]) for key in STEP_TEXTS if key in entry}
        read |= {key: self.targets([*path, key], entry[key]) for key in STEP_TARGETS if key in entry}
        read |= {key: tuple(parts(self.text([*path, key], entry[key]))) for key in LINES if key in entry}
        if "asks" in read and read["asks"] not in kinds:
            self.refuse(
                [*path, "asks"],
                said("%(asks)s is not a kind of question", asks=read["asks"]),
                said("one of %(known)s", known=", ".join(kinds)),
            )
        own = self._meanings([*path, "expects"], entry.get("expects"))
        read["expects"] = {**kinds.get(read.get("asks", ""), {}), **own}
        read |= self._flags(path, entry, STEP_FLAGS)
        return Step(name=name, **read)

    def _meanings(self, path: Path, value: Any) -> Meanings:
        return {
            heard: {str(key): self.text([*place, key], item) for key, item in self.mapping(place, meaning).items()}
            for place, heard, meaning in self.split(path, value)
        }

    def _reply(self, path: Path, value: Any) -> Reply:
        entry = self.keys(path, value, ("again", *REPLY_TEXTS, *REPLY_FLAGS))
        read: dict[str, Any] = {key: self.text([*path, key], entry[key]) for key in REPLY_TEXTS if key in entry}
        if "again" in entry:
            read["again"] = tuple(parts(self.text([*path, "again"], entry["again"])))
        read |= self._flags(path, entry, REPLY_FLAGS)
        if not read:
            self.refuse(path, said("says what happens to nothing"), said("such as `{say: …}` or `{go: …}`"))
        return Reply(**read)

    def _flags(self, path: Path, entry: Mapping[str, Any], names: Sequence[str]) -> dict[str, bool]:
        """The keys of an entry that are true or false."""
        for name in names:
            if name in entry and not isinstance(entry[name], bool):
                self.refuse([*path, name], said("is neither true nor false"), said("true or false"))
        return {name: bool(entry[name]) for name in names if name in entry}
