"""Change a script in the page: one file or several on top of a version, shown and checked, then proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from outreach.campaigns import script_draft, script_gate
from outreach.campaigns.publication import NotPublished
from outreach.campaigns.script_draft import Texts
from outreach.documents import Problem, Refused
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.pages.script import assembled, version_of
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked, pairs_sent

router = APIRouter()

PROPOSE = "propose"
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Wish:
    """The version to begin with, and the first file to change."""

    version: str = ""
    path: str = ""


@router.get("/scripts/{script}/draft")
def begin(
    desk: Annotated[Desk, For(Permission.PROPOSE_SCRIPTS)], script: str, wish: Annotated[Wish, Asked(Wish)]
) -> Response:
    """The files that can be changed, one of them opened."""
    return _page(desk, script, wish.version, {}, wish.path)


@router.post("/scripts/{script}/draft")
async def change(desk: Annotated[Desk, For(Permission.PROPOSE_SCRIPTS)], script: str, request: Request) -> Response:
    """What was typed, checked and shown; or proposed."""
    form = FormData(await pairs_sent(request))
    return await run_in_threadpool(_change, desk, script, form)


def _change(desk: Desk, script: str, form: FormData) -> Response:
    named, opened = str(form.get("version", "")), str(form.get("opened", ""))
    # An emptied field counts, so the pairs are read as they came.
    texts = dict(zip(map(str, form.getlist("path")), map(str, form.getlist("text")), strict=False))
    if form.get("act") != PROPOSE:
        return _page(desk, script, named, texts, opened)
    runtime = desk.runtime
    try:
        with runtime.sessions.begin() as db:
            version = version_of(db, script, named)
            read = assembled(db, version)
            if read is None or texts.keys() - script_draft.places(read, texts).keys():
                raise NotThere
            files = script_draft.written(read, texts)
            if files == version.source:
                return _page(desk, script, named, texts, opened, problem=UNCHANGED)
            proposed = script_gate.propose(
                db, runtime.house.bank, script, files, desk.person.login, runtime.clock.now()
            )
    except Refused:  # named on the page, as after a check
        return _page(desk, script, named, texts, opened)
    except NotPublished as problem:
        return _page(desk, script, named, texts, opened, problem=problem.kind, why=problem)
    done = "version_known" if proposed.approved_at else "version_proposed"
    return desk.go(f"/scripts/{script}/versions/{proposed.version}", done=done)


def _page(
    desk: Desk,
    script: str,
    named: str,
    texts: Texts,
    opened: str,
    *,
    problem: str = "",
    why: NotPublished | None = None,
) -> Response:
    bank = desk.runtime.house.bank
    with desk.runtime.sessions.begin() as db:
        version = version_of(db, script, named)
        desk.note(db, "script_draft_viewed", version.id, script=script)
        read = assembled(db, version)
    if read is None:
        return desk.page("script_draft.html", 409, script=script, version=version, read=None, problem=problem)
    places = script_draft.places(read, texts)
    if {*texts, *filter(None, [opened])} - places.keys():
        raise NotThere
    shown = dict(texts) | ({opened: places[opened]} if opened and opened not in texts else {})
    drafted = script_draft.drafted(read, texts, bank) if texts else None
    problems: tuple[Problem, ...] = tuple(drafted.problems) if drafted else ()
    return desk.page(
        "script_draft.html", 422 if problems else 409 if problem else 200, script=script, version=version, read=read,
        places=places, texts=shown, original=version.source, drafted=drafted, problems=problems, problem=problem,
        why=why, bank=bank,
    )  # fmt: skip
