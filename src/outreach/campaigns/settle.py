"""What came of a send: taken, delivered, or never to arrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import String, bindparam, func, text, update
from sqlmodel import Session, col, select

from outreach.campaigns import retry, terms
from outreach.carrier import failures
from outreach.carrier.port import Accepted, StatusReport
from outreach.clock import Clock
from outreach.conversations import scene
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    Call,
    Campaign,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Sessions,
    TaskKind,
    suppressions,
)
from outreach.model.columns import UtcTime
from outreach.model.suppression import Source
from outreach.rules.channel import Channel
from outreach.rules.delivery import AFTER, AttemptState, MessageState, advance

log = structlog.get_logger()

# As it stands, so that it is prepared once however many there are.
TAKEN = text("""
    UPDATE message SET carrier = :carrier, carrier_ref = given.ref, state = given.state, lease_until = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS int[]), CAST(:refs AS text[]), CAST(:states AS text[]))
        AS given (id, fence, ref, state)
    WHERE message.id = given.id AND message.claims = given.fence AND message.state = 'sending'
        AND message.carrier_ref IS NULL
    RETURNING message.id, message.conversation_id, message.starts_contact
""")

# What most reports say, in one journey: a text that the carrier is known to have moves on, and nothing else changes.
MOVED_ON = text("""
    UPDATE message SET state = :state, delivered_at = CASE WHEN :state = 'delivered' THEN :now ELSE delivered_at END
    WHERE id = :id AND carrier = :carrier AND carrier_ref = :ref AND state = ANY(:before)
    RETURNING id
""").bindparams(bindparam("state", type_=String()), bindparam("now", type_=UtcTime()))
MOVES_ON = {
    state: [str(before) for before in (MessageState.ACCEPTED, MessageState.SENT) if state in AFTER[before]]
    for state in (MessageState.SENT, MessageState.DELIVERED)
}


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
        attempt.expires_at = now + _silence(db, house, attempt.campaign_id, attempt.channel)
        db.add(attempt)


def _silence(db: Session, house: House, campaign_id: UUID | None, channel: Channel) -> timedelta:
    """How long this contact waits for a reply."""
    usual = timedelta(hours=house.policy.follow_up.no_reply_hours)
    campaign = db.get(Campaign, campaign_id) if campaign_id else None
    return retry.silence(terms.of(campaign).tries, channel, usual) if campaign else usual


def taken(
    db: Session, house: House, carrier: str, answers: Mapping[UUID, Accepted], fences: Mapping[UUID, int], now: datetime
) -> set[UUID]:
    """Take in what a carrier took, many at once, as `accepted` does one by one; gives those of which it was news.

    What a callback has overtaken, or somebody else holds by now, is left for the caller to look at.
    """
    updated = db.execute(
        TAKEN,
        {
            "carrier": carrier,
            "ids": list(answers),
            "fences": [fences[id_] for id_ in answers],
            "refs": [answer.ref for answer in answers.values()],
            "states": [str(answer.state) for answer in answers.values()],
        },
    ).all()
    if begun := [talk for _, talk, starts_contact in updated if starts_contact]:
        _open(db, house, begun, now)
    return {id_ for id_, _, _ in updated}


def _open(db: Session, house: House, talks: Sequence[UUID], now: datetime) -> None:
    """The attempts of these conversations are open from now on, each for as long as its campaign waits."""
    contacting = (
        select(Attempt.id, Attempt.campaign_id, Attempt.channel)
        .join(Conversation, col(Conversation.attempt_id) == col(Attempt.id))
        .where(col(Conversation.id).in_(talks), Attempt.state == AttemptState.CONTACTING)
    )
    alike: dict[tuple[UUID | None, Channel], list[UUID]] = defaultdict(list)
    for id_, campaign_id, channel in db.exec(contacting).all():
        alike[campaign_id, Channel(channel)].append(id_)
    for (campaign_id, channel), ids in alike.items():
        opened = update(Attempt).where(col(Attempt.id).in_(ids), col(Attempt.state) == AttemptState.CONTACTING)
        values = {"state": AttemptState.OPEN, "expires_at": now + _silence(db, house, campaign_id, channel)}
        db.execute(opened.values(**values).execution_options(synchronize_session=False))


def failed(db: Session, message: Message, outcome: str, error_code: str | None, now: datetime) -> None:
    """A text will never arrive, a call never be answered: an opening ends its attempt, an answer becomes a task."""
    message.error_code = error_code
    message.lease_until = None
    db.add(message)
    if message.channel is Channel.VOICE:
        ended = update(Call).where(col(Call.id) == message.id, col(Call.ended_at).is_(None))
        db.execute(ended.values(ended_at=now))  # its line is free
    customer = db.get_one(Customer, message.customer_id)
    if outcome == "opted_out" and customer.phone_hash is not None:
        suppressions.add(db, customer.phone_hash, None, Source.CARRIER, error_code or "", now, customer.id)
    if outcome == "invalid_number":
        customer.phone_bad_since = now
        db.add(customer)
    conversation = db.get_one(Conversation, message.conversation_id)
    if not message.starts_contact:
        note = f"回复未能送达（{error_code or '未知'}）"
        scene.leave_to_person(db, conversation, TaskKind.UNSENT, note, now, message_id=message.id)
        return
    if conversation.state is not ConversationState.CLOSED:
        scene.close(db, conversation, _attempt(db, message), outcome, None, now)


def report(sessions: Sessions, clock: Clock, house: House, carrier: str, message_id: UUID, said: StatusReport) -> bool:
    """Take in what a carrier tells of a text; False when it is not ours. Late and repeated reports change nothing."""
    if said.state in MOVES_ON and _moved_on(sessions, clock, carrier, message_id, said):
        return True
    with sessions.begin() as db:
        message = db.exec(select(Message).where(col(Message.id) == message_id).with_for_update()).first()
        if message is None or message.state is None or message.carrier_ref not in {None, said.ref}:
            return False
        if message.carrier_ref is None:
            give_up(db, carrier, said.ref, message.id)
        take_in(db, house, message, carrier, said.ref, said.state, said.error_code, clock.now())
        return True


def _moved_on(sessions: Sessions, clock: Clock, carrier: str, message_id: UUID, said: StatusReport) -> bool:
    row = {
        "id": message_id,
        "carrier": carrier,
        "ref": said.ref,
        "state": str(said.state),
        "before": MOVES_ON[said.state],
        "now": clock.now(),
    }
    with sessions.glance() as db:
        return db.execute(MOVED_ON, row).first() is not None


def give_up(db: Session, carrier: str, ref: str, owner: UUID) -> None:
    """Take a record of the carrier's from the text that was given it by its words: a callback proves whose it is.

    Of two equal texts whose requests broke off, the list cannot tell which is which; the other is asked about again.
    """
    guessed = update(Message).where(
        col(Message.carrier) == carrier, col(Message.carrier_ref) == ref, col(Message.id) != owner
    )
    db.execute(guessed.values(carrier_ref=None, state=MessageState.UNKNOWN, lease_until=func.clock_timestamp()))


def take_in(
    db: Session,
    house: House,
    message: Message,
    carrier: str,
    ref: str,
    state: MessageState,
    error_code: str | None,
    now: datetime,
) -> None:
    """Bring a text up to what the carrier says of it."""
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
