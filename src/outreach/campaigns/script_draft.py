"""A version of a script with other words or another flow: which files may be changed, and how the changed lines read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.conversations.bank import Bank
from outreach.documents import Problem, Refused
from outreach.scripts import catalog, checks, proofs, reach, rendering
from outreach.scripts.catalog import Files
from outreach.scripts.proofs import Proof
from outreach.scripts.script import Script

Texts = Mapping[str, str]
"""Path of a file to what it is to hold."""


@dataclass(frozen=True)
class Drafted:
    """What the changed files come to."""

    problems: Sequence[Problem]
    proofs: Sequence[Proof]
    """The lines that they word."""


def places(script: Script, texts: Texts) -> dict[str, str]:
    """Every file that may be changed, with what it says now; a flow that is changed brings the lines that it says anew."""
    found, flow = _places(script), f"{script.name}/script.yml"
    try:
        # Of the flow alone: any other file that somebody sends would name itself.
        drafted = catalog.assemble(script.name, written(script, {flow: texts[flow]} if flow in texts else {}))
    except Refused:
        return found
    return dict(sorted((_places(drafted) | found).items())) if checks.walkable(drafted) else found


def _places(script: Script) -> dict[str, str]:
    """The script's own flow, answers and wordings, the flow first.

    A line that all scripts share gets a file of the script's own when it is changed, so the others keep theirs.
    """
    found = {path: text for path, text in script.source.items() if path.startswith(f"{script.name}/")}
    for channel in script.channels:
        for line in reach.lines(script.flow, channel):
            shared = rendering.wording_path(script, channel, line)
            found.setdefault(f"{script.name}/{channel}/{line}.j2", script.wording.get(shared or "", ""))
    return found


def written(script: Script, texts: Texts) -> Files:
    """The version's files with the changed ones among them; what reads as it did stays as it was."""
    now = _places(script)
    changed = {path: _as_file(text) for path, text in texts.items()}
    return {
        **script.source, **{path: text for path, text in changed.items() if text.strip() != now.get(path, "").strip()}
    }  # fmt: skip


def drafted(script: Script, texts: Texts, bank: Bank) -> Drafted:
    """What the content check says of the draft, and the changed lines in their words."""
    files = written(script, texts)
    problems = checks.check_files(script.name, files, bank)
    try:
        made = catalog.assemble(script.name, files)
    except Refused:
        return Drafted(problems, [])
    worded = proofs.of(made, bank) if checks.walkable(made) else []
    return Drafted(problems, [one for one in worded if one.path in texts])


def _as_file(text: str) -> str:
    """What a browser's field holds, as the lines of a file."""
    return "\n".join(text.replace("\x00", "").splitlines()).strip() + "\n"
