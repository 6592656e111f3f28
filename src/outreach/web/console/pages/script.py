"""One script: its flow drawn with counts, every line in its words, the content check, its versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach.campaigns import publication, report_steps, script_gate, script_shelf
from outreach.campaigns.publication import NotPublished
from outreach.conversations import wording
from outreach.documents import Refused
from outreach.model import Campaign, ScriptVersion
from outreach.scripts import catalog, drawing, layout, proofs
from outreach.scripts.script import Script
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked

router = APIRouter()

ALL = "all"
"""Every campaign, and whoever was contacted without one."""


@dataclass(frozen=True)
class Look:
    """Which version, in which campaign, and whether every shared step is drawn, too."""

    version: str = ""
    campaign: str = ""
    whole: bool = False


@router.get("/scripts/{script}")
def show(
    desk: Annotated[Desk, For(Permission.READ_SCRIPTS)], script: str, look: Annotated[Look, Asked(Look)]
) -> Response:
    """The flow, the figures, the check and the versions."""
    return page(desk, script, look)


@router.get("/scripts/{script}/lines")
def show_lines(
    desk: Annotated[Desk, For(Permission.READ_SCRIPTS)], script: str, look: Annotated[Look, Asked(Look)]
) -> Response:
    """Every line on every channel and in every variant, with sample facts."""
    bank = desk.runtime.house.bank
    with desk.runtime.sessions.begin() as db:
        version = version_of(db, script, look.version)
        desk.note(db, "script_lines_viewed", version.id, script=script)
        read = assembled(db, version)
        problems = script_gate.problems(version, bank)
    refused: dict[str, list[Any]] = {}
    for one in problems:
        refused.setdefault(one.file, []).append(one)
    return desk.page(
        "script_lines.html", script=script, version=version, read=read, refused=refused, bank=bank,
        proofs=proofs.of(read, bank) if read else [], said_at=proofs.said_at(read) if read else {},
    )  # fmt: skip


@router.post("/scripts/{script}/proposal")
def propose(desk: Annotated[Desk, For(Permission.PROPOSE_SCRIPTS)], script: str) -> Response:
    """Keep the shipped folder as it is now for somebody else to approve."""
    runtime = desk.runtime
    try:
        files = catalog.files(script)
        with runtime.sessions.begin() as db:
            proposed = script_gate.propose(
                db, runtime.house.bank, script, files, desk.person.login, runtime.clock.now()
            )
    except Refused as refused:
        return page(desk, script, Look(), refused=refused)
    except NotPublished as problem:
        return page(desk, script, Look(), problem=problem)
    done = "version_known" if proposed.approved_at else "version_proposed"
    return desk.go(f"/scripts/{script}/versions/{proposed.version}", done=done)


def page(
    desk: Desk, script: str, look: Look, *, refused: Refused | None = None, problem: NotPublished | None = None
) -> Response:
    """The page, with what could not be done where something could not. That it was looked at is in the audit."""
    bank = desk.runtime.house.bank
    with desk.runtime.sessions.begin() as db:
        known = publication.versions(db, script)
        if not known and script not in catalog.names():
            raise NotThere
        in_use = publication.published(db, script)
        version = version_of(db, script, look.version) if known else None
        desk.note(db, "script_viewed", version.id if version else None, script=script)
        read = assembled(db, version) if version else None
        campaigns = script_shelf.campaigns_of(db, version.id) if version else []
        chosen = _campaign(look, campaigns)
        shown = dict[str, Any](picture=None, figures={}, words={}, read=read)
        if version and read:
            counted = report_steps.of_latest(db, read, version, chosen)
            shown |= _drawn(read, whole=look.whole) | {
                "figures": {one.step: one for one in counted}, "words": proofs.first_words(read, bank),
            }  # fmt: skip
        return desk.page(
            "script.html", 409 if refused or problem else 200, script=script, version=version, in_use=in_use,
            since=script_shelf.since(db, in_use) if in_use else None, versions=known,
            waiting={one.id for one in publication.waiting(db, script)}, decisions=publication.decisions(db, script),
            problems=script_gate.problems(version, bank) if version else [], campaigns=campaigns, look=look,
            latest=report_steps.LATEST, chosen=look.campaign or (str(chosen) if chosen else ALL), differs=_folder_differs(script, in_use),
            refused=refused.problems if refused else (), problem=problem, **shown,
        )  # fmt: skip


def version_of(db: Session, script: str, name: str) -> ScriptVersion:
    """The version that is asked for; without a name the one in use, else the newest."""
    if name:
        version = script_gate.known(db, script, name)
    else:
        version = publication.published(db, script) or next(iter(publication.versions(db, script)), None)
    if version is None:
        raise NotThere
    return version


def assembled(db: Session, version: ScriptVersion) -> Script | None:
    """The script of a version; None where its files are gone or cannot be read, which the check then says."""
    try:
        return wording.script_of(db, version.id)
    except Refused:
        return None


def _drawn(read: Script, *, whole: bool) -> dict[str, Any]:
    flow = drawing.drawn(read.flow)
    shown = flow if whole else drawing.folded(flow, catalog.own_steps(read))
    return {
        "picture": layout.laid_out(shown),
        "flow": flow,
        "stations": shown.steps,
        "opening": next(iter(read.flow.openings.values())),
        "own": catalog.own_steps(read),
    }


def _campaign(look: Look, campaigns: list[Campaign]) -> UUID | None:
    """The campaign that is asked for; without a wish the latest that uses the version, or all where none does."""
    if look.campaign == ALL:
        return None
    if not look.campaign:
        return campaigns[0].id if campaigns else None
    found = next((one.id for one in campaigns if str(one.id) == look.campaign), None)
    if found is None:
        raise NotThere
    return found


def _folder_differs(script: str, in_use: ScriptVersion | None) -> bool | None:
    """Whether the shipped folder is not what is in use; None where there is no folder."""
    try:
        return in_use is None or catalog.version(catalog.files(script)) != in_use.version
    except Refused:
        return None
