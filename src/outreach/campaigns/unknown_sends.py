"""Ask the carrier what nobody knows: requests that broke off, and texts and calls whose reports were lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from outreach.campaigns import settle, settle_calls
from outreach.carrier.call_port import CallCarrier, CallReport, NoSuchCall
from outreach.carrier.port import NoSuchText, NotAnswered, Report
from outreach.clock import Clock, machine_now
from outreach.conversations.house import House
from outreach.model import Customer, Message, Sessions
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, advance

BATCH = 100
ASK_BEFORE_SENT = timedelta(minutes=2)
"""The carrier's clock and ours may differ this much when its list is searched."""
STALE_SECONDS = 600
"""Machine time after which a text without a final report is asked about: callbacks get lost."""
MOST_TRIES = 1
"""How often a text that the carrier says it never had is sent again (reliability.md: at most once more)."""


def ask_carrier(sessions: Sessions, carrier: CallCarrier, clock: Clock, house: House, sealer: Sealer) -> int:
    """Settle what nobody knows by asking the carrier: broken-off requests, and what has had no report for long."""
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


def _ask_about(
    sessions: Sessions, carrier: CallCarrier, clock: Clock, house: House, sealer: Sealer, message_id: UUID
) -> None:
    with sessions.reading() as db:
        message = db.get_one(Message, message_id)
        customer = db.get_one(Customer, message.customer_id)
        number = sealer.open(customer.phone_sealed) if customer.phone_sealed else None
    if message.state is MessageState.CLAIMED or number is None:
        found: Report | CallReport | None = None  # nothing was requested under this claim
    else:
        try:
            found = _find(sessions, carrier, message, number)
        except NotAnswered:
            return
    if isinstance(found, CallReport):
        settle_calls.report(sessions, clock, house, carrier.name, message_id, found)
    with sessions.begin() as db:
        message = db.exec(select(Message).where(col(Message.id) == message_id).with_for_update()).one()
        if isinstance(found, Report):
            settle.take_in(db, house, message, carrier.name, found.ref, found.state, found.error_code, clock.now())
        if found is not None:
            if message.state in {MessageState.ACCEPTED, MessageState.SENT}:
                message.lease_until = machine_now() + timedelta(seconds=STALE_SECONDS)
            db.add(message)
        elif message.lease_until and message.lease_until < machine_now():
            _absent(db, message, clock.now())


def _find(sessions: Sessions, carrier: CallCarrier, message: Message, number: str) -> Report | CallReport | None:
    """The carrier's record: by its reference, or in its list by number, time and words."""
    if message.channel is Channel.VOICE:
        return _find_call(sessions, carrier, message, number)
    if message.carrier_ref:
        try:
            return carrier.fetch_text(message.carrier_ref)
        except NoSuchText:
            return None
    listed = carrier.find_texts(number, _since(message))
    taken = _taken(sessions, [text.ref for text in listed])
    return next((text for text in listed if text.body == message.text and text.ref not in taken), None)


def _find_call(sessions: Sessions, carrier: CallCarrier, message: Message, number: str) -> CallReport | None:
    if message.carrier_ref:
        try:
            return carrier.fetch_call(message.carrier_ref)
        except NoSuchCall:
            return None
    # A customer is called at most once a day (policy.yml), so a call of that time that is nobody else's is this one.
    listed = carrier.find_calls(number, _since(message))
    taken = _taken(sessions, [call.ref for call in listed])
    return next((call for call in listed if call.ref not in taken), None)


def _since(message: Message) -> datetime:
    return (message.sent_at or message.at) - ASK_BEFORE_SENT


def _taken(sessions: Sessions, refs: Sequence[str]) -> set[str | None]:
    """Which of the carrier's records are known as others of ours."""
    with sessions.reading() as db:
        return set(db.exec(select(Message.carrier_ref).where(col(Message.carrier_ref).in_(refs))).all())


def _absent(db: Session, message: Message, now: datetime) -> None:
    """The carrier was asked and does not have it: a text goes once more, then a person decides; a call never again."""
    if message.channel is Channel.VOICE and message.state is not MessageState.CLAIMED:
        settle_calls.lost(db, message, now)
        return
    if message.state is MessageState.CLAIMED or message.tries < MOST_TRIES:
        if message.state is not MessageState.CLAIMED:
            message.tries += 1
        message.state = advance(message.state or MessageState.UNKNOWN, MessageState.QUEUED)
        message.lease_until = None
        db.add(message)
        return
    message.state = advance(message.state or MessageState.UNKNOWN, MessageState.FAILED)
    settle.failed(db, message, "undelivered", "unknown", now)
