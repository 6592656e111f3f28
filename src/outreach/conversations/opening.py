"""The first words: an attempt becomes a conversation with its opening text queued."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from outreach import times
from outreach.conversations import facts, wording
from outreach.conversations.house import House
from outreach.model import Attempt, Branch, Conversation, Customer, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.sms_length import segments
from outreach.scripts import flow
from outreach.scripts.rendering import DEFAULT_VARIANT
from outreach.scripts.script import Script


def begin(
    db: Session, attempt: Attempt, customer: Customer, script: Script, house: House, now: datetime
) -> Conversation:
    """Open the conversation of an attempt that was permitted; raises CannotRender before anything is written."""
    first, body = _first_words(db, attempt, customer, script, house, now)
    conversation = Conversation(
        attempt_id=attempt.id,
        customer_id=customer.id,
        channel=attempt.channel,
        script_version_id=attempt.script_version_id,
        flow_state=first.state.to_json(),
        opened_at=now,
    )
    attempt.state = AttemptState.CONTACTING
    db.add_all([conversation, attempt])
    db.flush()
    db.add(
        Message(
            conversation_id=conversation.id,
            customer_id=customer.id,
            phone_hash=customer.phone_hash,
            side=Side.BANK,
            channel=attempt.channel,
            text=body,
            at=now,
            state=MessageState.QUEUED,
            starts_contact=True,
            lines=list(first.lines),
            turn=0,
            segments=segments(body) if attempt.channel is Channel.SMS else 0,
        ),
    )
    return conversation


def worded(db: Session, attempt: Attempt, customer: Customer, script: Script, house: House, now: datetime) -> str:
    """The opening as it would be sent or said; raises CannotRender."""
    return _first_words(db, attempt, customer, script, house, now)[1]


def _first_words(
    db: Session, attempt: Attempt, customer: Customer, script: Script, house: House, now: datetime
) -> tuple[flow.Answer, str]:
    hours = hours_of(db, customer)
    known = facts.of_customer(db, customer) | facts.of_bank(house) | {"offer": attempt.offer}
    if hours and (day := facts.offered_day(hours, house, now)):
        known["offered"] = {"day": facts.day_word(day, now), "date": day.isoformat()}
    first = flow.start(script.flow, attempt.channel, known)
    return first, wording.worded(script, attempt.channel, first.lines, known, house, DEFAULT_VARIANT)


def hours_of(db: Session, customer: Customer) -> times.Hours | None:
    """The opening hours of the customer's branch."""
    branch = db.get(Branch, customer.branch_id) if customer.branch_id else None
    return times.Hours.from_json(branch.hours) if branch else None
