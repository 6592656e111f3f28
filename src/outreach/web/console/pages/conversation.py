"""One conversation: what was said and how it was read, live while it goes on; the sound of calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from outreach.conversations import talk
from outreach.model import Conversation, Recording
from outreach.model.call import Call
from outreach.review import checklist, sheet
from outreach.rules.redaction import mask_numbers
from outreach.scripts.names import outcomes
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk, nothing
from outreach.web.console.guard import For
from outreach.web.console.problems import NotThere
from outreach.web.console.reading import Asked, Sent, Why
from outreach.web.console.sound import Sound

router = APIRouter()

LONGEST_RANGE = 40
"""Characters of what a player asked for that the audit keeps."""


@dataclass(frozen=True)
class Seen:
    """What the page shows already."""

    mark: str = ""


@router.get("/conversations/{conversation_id}")
def show(desk: Annotated[Desk, For(Permission.READ_CONVERSATIONS)], conversation_id: UUID) -> Response:
    """The whole page. That it was looked at is in the audit."""
    with desk.runtime.sessions.begin() as db:
        answer = _page(desk, db, conversation_id)
        desk.note(db, "conversation_viewed", conversation_id)
        return answer


@router.post("/conversations/{conversation_id}/numbers")
def show_numbers(
    desk: Annotated[Desk, For(Permission.UNMASK)], conversation_id: UUID, asked: Annotated[Why, Sent(Why)]
) -> Response:
    """The page with the numbers that were said, for whoever says why."""
    with desk.runtime.sessions.begin() as db:
        answer = _page(desk, db, conversation_id, whole=True)
        desk.note(db, "words_shown", conversation_id, asked.why)
        return answer


@router.get("/conversations/{conversation_id}/messages")
def refresh(
    desk: Annotated[Desk, For(Permission.READ_CONVERSATIONS, counts=False)],
    conversation_id: UUID,
    seen: Annotated[Seen, Asked(Seen)],
) -> Response:
    """The messages as they are now; nothing where the page shows them already. What was new is in the audit as seen."""
    with desk.runtime.sessions.begin() as db:
        found = talk.visible(db, conversation_id, desk.person.branch_id)
        if found is None:
            raise NotThere
        conversation: Conversation = found[0]
        said = talk.said(db, conversation_id)
        mark = talk.mark(conversation, said)
        if mark == seen.mark:
            return nothing()
        desk.note(db, "conversation_followed", conversation_id)
    return desk.page(
        "messages.html", said=said, mark=mark, conversation=conversation, customer=found[1],
        ended=talk.ended(conversation), whole=False,
    )  # fmt: skip


@router.get("/conversations/{conversation_id}/recordings/{call_id}")
def listen(desk: Annotated[Desk, For(Permission.HEAR_RECORDINGS)], conversation_id: UUID, call_id: UUID) -> Response:
    """The sound of a call; each time it is fetched is in the audit."""
    with desk.runtime.sessions.begin() as db:
        found = talk.visible(db, conversation_id, desk.person.branch_id)
        call, recording = db.get(Call, call_id), db.get(Recording, call_id)
        if found is None or call is None or call.conversation_id != conversation_id:
            raise NotThere
        if recording is None or recording.sound is None:
            raise NotThere
        part = desk.request.headers.get("range")
        desk.note(db, "recording_heard", conversation_id, asked={"part": part[:LONGEST_RANGE]} if part else {})
        sound = desk.runtime.sealer.open_sound(recording.sound)
    return Sound(sound, "audio/wav", recording.announced_at)


def _page(desk: Desk, db: Session, conversation_id: UUID, *, whole: bool = False) -> Response:
    found = talk.of(db, conversation_id, desk.person.branch_id)
    if found is None:
        raise NotThere
    said, written = talk.said(db, conversation_id), sheet.read(db, conversation_id, desk.person.login)
    return desk.page(
        "conversation.html", talk=found, customer=found.customer, said=said, mark=talk.mark(found.conversation, said),
        ended=talk.ended(found.conversation), names_shown=desk.person.may(Permission.SEE_NAMES), whole=whole,
        hides=any(one.words != one.message.text for one in said)
        or any(mask_numbers(note.words) != note.words for note in written.notes),
        sound_allowed=desk.person.may(Permission.HEAR_RECORDINGS), checklist=desk.runtime.checklist,
        sheet=written, marks=list(checklist.Mark), score=checklist.score,
        outcomes=outcomes(),
    )  # fmt: skip
