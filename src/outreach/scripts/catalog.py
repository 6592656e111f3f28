"""Read a script from its folder, or from the snapshot that publishing kept of the same files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outreach import documents
from outreach.documents import Document, Problem, Refused
from outreach.places import SCRIPTS
from outreach.said import said
from outreach.scripts.form import Form
from outreach.scripts.script import Flow, Script

SHARED = "_shared"
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
DEFAULT_LIMITS: Mapping[str, int] = {
    "not_understood": 2,
    "silence": 2,
    "refusals": 2,
    "tries": 2,  # lines that answer an objection or a refusal with the offer
    "turns": 30,  # a loop in the dialogue must not become a long conversation
    "doubts": 2,
    "courtesies": 2,
    "said_before": 2,
    "stop_doubts": 2,
}

REQUIRED = ("script", "title", "owner", "channels", "goal", "opening", "steps")
KEYS = (*REQUIRED, "product", "facts", "offer", "sample", "answers", "anywhere", "reopen", "limits", "budget")
CHANNELS = ("sms", "voice")
SHARED_KEYS = ("asks", "replies", "steps", "after_end")

Files = Mapping[str, str]
"""A script's files by their path inside `scripts_templates`, the shared ones among them."""


def names(folder: Path = SCRIPTS) -> list[str]:
    """The scripts that have a folder."""
    return sorted(path.parent.name for path in folder.glob("*/script.yml"))


def files(name: str, folder: Path = SCRIPTS) -> Files:
    """All files that make up one script; raises Refused when there is no such folder or a file cannot be read."""
    if not NAME.match(name) or name not in names(folder):
        known = "、".join(names(folder)) or said("none")
        missing = Problem(
            f"{folder.name}/{name}", 1, "script", said("has no script.yml"), said("one of %(known)s", known=known)
        )
        raise Refused([missing])
    read: dict[str, str] = {}
    for path in (path for part in (SHARED, name) for path in sorted((folder / part).rglob("*"))):
        if path.suffix in {".yml", ".j2"} and path.is_file():
            inside = path.relative_to(folder).as_posix()
            try:
                read[inside] = path.read_text(encoding="utf-8-sig")
            except (UnicodeDecodeError, OSError):
                raise Refused([Problem(inside, 1, "file", said("cannot be read"), said("a UTF-8 file"))]) from None
    return read


def load(name: str, folder: Path = SCRIPTS) -> Script:
    """Read one script from its folder; raises Refused with every problem of form."""
    return assemble(name, files(name, folder))


def assemble(name: str, source: Files) -> Script:
    """Make a script of its files; raises Refused with every problem of form. What it says is for `checks`."""
    own, shared = Form(document(source, f"{name}/script.yml")), Form(document(source, f"{SHARED}/replies.yml"))
    root = own.keys([], own.document.root, KEYS)
    for key in REQUIRED:
        if key not in root:
            own.refuse([key], said("is missing"), f"`{key}:`")
    if own.problems:
        raise Refused(own.problems)
    if root["script"] != name:
        own.refuse(["script"], said("is not the name of the folder"), name)
    script = Script(
        name=name,
        title=own.text(["title"], root["title"]),
        owner=own.text(["owner"], root["owner"]),
        channels=own.texts(["channels"], root["channels"]),
        goal=own.texts(["goal"], root["goal"]),
        facts=own.texts(["facts"], root.get("facts", [])),
        offer=_offer(own, root),
        product=own.text(["product"], root.get("product", "marketing")),
        flow=_flow(own, shared, name, root, source),
        wording={path: text for path, text in source.items() if path.endswith(".j2")},
        source=dict(source),
        version=version(source),
        budget=own.number(["budget"], root["budget"]) if "budget" in root else None,
    )
    if problems := [*own.problems, *shared.problems]:
        raise Refused(problems)
    return script


def document(source: Files, path: str) -> Document:
    """One of the script's YAML files; raises Refused when it is missing or not a mapping."""
    if path not in source:
        raise Refused([Problem(path, 1, "file", said("does not exist"), said("a YAML file"))])
    return documents.read(source[path], path)


def own_steps(script: Script) -> frozenset[str]:
    """The steps that the script itself says, beside those that every script shares."""
    return frozenset(str(name) for name in document(script.source, f"{script.name}/script.yml").root["steps"])


def answers_path(name: str, listed: str) -> str:
    """The path of an answers file as `answers:` lists it."""
    return f"{listed}.yml" if listed.startswith(f"{SHARED}/") else f"{name}/{listed}.yml"


def version(source: Files) -> str:
    """The name of this content: the same files always have the same version."""
    canonical = json.dumps(sorted(source.items()), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _offer(own: Form, root: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the offer, each with its sample where there is one."""
    fields = own.texts(["offer"], root.get("offer", []))
    samples = own.keys(["sample"], root.get("sample"), fields)
    return {field: own.text(["sample", field], samples[field]) if field in samples else "" for field in fields}


def _openings(own: Form, root: Mapping[str, Any]) -> dict[str, str]:
    """`opening: STEP` for every channel, or `opening: {sms: STEP, voice: STEP}`."""
    written, channels = root["opening"], root["channels"]
    if isinstance(written, Mapping):
        return {str(key): own.text(["opening", key], written[key]) for key in own.keys(["opening"], written, CHANNELS)}
    return dict.fromkeys(channels if isinstance(channels, list) else [], own.text(["opening"], written))


def _flow(own: Form, shared: Form, name: str, root: Mapping[str, Any], source: Files) -> Flow:
    common = shared.keys([], shared.document.root, SHARED_KEYS)
    ends = shared.mapping(["after_end"], common.get("after_end"))
    after_end = {str(outcome): shared.replies(["after_end", outcome], entries) for outcome, entries in ends.items()}
    if "otherwise" not in after_end.get("any", {}):
        shared.refuse(
            ["after_end", "any"], said("does not say what happens otherwise"), said("`otherwise: …` below `any:`")
        )
    limits = own.mapping(["limits"], root.get("limits"))
    kinds = shared.kinds(common.get("asks"))
    return Flow(
        openings=_openings(own, root),
        steps=shared.steps(common.get("steps"), kinds) | own.steps(root["steps"], kinds),
        anywhere=own.targets(["anywhere"], root.get("anywhere")),
        answers=_answers(own, name, source, own.texts(["answers"], root.get("answers", []))),
        replies=shared.replies(["replies"], common.get("replies")),
        after_end=after_end,
        limits={**DEFAULT_LIMITS, **{str(key): own.number(["limits", key], limits[key]) for key in limits}},
        reopen=own.text(["reopen"], root["reopen"]) if "reopen" in root else None,
    )


def _answers(own: Form, name: str, source: Files, listed: tuple[str, ...]) -> dict[str, str]:
    """Question intents and their lines, from each answers file the script lists, the later over the earlier."""
    found: dict[str, str] = {}
    for number, file in enumerate(listed):
        path = answers_path(name, file)
        if path not in source:
            own.refuse(["answers", number], said("names %(file)s, which has no file", file=file), path)
            continue
        form = Form(document(source, path), own.problems)
        found |= form.targets([], form.document.root)
    return found
