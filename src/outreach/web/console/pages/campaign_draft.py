"""Make a campaign: from a form or a file, checked as often as one likes, then proposed to somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from outreach.campaigns import (
    campaign_file,
    composing,
    explaining,
    forecast,
    launching,
    publication,
    schedule,
    segments,
)
from outreach.campaigns.composing import Draft
from outreach.documents import Problem, Refused
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.reading import Sent
from outreach.web.console.safety import LARGEST_BODIES

router = APIRouter()

NEW, CHECK = "/campaigns/new", "/campaigns/new/check"
LARGEST_FILE = 64 * 1024
"""Bytes; a campaign file has some dozen lines."""
LARGEST_BODIES[CHECK] = 2 * LARGEST_FILE


@dataclass(frozen=True)
class Form(Draft):
    """The fields of the form, or the whole file where somebody wrote or sent one."""

    channels: tuple[str, ...] = ()
    text: str = ""


@router.get(NEW)
def ask(desk: Annotated[Desk, For(Permission.RUN_CAMPAIGNS)]) -> Response:
    """The empty form."""
    return _page(desk, Form(channels=("sms",)), "")


@router.post(CHECK)
async def check(
    desk: Annotated[Desk, For(Permission.RUN_CAMPAIGNS)], form: Annotated[Form, Sent(Form)], request: Request
) -> Response:
    """What the campaign would do, or what is wrong with it; nothing is stored."""
    sent = (await request.form()).get("file")
    text = await _file(sent) if isinstance(sent, UploadFile) and sent.filename else form.text or composing.written(form)
    return await run_in_threadpool(_page, desk, form, text)


@router.post("/campaigns")
def propose(desk: Annotated[Desk, For(Permission.RUN_CAMPAIGNS)], form: Annotated[Form, Sent(Form)]) -> Response:
    """Keep it for somebody of compliance to approve."""
    runtime = desk.runtime
    try:
        file = campaign_file.read_text(form.text, "campaign")
        with runtime.sessions.begin() as db:
            proposed = launching.propose(db, runtime.house, file, desk.person.login, runtime.clock.now())
    except Refused:
        return _page(desk, form, form.text)
    return desk.go(f"/campaigns/{proposed.id}", done="proposed")


async def _file(sent: UploadFile) -> str:
    try:
        return (await sent.read(LARGEST_FILE)).decode("utf-8-sig", errors="replace")
    finally:
        await sent.close()


def _page(desk: Desk, form: Form, text: str) -> Response:
    runtime, known = desk.runtime, dict[str, Any](file=None, made=None, problems=[], sentences=[], days=[])
    if text:
        try:
            known |= _checked(desk, text)
        except Refused as refused:
            known["problems"] = _in_order(refused.problems)
    with runtime.sessions.reading() as db:
        offers = publication.offers(db)
    return desk.page(
        "campaign_draft.html", 422 if known["problems"] else 200, form=form, text=text, offers=offers,
        segments=segments.names(), **known,
    )  # fmt: skip


def _checked(desk: Desk, text: str) -> dict[str, Any]:
    runtime = desk.runtime
    file = campaign_file.read_text(text, "campaign")
    with runtime.sessions.reading() as db:
        made = forecast.of(db, runtime.house, file, runtime.clock.now())
    house = runtime.house
    opened = schedule.days(file.start, file.end, file.channels, file.terms.hours, house.policy, house.calendar)
    return {
        "file": file, "made": made, "sentences": list(explaining.explain(file, made, house)), "days": list(opened),
    }  # fmt: skip


def _in_order(problems: tuple[Problem, ...]) -> list[Problem]:
    return sorted(problems, key=lambda one: one.line)
