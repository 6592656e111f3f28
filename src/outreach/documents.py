"""Read the product's YAML files: YAML 1.2, duplicate keys refused, and every problem with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from outreach import plain_yaml
from outreach.explained import Explained
from outreach.plain_yaml import NotPlain
from outreach.said import said


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where, what, and what would be right."""

    file: str
    line: int
    field: str
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.problem} ({self.fix})"


class Refused(Explained):
    """A file was not accepted; carries every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Document:
    """A YAML mapping as plain values, with the lines they stand on."""

    name: str
    root: CommentedMap

    def line(self, *path: str | int) -> int:
        """The line (from 1) on which the value at `path` begins; the nearest parent's where it is absent."""
        node: Any = self.root
        line = 1
        for key in path:
            if isinstance(node, CommentedMap) and key in node:
                line = node.lc.key(key)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
                line = node.lc.item(key)[0] + 1
            else:
                break
            node = node[key]
        return line

    def problem(self, path: Sequence[str | int], problem: str, fix: str) -> Problem:
        """A problem at `path`, with its line."""
        return Problem(self.name, self.line(*path), ".".join(str(key) for key in path), problem, fix)


def read(text: str, name: str) -> Document:
    """Parse one YAML mapping; raises Refused with the line on anything else."""
    try:
        root = plain_yaml.load(text)
    except NotPlain as error:
        raise Refused([Problem(name, error.line, "YAML", error.problem, error.fix)]) from None
    if not isinstance(root, CommentedMap):
        raise Refused([Problem(name, 1, "YAML", said("is not a mapping"), said("keys with values, such as `name: …`"))])
    return Document(name, root)


def read_file(path: Path) -> Document:
    """Read one YAML file; raises Refused when it is missing, not UTF-8 or not a mapping."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Refused(
            [Problem(str(path), 1, "file", said("does not exist"), said("the path of a YAML file"))]
        ) from None
    except (UnicodeDecodeError, OSError) as error:
        raise Refused(
            [Problem(str(path), 1, "file", said("cannot be read: %(why)s", why=error), said("a readable UTF-8 file"))]
        ) from None
    return read(text, str(path))


def plain(value: Any) -> Any:
    """What the reader gave as ordinary values that can be kept as JSON."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
