"""What came of a send: the carrier's reports, unknowns settled by asking it, silence that becomes an outcome."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import exists
from sqlmodel import Session, col, or_, select

from outreach.carrier import failures
from outreach.carrier.port import Carrier, NoSuchText, NotAnswered, Report, StatusReport
from outreach.clock import Clock, machine_now
from outreach.conversations import effects
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    Campaign,
    CampaignState,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Sessions,
    Side,
    StaffTask,
    TaskKind,
    suppressions,
)
from outreach.model.sealing import Sealer
from outreach.model.suppression import Source
from outreach.rules.delivery import AttemptState, MessageState, advance

log = structlog.get_logger()

BATCH = 100
ASK_BEFORE_SENT = timedelta(minutes=2)
"""The carrier's clock and ours may differ this much when its list is searched."""
STALE_SECONDS = 600
"""Machine time after which a text without a final report is asked about: callbacks get lost."""
MOST_TRIES = 1
"""How often a text that the carrier says it never had is sent again (reliability.md: at most once more)."""


def accepted(
    db: Session, house: House, message: Message, carrier: str, ref: str, state: MessageState, now: datetime
) -> None:
    """The carrier took a text: an attempt whose opening it is becomes open."""
    if message.state is None:
        raise ValueError(f"message {message.id} is not the bank's")
    message.carrier, message.carrier_ref = carrier, ref
    message.state = advance(message.state, state)
    message.lease_until = None
    db.add(message)
    if not message.starts_contact:
        return
    attempt = _attempt(db, message)
    if attempt.state is AttemptState.CONTACTING:
        attempt.state = AttemptState.OPEN
        attempt.expires_at = now + timedelta(hours=house.policy.follow_up.no_reply_hours)
        db.add(attempt)


def failed(db: Session, message: Message, outcome: str, error_code: str | None, now: datetime) -> None:
    """A text will never arrive: an opening ends its attempt, an answer becomes somebody's task."""
    message.error_code = error_code
    message.lease_until = None
    db.add(message)
    customer = db.get_one(Customer, message.customer_id)
    if outcome == "opted_out" and customer.phone_hash is not None:
        suppressions.add(db, customer.phone_hash, None, Source.CARRIER, error_code or "", now, customer.id)
    if outcome == "invalid_number":
        customer.phone_bad_since = now
        db.add(customer)
    conversation = db.get_one(Conversation, message.conversation_id)
    if not message.starts_contact:
        db.add(
            StaffTask(
                kind=TaskKind.UNSENT,
                customer_id=customer.id,
                message_id=message.id,
                note=f"回复未能送达（{error_code or '未知'}）",
                created_at=now,
            ),
        )
        return
    if conversation.state is not ConversationState.CLOSED:
        effects.close(db, conversation, _attempt(db, message), outcome, None, now)


def report(sessions: Sessions, clock: Clock, house: House, carrier: str, message_id: UUID, said: StatusReport) -> bool:
    """Take in what a carrier tells of a text; False when it is not ours. Late and repeated reports change nothing."""
    with sessions.begin() as db:
        message = db.exec(select(Message).where(col(Message.id) == message_id).with_for_update()).first()
        if message is None or message.state is None or message.carrier_ref not in {None, said.ref}:
            return False
        _take_in(db, house, message, carrier, said.ref, said.state, said.error_code, clock.now())
        return True


def ask_carrier(sessions: Sessions, carrier: Carrier, clock: Clock, house: House, sealer: Sealer) -> int:
    """Settle what nobody knows by asking the carrier: broken-off sends, and texts whose last report is missing."""
    with sessions.reading() as db:
        machine = machine_now()
        unknown = db.exec(
            select(Message.id)
            .where(
                col(Message.state).in_([MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN]),
                col(Message.lease_until) < machine,
            )
            .limit(BATCH),
        ).all()
        stale = db.exec(
            select(Message.id)
            .where(
                col(Message.state).in_([MessageState.ACCEPTED, MessageState.SENT]),
                col(Message.sent_at) < machine - timedelta(seconds=STALE_SECONDS),
                or_(col(Message.lease_until).is_(None), col(Message.lease_until) < machine),
            )
            .limit(BATCH),
        ).all()
    for message_id in [*unknown, *stale]:
        _ask_about(sessions, carrier, clock, house, sealer, message_id)
    return len(unknown) + len(stale)


