"""What staff write on one conversation: the review, the outcome put right, a reading put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from outreach.conversations import corrections, listing, outcomes, talk
from outreach.conversations.corrections import CannotCorrect
from outreach.conversations.outcomes import CannotSetOutcome
from outreach.model import Customer, Message
from outreach.review import sheet
from outreach.review.checklist import Mark
from outreach.review.sheet import Writing
from outreach.scripts.names import examples, intents
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotRead, NotThere, Overtaken
from outreach.web.console.reading import Sent, Words, pairs_sent

router = APIRouter()


@dataclass(frozen=True)
class TypedSheet:
    """The review form, beside the marks, whose names are those of the checklist."""

    revision: int
    note: Words = ""
    tags: Words = ""
    flagged: bool = False
    flag_why: Words = ""
    following: bool = False
    """Whether to go on with the queue."""


@dataclass(frozen=True)
class TypedOutcome:
    """An outcome put right."""

    revision: int
    outcome: str = ""
    why: Words = ""


@dataclass(frozen=True)
class TypedReading:
    """An intent put right."""

    intent: str = ""
    note: Words = ""


async def _marks(request: Request) -> Mapping[str, str]:
    """The marks that were given, by criterion."""
    form = dict(await pairs_sent(request))
    criteria = request.app.state.runtime.checklist.criteria
    given = {name: str(form[name]) for name in criteria if form.get(name)}
    if wrong := [name for name, mark in given.items() if mark not in set(Mark)]:
        raise NotRead([(name, ", ".join(Mark)) for name in wrong])
    return given


@router.post("/conversations/{conversation_id}/review")
def review(
    desk: Annotated[Desk, For(Permission.REVIEW_CONVERSATIONS)],
    conversation_id: UUID,
    typed: Annotated[TypedSheet, Sent(TypedSheet)],
    marks: Annotated[Mapping[str, str], Depends(_marks)],
) -> Response:
    """Save the whole sheet, unless somebody else did meanwhile."""
    criteria = desk.runtime.checklist.criteria
    if marks and len(marks) < len(criteria):
        raise NotRead([(name, ", ".join(Mark)) for name in criteria if name not in marks])
    writing = Writing(marks, typed.note, sheet.tags_in(typed.tags), typed.flagged, typed.flag_why)
    with desk.runtime.sessions.begin() as db:
        _must_see(db, desk, conversation_id)
        try:
            sheet.save(
                db, conversation_id, writing, seen=typed.revision, by=desk.person.login, now=desk.runtime.clock.now()
            )
        except sheet.Overtaken as faster:
            raise _overtaken(faster, conversation_id) from None
    return desk.go("/review/next") if typed.following else desk.go(f"/conversations/{conversation_id}", done="saved")


@router.post("/conversations/{conversation_id}/outcome")
def correct_outcome(
    desk: Annotated[Desk, For(Permission.CORRECT_OUTCOMES)],
    conversation_id: UUID,
    typed: Annotated[TypedOutcome, Sent(TypedOutcome)],
) -> Response:
    """Put the outcome right; the old one is kept."""
    now = desk.runtime.clock.now()
    with desk.runtime.sessions.begin() as db:
        _must_see(db, desk, conversation_id)
        _take(db, desk, conversation_id, typed.revision)
        try:
            outcomes.correct_outcome(db, conversation_id, typed.outcome, by=desk.person.login, why=typed.why, now=now)
        except CannotSetOutcome as problem:
            raise NotRead([("outcome", problem.told)]) from None
        listing.refresh(db, [conversation_id])
    return desk.go(f"/conversations/{conversation_id}", done="saved")


@router.get("/messages/{message_id}/reading")
def ask_reading(desk: Annotated[Desk, For(Permission.REVIEW_CONVERSATIONS)], message_id: UUID) -> Response:
    """What else a message may have meant."""
    with desk.runtime.sessions.begin() as db:
        conversation_id = _must_hear(db, desk, message_id)
        desk.note(db, "message_viewed", conversation_id)
        said = next(one for one in talk.said(db, conversation_id) if one.message.id == message_id)
        customer = _must_see(db, desk, conversation_id)
    return desk.page("reading.html", one=said, customer=customer, intents=intents(), examples=examples())


@router.post("/messages/{message_id}/reading")
def correct_reading(
    desk: Annotated[Desk, For(Permission.REVIEW_CONVERSATIONS)],
    message_id: UUID,
    typed: Annotated[TypedReading, Sent(TypedReading)],
) -> Response:
    """Keep what it meant; the model learns it with the next training."""
    with desk.runtime.sessions.begin() as db:
        conversation_id = _must_hear(db, desk, message_id)
        try:
            corrections.correct(
                db, message_id, typed.intent, by=desk.person.login, now=desk.runtime.clock.now(), note=typed.note
            )
        except CannotCorrect as problem:
            raise NotRead([("intent", problem.told)]) from None
        listing.refresh(db, [conversation_id])
    return desk.go(f"/conversations/{conversation_id}?done=saved#message-{message_id}")


def _must_see(db: Session, desk: Desk, conversation_id: UUID) -> Customer:
    """Whose conversation it is."""
    found = talk.visible(db, conversation_id, desk.person.branch_id)
    if found is None:
        raise NotThere
    customer: Customer = found[1]
    return customer


def _must_hear(db: Session, desk: Desk, message_id: UUID) -> UUID:
    """The conversation in which a customer said it."""
    message = db.get(Message, message_id)
    if message is None or message.conversation_id is None or message.side != "customer":
        raise NotThere
    _must_see(db, desk, message.conversation_id)
    return message.conversation_id


def _take(db: Session, desk: Desk, conversation_id: UUID, seen: int) -> None:
    try:
        sheet.take(db, conversation_id, seen=seen, by=desk.person.login, now=desk.runtime.clock.now())
    except sheet.Overtaken as faster:
        raise _overtaken(faster, conversation_id) from None


def _overtaken(faster: sheet.Overtaken, conversation_id: UUID) -> Overtaken:
    return Overtaken(faster.by, f"/conversations/{conversation_id}", {"revision": str(faster.revision)})
