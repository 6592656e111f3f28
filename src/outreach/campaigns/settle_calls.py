"""What came of a call: the carrier's reports, what its machine detection found, calls nobody reported the end of."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from outreach.campaigns import after_call, settle
from outreach.carrier.call_port import OVER, STATE_OF, CallCarrier, CallReport, CallStatus, NoSuchCall
from outreach.carrier.port import NotAnswered
from outreach.carrier.speech import Speech
from outreach.clock import Clock, machine_now
from outreach.conversations import speech, turn
from outreach.conversations.house import House
from outreach.conversations.scene import close
from outreach.model import (
    Attempt,
    Call,
    Conversation,
    ConversationState,
    Message,
    Sessions,
    Side,
    StaffTask,
    TaskKind,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, advance

log = structlog.get_logger()

ANSWERED_SIP = "200"
OUTCOME_OF_SIP = {
    # RFC 3261, 21: what the network said of a call that was not answered.
    "404": "invalid_number",
    "410": "invalid_number",
    "484": "invalid_number",
    "604": "invalid_number",
    "408": "no_answer",
    "480": "unreachable",
    "487": "no_answer",
    "486": "line_busy",
    "600": "line_busy",
    "603": "line_busy",
}
OUTCOME_OF_STATUS = {
    CallStatus.BUSY: "line_busy",
    CallStatus.NO_ANSWER: "no_answer",
    CallStatus.FAILED: "unreachable",
    CallStatus.CANCELLED: "unreachable",
}
MACHINES = ("machine", "fax")
LONGEST_SECONDS = 900
"""Machine time after which a call without an end is asked about: the longest call, and time to ring."""
RINGING_SECONDS = 120
"""Machine time after which a call that was placed and never reported on is asked about: a phone rings for 25 seconds."""
BATCH = 100


def report(sessions: Sessions, clock: Clock, house: House, carrier: str, call_id: UUID, said: CallReport) -> bool:
    """Take in what a carrier tells of a call; False when it is not ours. Late and repeated reports change nothing."""
    with sessions.begin() as db:
        call = db.get(Call, call_id)
        if call is None:
            return False
        turn.locked(db, call.conversation_id)  # first of all rows, as everywhere: no deadlock
        opening = db.exec(select(Message).where(col(Message.id) == call_id).with_for_update()).one()
        if opening.carrier_ref not in {None, said.ref}:
            return False
        db.refresh(call)
        if opening.carrier_ref is None:
            settle.give_up(db, carrier, said.ref, opening.id)
        take_in(db, house, opening, call, carrier, said, clock.now())
        return True


def take_in(
    db: Session, house: House, opening: Message, call: Call, carrier: str, said: CallReport, now: datetime
) -> None:
    """Bring a call up to what the carrier says of it."""
    before = opening.state
    reached = _reached(call, said)
    settle.accepted(db, house, opening, carrier, said.ref, reached, now)
    call.sip_code = call.sip_code or said.sip_code
    call.answered_by = call.answered_by or said.answered_by
    if opening.state is MessageState.DELIVERED:
        call.answered_at = call.answered_at or now
        opening.delivered_at = opening.delivered_at or now
    if said.status in OVER and call.ended_at is None:
        call.ended_at = now
        call.duration_seconds = said.duration_seconds
        if opening.state is MessageState.FAILED and before is not MessageState.FAILED:
            settle.failed(db, opening, _unanswered(said), said.sip_code or said.error_code, now)
        elif opening.state is MessageState.DELIVERED:
            _end(db, call, now)
            after_call.follow(db, house, call, now)
    db.add_all([opening, call])


def detected(sessions: Sessions, clock: Clock, house: House, call_id: UUID, ref: str, found: str) -> Speech | None:
    """Take in what the machine detection found; what to say to a machine, or None where a person may be talking."""
    with sessions.begin() as db:
        call, opening = db.get(Call, call_id), db.get(Message, call_id)
        if call is None or opening is None or opening.carrier_ref not in {None, ref}:
            return None
        conversation = turn.locked(db, call.conversation_id)
        call.answered_by = found
        db.add(call)
        if not found.startswith(MACHINES) or conversation.state is ConversationState.CLOSED:
            return None
        if conversation.last_heard_at is not None:
            return None  # words were heard that no machine says; the detection is wrong one time in ten
        now = clock.now()
        close(db, conversation, db.get_one(Attempt, conversation.attempt_id), "machine", None, now)
        return speech.machine(db, conversation, house, now)


def ask_carrier(sessions: Sessions, carrier: CallCarrier, clock: Clock, house: House) -> int:
    """Ask about calls that were never reported over, answered or not; how many were asked about."""
    answered = col(Message.state) == MessageState.DELIVERED
    ringing = col(Message.state).in_([MessageState.ACCEPTED, MessageState.SENT])
    since = col(Call.claimed_at)
    stale = (
        select(Call.id, Message.carrier_ref, Call.answered_at)
        .join(Message, col(Message.id) == col(Call.id))
        .where(
            col(Call.ended_at).is_(None),
            or_(
                answered & (since < machine_now() - timedelta(seconds=LONGEST_SECONDS)),
                ringing & (since < machine_now() - timedelta(seconds=RINGING_SECONDS)),
            ),
        )
        .limit(BATCH)
    )
    with sessions.reading() as db:
        calls = db.exec(stale).all()
    for call_id, ref, answered_at in calls:
        try:
            said = carrier.fetch_call(ref or "")
        except NotAnswered:
            continue
        except NoSuchCall:
            said = CallReport(ref=ref or "", status=CallStatus.COMPLETED if answered_at else CallStatus.FAILED)
        report(sessions, clock, house, carrier.name, call_id, said)
    return len(calls)


def lost(db: Session, opening: Message, now: datetime) -> None:
    """A call that may have been placed and that the carrier does not have is never placed again: a person decides."""
    opening.state = advance(opening.state or MessageState.UNKNOWN, MessageState.FAILED)
    settle.failed(db, opening, "unreachable", "unknown", now)
    db.add(
        StaffTask(
            kind=TaskKind.UNKNOWN_SEND,
            customer_id=opening.customer_id,
            message_id=opening.id,
            note="不确定这通电话是否已经拨出，请人工确认后再联系客户",
            created_at=now,
        ),
    )


def _reached(call: Call, said: CallReport) -> MessageState:
    """The state a report speaks of: a call that was answered once cannot have failed."""
    if said.status in OVER and call.answered_at is not None:
        return MessageState.DELIVERED
    if said.status is CallStatus.COMPLETED and said.duration_seconds == 0 and said.sip_code not in {None, ANSWERED_SIP}:
        return MessageState.FAILED
    return STATE_OF[said.status]


def _unanswered(said: CallReport) -> str:
    """The outcome of a call that nobody took: what the network said counts for more than the carrier's word."""
    return OUTCOME_OF_SIP.get(said.sip_code or "") or OUTCOME_OF_STATUS.get(said.status, "unreachable")


def _end(db: Session, call: Call, now: datetime) -> None:
    """A call is over: what it left open broke off there."""
    conversation = db.get_one(Conversation, call.conversation_id)
    left = (
        update(Message)
        .where(
            col(Message.conversation_id) == conversation.id,
            col(Message.side) == Side.CUSTOMER,
            col(Message.channel) == Channel.VOICE,
            col(Message.answered_at).is_(None),
        )
        .values(answered_at=now)
    )
    db.execute(left)
    if conversation.state is ConversationState.CLOSED:
        return
    machine = (call.answered_by or "").startswith(MACHINES) and conversation.last_heard_at is None
    attempt = db.get_one(Attempt, conversation.attempt_id)
    close(db, conversation, attempt, "machine" if machine else "broke_off", None, now)
