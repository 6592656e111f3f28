"""What a reviewer looks at in every conversation (config/checklist.yml), and the marks there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.documents import Document, Problem, Refused

LANGUAGES = ("zh", "en")
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TAKEN = frozenset({"revision", "note", "tags", "flagged", "flag_why", "following"})
"""Fields of the form beside the criteria."""
MOST = 9
"""Criteria; each has a key of the keyboard."""


class Mark(StrEnum):
    """How one criterion was met."""

    GOOD = "good"  #: as it should be
    POOR = "poor"  #: to be done better
    NOT_ASKED = "not_asked"  #: it did not come up


@dataclass(frozen=True)
class Checklist:
    """The criteria by name, in order, each with what it is called in each language."""

    criteria: Mapping[str, Mapping[str, str]]

    def label(self, criterion: str, language: str) -> str:
        """What a criterion is called; one that stands on the list no more goes by its name."""
        return self.criteria.get(criterion, {}).get(language) or criterion.replace("_", " ")


def read(path: Path) -> Checklist:
    """Read the list; raises Refused with every problem and its line."""
    document = documents.read_file(path)
    listed = document.root.get("criteria")
    if not isinstance(listed, Mapping) or not listed:
        raise Refused(
            [document.problem(["criteria"], "names no criterion", "`criteria:` with a name on each line below")]
        )
    problems = [
        *(document.problem([str(key)], "is not a key here", "criteria") for key in document.root if key != "criteria"),
        *(problem for name, labels in listed.items() for problem in _problems(document, name, labels)),
    ]
    if len(listed) > MOST:
        problems.append(document.problem(["criteria"], f"has {len(listed)} criteria", f"at most {MOST}"))
    if problems:
        raise Refused(problems)
    return Checklist({str(name): {key: str(labels[key]) for key in LANGUAGES} for name, labels in listed.items()})


def _problems(document: Document, name: Any, labels: Any) -> Iterator[Problem]:
    path = ["criteria", name]
    if not isinstance(name, str) or not NAME.match(name):
        yield document.problem(path, f"{name!r} is not a name", "letters a to z, digits and _, such as heard_rightly")
    elif name in TAKEN:
        yield document.problem(path, f"{name} is a field of the form already", "another name")
    if not isinstance(labels, Mapping):
        yield document.problem(path, "has no words", "`{zh: 听懂客户, en: heard rightly}`")
        return
    for language in LANGUAGES:
        if not isinstance(labels.get(language), str) or not labels[language].strip():
            yield document.problem([*path, language], "is missing", f"`{language}:` with what it is called")
    for key in labels:
        if key not in LANGUAGES:
            yield document.problem([*path, str(key)], "is not a key here", f"one of {', '.join(LANGUAGES)}")


def score(marks: Mapping[str, str]) -> int | None:
    """Good marks in a hundred of those that were good or poor; None where nothing came up."""
    counted = [mark for mark in marks.values() if mark != Mark.NOT_ASKED]
    return round(100 * counted.count(Mark.GOOD) / len(counted)) if counted else None
