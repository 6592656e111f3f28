"""Try a script as a customer, by text or as if by voice: the real bot answers, nothing is kept and nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from outreach.conversations import trial
from outreach.conversations.inbound import NO_MORE_CHARACTERS
from outreach.conversations.trial import CannotTry, Trial
from outreach.dialogue.port import NoAnswer
from outreach.model import ScriptVersion
from outreach.rules.channel import Channel
from outreach.scripts import rendering
from outreach.scripts.script import Script
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.pages.script import assembled, version_of
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked, Sent

router = APIRouter()

CARRIED = TypeAdapter(Trial)
"""A trial travels in the page: the product keeps nothing of it."""
NO_ANSWER, NO_SENSE, UNREADABLE = "no_answer", "no_sense", "unreadable"
STATUS = {NO_ANSWER: 503, NO_SENSE: 409, UNREADABLE: 409}


@dataclass(frozen=True)
class Begin:
    """Which version, on which channel, in which wording."""

    version: str = ""
    channel: str = ""
    variant: str = rendering.DEFAULT_VARIANT


@dataclass(frozen=True)
class Turn:
    """What the customer says, and the talk so far as the page carried it."""

    talk: str = ""
    said: str = ""
    silent: bool = False


@router.get("/scripts/{script}/trial")
def begin(
    desk: Annotated[Desk, For(Permission.READ_SCRIPTS)], script: str, wish: Annotated[Begin, Asked(Begin)]
) -> Response:
    """The first words."""
    now = desk.runtime.clock.now()
    with desk.runtime.sessions.reading() as db:
        version = version_of(db, script, wish.version)
        talk = _fresh(assembled(db, version), version, wish, now)
    return _page(desk, script, talk)


@router.post("/scripts/{script}/trial")
def say(
    desk: Annotated[Desk, For(Permission.READ_SCRIPTS)], script: str, turn: Annotated[Turn, Sent(Turn)]
) -> Response:
    """One turn more. What cannot be answered stays in its field."""
    runtime = desk.runtime
    try:
        talk = CARRIED.validate_json(turn.talk)
    except ValidationError:
        with runtime.sessions.reading() as db:
            version = version_of(db, script, "")
            talk = _fresh(assembled(db, version), version, Begin(), runtime.clock.now())
        return _page(desk, script, talk, UNREADABLE, turn.said)
    said = "" if turn.silent else turn.said[:NO_MORE_CHARACTERS]
    silent = talk.channel is Channel.VOICE and turn.silent
    if len(talk.did) >= trial.MOST_TURNS or not (said.strip() or silent):
        return _page(desk, script, talk, said=turn.said)
    try:
        further = trial.answer(runtime.sessions, runtime.dialogue, runtime.house, talk, said)
        trial.played(runtime.sessions, runtime.house, further)  # what makes no sense is not kept
    except NoAnswer:
        return _page(desk, script, talk, NO_ANSWER, turn.said)
    except CannotTry:
        return _page(desk, script, talk, NO_SENSE, turn.said)
    return _page(desk, script, further)


def _page(desk: Desk, script: str, talk: Trial, problem: str = "", said: str = "") -> Response:
    """The talk as it stands; one that cannot be played is begun anew, and a script that cannot be read not at all.
    That somebody tries it is in the audit, turn by turn.
    """
    runtime = desk.runtime
    with runtime.sessions.begin() as db:
        version = db.get(ScriptVersion, talk.version)
        if version is None or version.script != script:
            raise NotThere
        desk.note(db, "script_tried", version.id, script=script, channel=talk.channel, turns=len(talk.did))
        read = assembled(db, version)
    try:
        played = trial.played(runtime.sessions, runtime.house, talk) if read else None
    except CannotTry:
        talk, problem = replace(talk, did=()), NO_SENSE
        played = None
    return desk.page(
        "script_trial.html", STATUS.get(problem, 200), script=script, version=version, read=read, talk=talk,
        carried=CARRIED.dump_json(talk).decode(), played=played, problem=problem, said=said,
        variants=rendering.variants(read) if read else (),
    )  # fmt: skip


def _fresh(read: Script | None, version: ScriptVersion, wish: Begin, now: datetime) -> Trial:
    """A trial of nothing yet, on a channel that the script has and in a variant that it words."""
    channels = read.channels if read else (Channel.SMS,)
    if (wish.channel and wish.channel not in channels) or (read and wish.variant not in rendering.variants(read)):
        raise NotThere
    return Trial(version.id, Channel(wish.channel or channels[0]), wish.variant, now)
