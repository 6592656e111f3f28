"""Answer a text conversation oneself: take it over, write, hand it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session, col, select

from outreach import queue
from outreach.conversations import answering_list, takeover, talk
from outreach.conversations.outcomes import CannotSetOutcome
from outreach.conversations.takeover import CannotAnswer, HeldBy
from outreach.model import ConversationState, Takeover
from outreach.rules.sms_length import segments
from outreach.scripts.names import outcomes
from outreach.staff.permissions import Permission
from outreach.web.console import problems
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotRead, NotThere
from outreach.web.console.reading import Sent, Words

router = APIRouter()


@dataclass(frozen=True)
class Over:
    """Taking over; `instead_of` names whom the person saw answering."""

    instead_of: str | None = None


@dataclass(frozen=True)
class Written:
    """A text as somebody typed it."""

    words: str = ""


@dataclass(frozen=True)
class Back:
    """Handing back: what the next one should know, and the outcome where the conversation ends."""

    note: Words
    outcome: str | None = None


@router.get("/answering")
def show_all(desk: Annotated[Desk, For(Permission.ANSWER_CUSTOMERS)]) -> Response:
    """What staff answer, and what waits for them."""
    with desk.runtime.sessions.begin() as db:
        desk.note(db, "answering_listed")
        return desk.page("answering.html", rows=answering_list.of(db, desk.person.branch_id))


@router.post("/answering/check")
def check(
    desk: Annotated[Desk, For(Permission.ANSWER_CUSTOMERS, counts=False)], written: Annotated[Written, Sent(Written)]
) -> Response:
    """How many segments a text costs, and what must not stand in it; asked while somebody types."""
    wrong = takeover.unsendable(written.words) if written.words.strip() else None
    body = takeover.signed(desk.runtime.house, written.words)
    return desk.page("answer_check.html", count=segments(body), characters=len(body), wrong=wrong)


@router.get("/answering/{conversation_id}")
def show(desk: Annotated[Desk, For(Permission.ANSWER_CUSTOMERS)], conversation_id: UUID) -> Response:
    """The conversation, and where one answers. That it was looked at is in the audit."""
    with desk.runtime.sessions.begin() as db:
        answer = _page(desk, db, conversation_id)
        desk.note(db, "conversation_viewed", conversation_id)
        return answer


@router.post("/answering/{conversation_id}/take-over")
def take_over(
    desk: Annotated[Desk, For(Permission.ANSWER_CUSTOMERS)], conversation_id: UUID, asked: Annotated[Over, Sent(Over)]
) -> Response:
    """Answer from now on; the bot is silent."""
    return _change(
        desk, conversation_id, "taken_over",
        lambda db: takeover.take_over(
            db, conversation_id, by=desk.person.login, now=desk.runtime.clock.now(), instead_of=asked.instead_of
        ),
        over=True,
    )  # fmt: skip


@router.post("/answering/{conversation_id}/write")
def write(
    desk: Annotated[Desk, For(Permission.ANSWER_CUSTOMERS)],
    conversation_id: UUID,
    written: Annotated[Written, Sent(Written)],
) -> Response:
    """Send a text of one's own."""
    house, now = desk.runtime.house, desk.runtime.clock.now()
    answer = _change(
        desk, conversation_id, "queued",
        lambda db: takeover.write(db, house, conversation_id, written.words, by=desk.person.login, now=now),
        typed=written.words,
    )  # fmt: skip
    desk.runtime.queue.defer(queue.SEND)
    return answer


@router.post("/answering/{conversation_id}/hand-back")
def hand_back(
    desk: Annotated[Desk, For(Permission.ANSWER_CUSTOMERS)], conversation_id: UUID, said: Annotated[Back, Sent(Back)]
) -> Response:
    """Leave it to the bot, or end it."""
    house, now = desk.runtime.house, desk.runtime.clock.now()
    answer = _change(
        desk, conversation_id, "handed_back",
        lambda db: takeover.hand_back(
            db, house, conversation_id, note=said.note, outcome=said.outcome, by=desk.person.login, now=now
        ),
    )  # fmt: skip
    desk.runtime.at_once.heard(conversation_id)
    return answer


def _change(
    desk: Desk, conversation_id: UUID, done: str, change: Callable[[Session], object], typed: str = "", *,
    over: bool = False,
) -> Response:  # fmt: skip
    """Change who answers, or write; whoever is not the one to write may be once they have taken over."""
    try:
        with desk.runtime.sessions.begin() as db:
            if talk.visible(db, conversation_id, desk.person.branch_id) is None:
                raise NotThere
            change(db)
    except HeldBy as other:
        again = {"instead_of": other.by} if over else {}
        raise problems.Overtaken(other.by, f"/answering/{conversation_id}", again) from None
    except CannotSetOutcome as wrong:
        raise NotRead([("outcome", wrong.told)]) from None
    except CannotAnswer as wrong:
        with desk.runtime.sessions.reading() as db:
            return _page(desk, db, conversation_id, wrong, typed)
    return desk.go(f"/answering/{conversation_id}", done=done)


def _page(
    desk: Desk, db: Session, conversation_id: UUID, wrong: CannotAnswer | None = None, typed: str = ""
) -> Response:
    found = talk.visible(db, conversation_id, desk.person.branch_id)
    if found is None:
        raise NotThere
    conversation, customer = found
    said = talk.said(db, conversation_id)
    held = takeover.standing(db, conversation_id) if conversation.state is ConversationState.WITH_STAFF else None
    spells = select(Takeover).where(Takeover.conversation_id == conversation_id, col(Takeover.ended_at).is_not(None))
    return desk.page(
        "answer.html", 422 if wrong else 200, conversation=conversation, customer=customer, said=said, held=held,
        mark=talk.mark(conversation, said), ended=talk.ended(conversation), wrong=wrong, typed=typed,
        spells=db.exec(spells.order_by(col(Takeover.started_at))).all(), outcomes=list(outcomes()),
        signature=desk.runtime.house.bank.signature, most=takeover.MOST_CHARACTERS, count=1, characters=0,
        whole=False,
    )  # fmt: skip
