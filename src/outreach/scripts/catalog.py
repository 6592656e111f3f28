"""Read a script from its folder, or from the snapshot that publishing kept of the same files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.documents import Document, Problem, Refused
from outreach.places import SCRIPTS
from outreach.scripts.names import intents
from outreach.scripts.script import Flow, Reply, Script, Step

SHARED = "_shared"
DEFAULT_LIMITS: Mapping[str, int] = {
    "not_understood": 2,
    "silence": 2,
    "refusals": 2,
    "tries": 2,  # lines that answer an objection or a refusal with the offer
    "turns": 30,  # a loop in the dialogue must not become a long conversation
    "doubts": 2,
    "courtesies": 2,
}

KEYS = frozenset(
    {"script", "title", "owner", "product", "channels", "goal", "facts", "offer", "sample", "answers", "anywhere",
     "opening", "reopen", "steps", "limits", "budget"},
)  # fmt: skip
REQUIRED = ("script", "title", "owner", "channels", "goal", "opening", "steps")
STEP_KEYS = frozenset(field.name for field in fields(Step)) - {"name"}
REPLY_KEYS = frozenset(field.name for field in fields(Reply))

Files = Mapping[str, str]
"""A script's files by their path inside `scripts_templates`, the shared ones among them."""


def names(folder: Path = SCRIPTS) -> list[str]:
    """The scripts that have a folder."""
    return sorted(path.parent.name for path in folder.glob("*/script.yml"))


def files(name: str, folder: Path = SCRIPTS) -> Files:
    """All files that make up one script; raises Refused when there is no such folder."""
    if not (folder / name / "script.yml").is_file():
        known = "、".join(names(folder)) or "none"
        missing = Problem(f"{folder.name}/{name}", 1, "script", "has no script.yml", f"one of {known}")
        raise Refused([missing])
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for part in (SHARED, name)
        for path in sorted((folder / part).rglob("*"))
        if path.suffix in {".yml", ".j2"}
    }


def load(name: str, folder: Path = SCRIPTS) -> Script:
    """Read one script from its folder; raises Refused with every problem of form."""
    return assemble(name, files(name, folder))


def assemble(name: str, source: Files) -> Script:
    """Make a script of its files; raises Refused with every problem of form. What it says is for `checks`."""
    document = documents.read(source[f"{name}/script.yml"], f"{name}/script.yml")
    shared = documents.read(source[f"{SHARED}/replies.yml"], f"{SHARED}/replies.yml")
    problems = _form(document, KEYS, REQUIRED)
    if document.root.get("script") not in {None, name}:
        problems.append(document.problem(["script"], f"is {document.root['script']!r}", f"the folder's name, {name}"))
    steps = _steps(shared, problems) | _steps(document, problems)
    answers = _answers(document, name, source, problems)
    replies = _replies(shared, "replies", problems)
    after_end = {str(key): _replies(shared, f"after_end.{key}", problems) for key in shared.root.get("after_end", {})}
    if problems:
        raise Refused(problems)
    root = document.root
    flow = Flow(
        opening=str(root["opening"]),
        steps=steps,
        anywhere=_by_intent(document, ["anywhere"], root.get("anywhere", {})),
        answers=answers,
        replies=replies,
        after_end=after_end,
        limits={**DEFAULT_LIMITS, **{str(key): int(value) for key, value in root.get("limits", {}).items()}},
        reopen=root.get("reopen"),
    )
    sample = root.get("sample", {})
    return Script(
        name=name,
        title=str(root["title"]),
        owner=str(root["owner"]),
        channels=tuple(map(str, root["channels"])),
        goal=tuple(map(str, root["goal"])),
        facts=tuple(map(str, root.get("facts", ()))),
        offer={str(key): str(sample.get(key, "")) for key in root.get("offer", ())},
        product=str(root.get("product", "marketing")),
        flow=flow,
        wording={path: text for path, text in source.items() if path.endswith(".j2")},
        source=dict(source),
        version=version(source),
    )


def version(source: Files) -> str:
    """The name of this content: the same files always have the same version."""
    canonical = json.dumps(sorted(source.items()), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _form(document: Document, allowed: frozenset[str], required: Sequence[str]) -> list[Problem]:
    unknown = [
        document.problem([key], "is not a key of a script", f"one of {', '.join(sorted(allowed))}")
        for key in document.root
        if key not in allowed
    ]
    missing = [document.problem([key], "is missing", f"`{key}:`") for key in required if key not in document.root]
    return unknown + missing


def _steps(document: Document, problems: list[Problem]) -> dict[str, Step]:
    read: dict[str, Step] = {}
    for name, entry in (document.root.get("steps") or {}).items():
        path = ["steps", str(name)]
        if not isinstance(entry, dict):
            problems.append(document.problem(path, "is not a mapping", "`say:`, `do:` or `outcome:` below it"))
            continue
        unknown = [key for key in entry if key not in STEP_KEYS]
        problems += [
            document.problem([*path, str(key)], "is not a key of a step", f"one of {', '.join(sorted(STEP_KEYS))}")
            for key in unknown
        ]
        if unknown:
            continue
        values: dict[str, Any] = dict(entry)
        values["replies"] = _by_intent(document, [*path, "replies"], entry.get("replies", {}), problems)
        values["expects"] = {
            str(key): {str(k): str(v) for k, v in dict(meaning).items()}
            for key, meaning in _split(entry.get("expects", {})).items()
        }
        values["results"] = {str(key): str(target) for key, target in entry.get("results", {}).items()}
        values["missing"] = {str(key): str(target) for key, target in entry.get("missing", {}).items()}
        read[str(name)] = Step(name=str(name), **values)
    return read


def _replies(document: Document, where: str, problems: list[Problem]) -> dict[str, Reply]:
    path = where.split(".")
    entries: Any = document.root
    for key in path:
        entries = entries.get(key, {})
    read: dict[str, Reply] = {}
    for intent, entry in _split(entries).items():
        unknown = [key for key in entry if key not in REPLY_KEYS]
        if unknown:
            allowed = f"keys of a reply are {', '.join(sorted(REPLY_KEYS))}"
            problems.append(document.problem([*path, intent], f"has {unknown}", allowed))
            continue
        read[intent] = Reply(**dict(entry))
    return read


def _answers(document: Document, name: str, source: Files, problems: list[Problem]) -> dict[str, str]:
    """Question intents and their lines, from each answers file the script lists, the later over the earlier."""
    found: dict[str, str] = {}
    for listed in document.root.get("answers", ()):
        path = f"{listed}.yml" if str(listed).startswith(f"{SHARED}/") else f"{name}/{listed}.yml"
        if path not in source:
            problems.append(document.problem(["answers"], f"names {listed}, which has no file", path))
            continue
        file = documents.read(source[path], path)
        found |= _by_intent(file, [], file.root, problems)
    return found


def _by_intent(
    document: Document, path: Sequence[str], entries: Mapping[Any, Any], problems: list[Problem] | None = None
) -> dict[str, str]:
    """`affirm | greet: explain` as one entry per intent."""
    read: dict[str, str] = {}
    for intent, target in _split(entries).items():
        if problems is not None and intent not in intents():
            problems.append(document.problem([*path, intent], "is not an intent", "a name from config/intents.yml"))
        read[intent] = str(target)
    return read


def _split(entries: Mapping[Any, Any]) -> dict[str, Any]:
    return {name.strip(): value for key, value in entries.items() for name in str(key).split("|")}
