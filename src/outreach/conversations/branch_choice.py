"""Which branch the customer means: taken where the words fit one, asked about where they fit several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from outreach import branches
from outreach.branches import Known
from outreach.conversations.scene import Scene
from outreach.model import Branch
from outreach.scripts import short_answers

MOST_CHOICES = 3
"""Branches named in a question; more than three nobody keeps in mind on the phone."""


def note_branch(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Take the branch that the customer's words mean, or that they choose of those they were asked about."""
    all_of_them = _known(scene.db)
    asked = [str(id_) for id_ in scene.kept.pop("branch_choices", [])]
    choices = sorted((one for one in all_of_them if one.id in asked), key=lambda one: asked.index(one.id))
    found = branches.named(scene.words, choices) or branches.named(scene.words, all_of_them)
    if not found and choices:
        found = _chosen(scene, choices)
    return _take(scene, found) or "unknown"


def branch_named(scene: Scene, event: Mapping[str, Any]) -> None:
    """Take a branch named in passing; words that name none change nothing, one that nobody knows is spoken of later."""
    words, all_of_them = str(event["words"]), _known(scene.db)
    if _take(scene, branches.named(words, all_of_them)) is None and branches.names_another(words, all_of_them):
        scene.kept["branch_unknown"] = True


def _take(scene: Scene, found: Sequence[Known]) -> str | None:
    """Keep what was found: one branch, or several to be asked about before anything is booked."""
    if found:
        scene.kept.pop("branch_unknown", None)
    if len(found) == 1:
        scene.kept["branch"] = found[0].id
        scene.kept.pop("branch_choices", None)
        return "noted"
    if found:
        scene.kept["branch_choices"] = [one.id for one in found[:MOST_CHOICES]]
        return "several"
    return None


def _chosen(scene: Scene, choices: Sequence[Known]) -> list[Known]:
    """The choice by its number; where it is left to us, the customer's own branch or the first."""
    number = next((form for form in short_answers.forms(scene.words) if form.isascii() and form.isdecimal()), None)
    if number is not None:
        return list(choices[int(number) - 1 : int(number)]) if int(number) else []
    own = [one for one in choices if one.id == str(scene.customer.branch_id)]
    return (own or list(choices))[:1] if branches.leaves_it_open(scene.words) else []


def _known(db: Session) -> list[Known]:
    return [
        Known(str(branch.id), branch.name, tuple(branch.aliases), branch.area, branch.address)
        for branch in db.exec(select(Branch).order_by(col(Branch.name)))
    ]
