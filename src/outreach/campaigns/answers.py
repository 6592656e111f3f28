"""Record what the carrier answered to requests, many in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import stamina
import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from outreach.campaigns import settle
from outreach.campaigns.claim import Claimed
from outreach.carrier.port import Accepted, Refused, SendError, Sent, TooLate
from outreach.clock import Clock
from outreach.conversations.house import House
from outreach.model import Attempt, Conversation, Message, Sessions
from outreach.model.database import database_now
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, advance

log = structlog.get_logger()

UNKNOWN_SECONDS = 120
"""How long a callback may take to prove an unknown send before the carrier is asked (reliability.md)."""
BACK_OFF_SECONDS = (1, 2, 4, 8, 15, 30)
"""Machine time before a text that provably was not sent is tried again."""


@dataclass(frozen=True)
class Answered:
    """What came of one request."""

    text: Claimed
    answer: Accepted | SendError


# A database that restarts comes back within seconds; what is not recorded by then is asked about at the carrier.
@stamina.retry(on=OperationalError, attempts=8, timeout=20, wait_initial=0.1, wait_max=3.0)
def record(sessions: Sessions, clock: Clock, house: House, carrier: str, answered: Sequence[Answered]) -> None:
    """Bring each text up to what the carrier answered. Callbacks may have overtaken the answer."""
    now = clock.now()
    taken = {one.text.id: one.answer for one in answered if isinstance(one.answer, Accepted)}
    fences = {one.text.id: one.text.fence for one in answered}
    with sessions.begin() as db:
        news = settle.taken(db, house, carrier, taken, fences, now) if taken else set()
        rest = sorted((one for one in answered if one.text.id not in news), key=lambda each: each.text.id)
        messages = _messages(db, rest) if rest else {}
        for one in rest:
            _record(db, clock, house, carrier, one, messages[one.text.id], now)
    for text in taken:
        log.info("text_sent", message=str(text))


def _messages(db: Session, answered: Sequence[Answered]) -> dict[UUID, Message]:
    """The rows, locked in one order everywhere, with what settling looks at fetched in one go."""
    ids = [one.text.id for one in answered]
    locked = select(Message).where(col(Message.id).in_(ids)).order_by(col(Message.id)).with_for_update()
    messages = {message.id: message for message in db.exec(locked)}
    if openings := [message.conversation_id for message in messages.values() if message.starts_contact]:
        talks = db.exec(select(Conversation).where(col(Conversation.id).in_(openings))).all()
        db.exec(select(Attempt).where(col(Attempt.id).in_([talk.attempt_id for talk in talks]))).all()
    return messages


def _record(
    db: Session, clock: Clock, house: House, carrier: str, one: Answered, message: Message, now: datetime
) -> None:
    text, answer = one.text, one.answer
    if isinstance(answer, Accepted):
        if message.carrier_ref is None:  # else a callback was faster
            settle.accepted(db, house, message, carrier, answer.ref, answer.state, now)
        return
    log.warning("text_not_sent", message=str(text.id), reason=answer.reason, sent=str(answer.sent))
    if message.state is not MessageState.SENDING or message.claims != text.fence:
        return  # proved meanwhile, or another holder's by now: what one knew who came before says nothing about it
    if isinstance(answer, Refused):
        message.state = advance(message.state, MessageState.REJECTED)
        settle.failed(db, message, _outcome(text, answer), answer.error_code, now)
    elif isinstance(answer, TooLate):
        message.state, message.lease_until = advance(message.state, MessageState.QUEUED), None
    elif answer.sent is Sent.NO:
        pause = BACK_OFF_SECONDS[min(message.tries, len(BACK_OFF_SECONDS) - 1)]
        message.state = advance(message.state, MessageState.QUEUED)
        message.tries += 1
        message.lease_until = None
        message.not_before = now + timedelta(seconds=pause * clock.anchor().rate)
    else:
        message.state = advance(message.state, MessageState.UNKNOWN)
        message.lease_until = database_now(db) + timedelta(seconds=UNKNOWN_SECONDS)
    db.add(message)


def _outcome(text: Claimed, refused: Refused) -> str:
    """How an attempt ends whose request was refused: words of texts do not fit a call that nobody heard ring."""
    texts_only = {"undelivered", "blocked"}
    return "unreachable" if text.channel is Channel.VOICE and refused.outcome in texts_only else refused.outcome
