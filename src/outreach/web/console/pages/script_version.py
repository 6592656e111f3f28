"""One version of a script: what differs from another, what the check says, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach.campaigns import publication, script_gate
from outreach.campaigns.publication import NotPublished
from outreach.conversations.bank import Bank
from outreach.documents import Refused
from outreach.model import ScriptVersion
from outreach.scripts import differing
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.pages.script import version_of
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked, Sent, Why

router = APIRouter()

Act = Callable[[Session, Bank, str, datetime], ScriptVersion]


@dataclass(frozen=True)
class Beside:
    """The version it is compared with; the one before it where none is named."""

    against: str = ""


@router.get("/scripts/{script}/versions/{version}")
def show(
    desk: Annotated[Desk, For(Permission.READ_SCRIPTS)],
    script: str,
    version: str,
    beside: Annotated[Beside, Asked(Beside)],
) -> Response:
    """The differences, file by file."""
    return _page(desk, script, version, beside)


@router.post("/scripts/{script}/versions/{version}/approval")
def approve(desk: Annotated[Desk, For(Permission.PUBLISH_SCRIPTS)], script: str, version: str) -> Response:
    """Publish what somebody else proposed."""
    return _act(
        desk, script, version, "version_approved",
        lambda db, bank, by, now: script_gate.approve(db, bank, script, by, now, version),
    )  # fmt: skip


@router.post("/scripts/{script}/versions/{version}/rejection")
def reject(
    desk: Annotated[Desk, For(Permission.PUBLISH_SCRIPTS)], script: str, version: str, said: Annotated[Why, Sent(Why)]
) -> Response:
    """Send a proposal back."""
    return _act(
        desk, script, version, "version_rejected",
        lambda db, _bank, by, now: publication.reject(db, script, version, by, said.why, now),
    )  # fmt: skip


@router.post("/scripts/{script}/versions/{version}/restoration")
def restore(
    desk: Annotated[Desk, For(Permission.PUBLISH_SCRIPTS)], script: str, version: str, said: Annotated[Why, Sent(Why)]
) -> Response:
    """Go back to an earlier version."""
    return _act(
        desk, script, version, "version_restored",
        lambda db, bank, by, now: script_gate.restore(db, bank, script, version, by, said.why, now),
    )  # fmt: skip


def _act(desk: Desk, script: str, version: str, done: str, act: Act) -> Response:
    runtime = desk.runtime
    try:
        with runtime.sessions.begin() as db:
            version_of(db, script, version)
            act(db, runtime.house.bank, desk.person.login, runtime.clock.now())
    except NotPublished as problem:
        return _page(desk, script, version, Beside(), problem)
    except Refused:  # what is wrong stands on the page in any case
        return _page(desk, script, version, Beside(), refused=True)
    return desk.go(f"/scripts/{script}/versions/{version}", done=done)


def _page(
    desk: Desk, script: str, name: str, beside: Beside, problem: NotPublished | None = None, *, refused: bool = False
) -> Response:
    with desk.runtime.sessions.begin() as db:
        version = version_of(db, script, name)
        known = publication.versions(db, script)
        other = _other(version, known, beside.against)
        against = other.version if other else ""
        desk.note(db, "script_version_viewed", version.id, script=script, against=against)
        in_use = publication.published(db, script)
        return desk.page(
            "script_version.html", 409 if problem or refused else 200, script=script, version=version, other=other,
            versions=known, in_use=in_use, problems=script_gate.problems(version, desk.runtime.house.bank),
            waits=version.id in {one.id for one in publication.waiting(db, script)},
            decisions=[one for one in publication.decisions(db, script) if one.version_id == version.id],
            differences=differing.between(other.source if other else {}, version.source), problem=problem,
            refused=refused,
        )  # fmt: skip


def _other(version: ScriptVersion, known: list[ScriptVersion], against: str) -> ScriptVersion | None:
    if against:
        found = next((one for one in known if one.version == against), None)
        if found is None:
            raise NotThere
        return found
    return next((one for one in known if one.number < version.number), None)