def expire(sessions: Sessions, clock: Clock) -> int:
    """Close what the customer left: no reply, or broken off after one; finish campaigns with nothing left open."""
    with sessions.begin() as db:
        now = clock.now()
        waiting = exists().where(
            col(Message.conversation_id) == Conversation.id,
            col(Message.side) == Side.CUSTOMER,
            col(Message.answered_at).is_(None),
        )
        silent = db.exec(
            select(Attempt, Conversation)
            .join(Conversation, col(Conversation.attempt_id) == col(Attempt.id))
            .where(
                Attempt.state == AttemptState.OPEN,
                col(Attempt.expires_at) <= now,
                Conversation.state == ConversationState.OPEN,
                ~waiting,
            )
            .limit(BATCH)
            .with_for_update(skip_locked=True),
        ).all()
        for attempt, conversation in silent:
            outcome = "broke_off" if conversation.last_heard_at else "no_reply"
            effects.close(db, conversation, attempt, outcome, None, now)
        _finish_campaigns(db)
        return len(silent)


def _finish_campaigns(db: Session) -> None:
    left = exists().where(col(Attempt.campaign_id) == Campaign.id, col(Attempt.state) != AttemptState.CLOSED)
    done = select(Campaign).where(Campaign.state == CampaignState.ACTIVE, col(Campaign.planned_at).is_not(None), ~left)
    for campaign in db.exec(done.with_for_update(skip_locked=True)).all():
        campaign.state = CampaignState.FINISHED
        db.add(campaign)


def _ask_about(
    sessions: Sessions, carrier: Carrier, clock: Clock, house: House, sealer: Sealer, message_id: UUID
) -> None:
    with sessions.reading() as db:
        message = db.get_one(Message, message_id)
        customer = db.get_one(Customer, message.customer_id)
        number = sealer.open(customer.phone_sealed) if customer.phone_sealed else None
    if message.state is MessageState.CLAIMED or number is None:
        found: Report | None = None  # nothing was requested under this claim
    else:
        try:
            found = _find(sessions, carrier, message, number)
        except NotAnswered:
            return
    with sessions.begin() as db:
        message = db.exec(select(Message).where(col(Message.id) == message_id).with_for_update()).one()
        if found is not None:
            _take_in(db, house, message, carrier.name, found.ref, found.state, found.error_code, clock.now())
            if message.state in {MessageState.ACCEPTED, MessageState.SENT}:
                message.lease_until = machine_now() + timedelta(seconds=STALE_SECONDS)
            db.add(message)
        elif message.lease_until and message.lease_until < machine_now():
            _absent(db, message, clock.now())


def _find(sessions: Sessions, carrier: Carrier, message: Message, number: str) -> Report | None:
    """The carrier's record of a text: by its reference, or in its list by number, time and words."""
    if message.carrier_ref:
        try:
            return carrier.fetch_text(message.carrier_ref)
        except NoSuchText:
            return None
    since = (message.sent_at or message.at) - ASK_BEFORE_SENT
    listed = carrier.find_texts(number, since)
    with sessions.reading() as db:
        refs = [text.ref for text in listed]
        taken = set(db.exec(select(Message.carrier_ref).where(col(Message.carrier_ref).in_(refs))).all())
    return next((text for text in listed if text.body == message.text and text.ref not in taken), None)


def _absent(db: Session, message: Message, now: datetime) -> None:
    """The carrier was asked and does not have it: once more, then a person."""
    if message.state is MessageState.CLAIMED or message.tries < MOST_TRIES:
        if message.state is not MessageState.CLAIMED:
            message.tries += 1
        message.state = advance(message.state or MessageState.UNKNOWN, MessageState.QUEUED)
        message.lease_until = None
        db.add(message)
        return
    message.state = advance(message.state or MessageState.UNKNOWN, MessageState.FAILED)
    failed(db, message, "undelivered", "unknown", now)


def _take_in(
    db: Session,
    house: House,
    message: Message,
    carrier: str,
    ref: str,
    state: MessageState,
    error_code: str | None,
    now: datetime,
) -> None:
    before = message.state
    accepted(db, house, message, carrier, ref, state, now)
    if message.state is before:
        return
    if message.state is MessageState.DELIVERED:
        message.delivered_at = now
    if message.state is MessageState.FAILED:
        failed(db, message, failures.meaning(error_code).outcome, error_code, now)


def _attempt(db: Session, message: Message) -> Attempt:
    conversation = db.get_one(Conversation, message.conversation_id)
    return db.get_one(Attempt, conversation.attempt_id)
