"""Ask the carrier what nobody knows: requests that broke off, and texts and calls whose reports were lost."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select

from outreach.campaigns import settle, settle_calls
from outreach.carrier.call_port import CallCarrier, CallReport, NoSuchCall
from outreach.carrier.port import NoSuchText, NotAnswered, Report
from outreach.clock import Clock, machine_now
from outreach.conversations.house import House
from outreach.model import Customer, Message, Sessions, StaffTask, TaskKind
from outreach.model.database import database_now
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, advance

log = structlog.get_logger()

BATCH = 400
ASKED_AT_ONCE = 8
ASK_BEFORE_SENT = timedelta(hours=26)
"""How far the carrier's list is searched back from our own time of the request: our clock may be wrong by a day, and
what is known as another text's is passed over."""
STALE_SECONDS = 600
"""Machine time after which a text without a final report is asked about: callbacks get lost."""
STALE_FOR = timedelta(days=3)
"""Machine time after which nobody asks any more: the carrier itself has given up long before (at most 10 hours)."""
AGAIN_SECONDS = 60
"""After a question without an answer."""
MOST_REPEATS = 1
"""How often a text that the carrier says it never had is sent again (reliability.md: at most once more)."""
HELD = (MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)
TAKEN = (MessageState.ACCEPTED, MessageState.SENT)


def ask_carrier(sessions: Sessions, carrier: CallCarrier, clock: Clock, house: House, sealer: Sealer) -> int:
    """Settle what nobody knows by asking the carrier: broken-off requests, and what has had no report for long."""
    with sessions.reading() as db:
        waiting = [*_held(db), *_stale(db)]
    if not waiting:
        return 0
    away = Event()

    def ask(message_id: UUID) -> None:
        if away.is_set():
            return  # the rest can wait for the next round
        try:
            if not _ask_about(sessions, carrier, clock, house, sealer, message_id):
                away.set()
        except Exception as error:  # noqa: BLE001 - one that cannot be settled must not keep the others waiting
            log.error("not_settled", message=str(message_id), error=type(error).__name__)  # noqa: TRY400 - a traceback may quote a number
            _again_later(sessions, message_id)

    with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="settle") as pool:
        list(pool.map(ask, waiting))
    return len(waiting)


def _held(db: Session) -> Sequence[UUID]:
    """What somebody held for longer than the lease, or whose request broke off."""
    held = select(Message.id).where(col(Message.state).in_(HELD), col(Message.lease_until) < func.clock_timestamp())
    return db.exec(held.order_by(col(Message.lease_until)).limit(BATCH)).all()


def _stale(db: Session) -> Sequence[UUID]:
    """What the carrier took and has not reported the end of."""
    machine = machine_now()
    stale = select(Message.id).where(
        col(Message.state).in_(TAKEN),
        col(Message.sent_at) < machine - timedelta(seconds=STALE_SECONDS),
        col(Message.sent_at) > machine - STALE_FOR,
        or_(col(Message.lease_until).is_(None), col(Message.lease_until) < func.clock_timestamp()),
    )
    return db.exec(stale.order_by(col(Message.sent_at)).limit(BATCH)).all()


def _ask_about(
    sessions: Sessions, carrier: CallCarrier, clock: Clock, house: House, sealer: Sealer, message_id: UUID
) -> bool:
    """Settle one; False when the carrier did not answer."""
    with sessions.reading() as db:
        message = db.get_one(Message, message_id)
        customer = db.get_one(Customer, message.customer_id)
        number = sealer.open(customer.phone_sealed) if customer.phone_sealed else None
    found: Report | CallReport | None = None
    # Under a claim nothing was requested; and who was erased has no number to look for.
    if message.state is not MessageState.CLAIMED and (number or message.carrier_ref):
        try:
            found = _find(sessions, carrier, message, number or "")
        except NotAnswered as error:
            log.warning("carrier_not_answering", message=str(message_id), reason=error.reason)
            _again_later(sessions, message_id)
            return False
    try:
        if isinstance(found, CallReport):
            settle_calls.report(sessions, clock, house, carrier.name, message_id, found)
        _settle(sessions, carrier, clock, house, message_id, found)
    except IntegrityError:
        # Of two equal texts another one was just given this record; the next round finds the other record, or none.
        log.warning("carrier_record_taken", message=str(message_id))
    return True


def _settle(
    sessions: Sessions,
    carrier: CallCarrier,
    clock: Clock,
    house: House,
    message_id: UUID,
    found: Report | CallReport | None,
) -> None:
    with sessions.begin() as db:
        message = db.exec(select(Message).where(col(Message.id) == message_id).with_for_update()).one()
        now = database_now(db)
        if isinstance(found, Report):
            settle.take_in(db, house, message, carrier.name, found.ref, found.state, found.error_code, clock.now())
        if message.state in TAKEN:
            message.lease_until = now + timedelta(seconds=STALE_SECONDS)
            db.add(message)
        elif found is None and message.state in HELD and message.lease_until and message.lease_until < now:
            _absent(db, message, clock.now())


def _again_later(sessions: Sessions, message_id: UUID) -> None:
    with sessions.begin() as db:
        message = db.exec(select(Message).where(col(Message.id) == message_id).with_for_update()).one()
        if message.state in (*HELD, *TAKEN):
            message.lease_until = database_now(db) + timedelta(seconds=AGAIN_SECONDS)
            db.add(message)


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
    # The oldest first, as the messages are settled: of two equal texts the first is the first one's.
    ours = (text for text in reversed(listed) if text.body == message.text and text.ref not in taken)
    return next(ours, None)


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
    if message.state is MessageState.CLAIMED:
        message.state, message.lease_until = MessageState.QUEUED, None  # it was never requested
        db.add(message)
        return
    if message.channel is Channel.VOICE:
        settle_calls.lost(db, message, now)
        return
    if message.repeats < MOST_REPEATS:
        message.repeats += 1
        message.state = advance(message.state or MessageState.UNKNOWN, MessageState.QUEUED)
        message.lease_until = None
        db.add(message)
        return
    message.state = advance(message.state or MessageState.UNKNOWN, MessageState.FAILED)
    settle.failed(db, message, "undelivered", "unknown", now)
    if message.starts_contact:  # an answer that was not sent is a task already
        db.add(
            StaffTask(
                kind=TaskKind.UNKNOWN_SEND,
                customer_id=message.customer_id,
                conversation_id=message.conversation_id,
                message_id=message.id,
                note="短信两次发送都没有得到运营商确认，请人工确认后再联系客户",
                created_at=now,
            ),
        )
