"""After a backup was restored: learn from the carrier what was sent, called and heard since, so that nothing is sent again.

What the store still had queued is found by its words. Where the store had not begun yet, the opening is put back as it
left. What was said after that is put into the transcript, and a person goes on from there: the place in the script is
lost. Nothing may be sent meanwhile; `outreach restore` keeps a stop over everything until this is through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, select

from outreach.campaigns import call_pace, settle, settle_calls
from outreach.carrier.call_port import CallCarrier, PlacedCall
from outreach.carrier.port import Report
from outreach.clock import Clock
from outreach.conversations import lost_texts, opening, wording
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Sessions,
    Side,
    StaffTask,
    TaskKind,
    TaskState,
)
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.scripts.rendering import CannotRender

log = structlog.get_logger()

MARGIN = timedelta(minutes=10)
"""The carrier's clock and ours may differ; what is known already is passed over."""
WAITING = (MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)
NOTE = "数据从备份恢复，之后的对话见记录，请人工接着处理"


@dataclass
class Reconciled:
    """What the carrier had that the store had forgotten."""

    texts: int = 0
    calls: int = 0
    heard: int = 0
    foreign: int = 0
    """To numbers that no record has; nothing can be said about them."""


def reconcile(
    sessions: Sessions, carrier: CallCarrier, clock: Clock, house: House, sealer: Sealer, number: str, since: datetime
) -> Reconciled:
    """Take in everything since a moment; raises NotAnswered before it does half of it, and may be run again."""
    done = Reconciled()
    sent, placed = carrier.list_sent(number, since - MARGIN), carrier.list_placed(since - MARGIN)
    hand = _Hand(sessions, carrier.name, clock, house, sealer, done)
    later = [report for report in reversed(sent) if not hand.put_back(report)]  # the oldest first
    for call in reversed(placed):
        hand.put_back_call(call)
    done.heard = lost_texts.fetch(sessions, carrier, clock, house, sealer, number, at_once=True)
    for report in later:
        hand.put_into_transcript(report)
    return done


@dataclass(frozen=True)
class _Hand:
    """Puts one record after the other where it belongs, each in a transaction of its own."""

    sessions: Sessions
    carrier: str
    clock: Clock
    house: House
    sealer: Sealer
    done: Reconciled

    def put_back(self, report: Report) -> bool:
        """Whether a text needs nothing more: known, found queued, or an opening that was put back."""
        with self.sessions.begin() as db:
            if self._known(db, report.ref):
                return True
            customer = self._customer(db, report.to)
            if customer is None:
                self.done.foreign += 1
                return True
            message = self._queued(db, customer, report) or self._opening(db, customer, Channel.SMS, report.body)
            if message is None:
                return False
            settle.take_in(
                db, self.house, message, self.carrier, report.ref, report.state, report.error_code, self.clock.now()
            )
            self.done.texts += 1
            return True

    def put_back_call(self, call: PlacedCall) -> None:
        """Put back the opening of a call; a call that no attempt was waiting for is a task."""
        with self.sessions.begin() as db:
            if self._known(db, call.report.ref):
                return
            customer = self._customer(db, call.to)
            if customer is None:
                self.done.foreign += 1
                return
            message = self._waiting(db, customer, Channel.VOICE) or self._opening(db, customer, Channel.VOICE, None)
            self.done.calls += 1
            if message is None:
                _task(db, customer, None, self.clock.now())
                return
            talk = db.get_one(Conversation, message.conversation_id)
            call_pace.take_line(db, message.id, talk.id, self.house.bank.calling.recording)
            message.carrier, message.carrier_ref = self.carrier, call.report.ref
            message.state = MessageState.ACCEPTED
            _begun(db, talk)
            db.add(message)
        settle_calls.report(self.sessions, self.clock, self.house, self.carrier, message.id, call.report)

    def put_into_transcript(self, report: Report) -> None:
        """Add a text that belongs to a conversation under way, and let a person go on."""
        with self.sessions.begin() as db:
            customer = self._customer(db, report.to)
            if customer is None or self._known(db, report.ref):
                return
            now = self.clock.now()
            at = self.clock.anchor().product(report.sent_at) if report.sent_at else now
            talk = _talk(db, customer)
            self.done.texts += 1
            if talk is None:
                _task(db, customer, None, now)
                return
            answered = update(Message).where(
                col(Message.conversation_id) == talk.id,
                col(Message.side) == Side.CUSTOMER,
                col(Message.answered_at).is_(None),
                col(Message.at) <= at,
            )
            db.execute(answered.values(answered_at=at))
            db.add(
                Message(
                    conversation_id=talk.id,
                    customer_id=customer.id,
                    phone_hash=customer.phone_hash,
                    side=Side.BANK,
                    text=report.body,
                    at=at,
                    carrier=self.carrier,
                    carrier_ref=report.ref,
                    state=report.state,
                )
            )
            if talk.state is not ConversationState.CLOSED:
                talk.state = ConversationState.WITH_STAFF
                db.add(talk)
            _task(db, customer, talk, now)

    def _known(self, db: Session, ref: str) -> bool:
        stored = select(Message.id).where(Message.carrier == self.carrier, Message.carrier_ref == ref)
        return db.exec(stored).first() is not None

    def _customer(self, db: Session, number: str) -> Customer | None:
        return db.exec(select(Customer).where(Customer.phone_hash == self.sealer.find(number))).first()

    def _queued(self, db: Session, customer: Customer, report: Report) -> Message | None:
        """What waited to be sent, by its words; an opening that was worded anew since is the same opening."""
        return self._waiting(db, customer, Channel.SMS, lambda one: one.text == report.body) or self._waiting(
            db, customer, Channel.SMS, lambda one: one.starts_contact
        )

    def _waiting(
        self, db: Session, customer: Customer, channel: Channel, wanted: Callable[[Message], bool] = lambda _: True
    ) -> Message | None:
        waiting = select(Message).where(
            Message.customer_id == customer.id,
            Message.side == Side.BANK,
            Message.channel == channel,
            col(Message.state).in_(WAITING),
            col(Message.carrier_ref).is_(None),
        )
        found = db.exec(waiting.order_by(col(Message.position)).with_for_update()).all()
        return next((one for one in found if wanted(one)), None)

    def _opening(self, db: Session, customer: Customer, channel: Channel, body: str | None) -> Message | None:
        """Begin the attempt that was waiting, as the store did once before."""
        waiting = select(Attempt).where(
            Attempt.customer_id == customer.id,
            Attempt.channel == channel,
            col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE]),
        )
        attempt = db.exec(waiting.order_by(col(Attempt.due_at), col(Attempt.id)).with_for_update()).first()
        talking = _talk(db, customer)
        if attempt is None or (talking is not None and talking.state is not ConversationState.CLOSED):
            return None
        now = self.clock.now()
        script = wording.script_of(db, attempt.script_version_id)
        known = opening.known_of(db, [customer], self.house, now)[customer.id]
        try:
            talk = opening.begin(db, attempt, customer, script, known, self.house, now)
        except CannotRender as error:
            log.warning("opening_not_put_back", attempt=str(attempt.id), error=str(error))
            return None
        db.flush()
        message = db.exec(select(Message).where(Message.conversation_id == talk.id)).one()
        message.text = body or message.text
        return message


def _talk(db: Session, customer: Customer) -> Conversation | None:
    ordered = (
        select(Conversation)
        .where(Conversation.customer_id == customer.id)
        .order_by(col(Conversation.state) == ConversationState.CLOSED, col(Conversation.opened_at).desc())
    )
    return db.exec(ordered.limit(1)).first()


def _begun(db: Session, talk: Conversation) -> None:
    attempt = db.get_one(Attempt, talk.attempt_id)
    attempt.state = AttemptState.CONTACTING
    db.add(attempt)


def _task(db: Session, customer: Customer, talk: Conversation | None, now: datetime) -> None:
    talk_id = talk.id if talk else None
    standing = select(StaffTask.id).where(
        StaffTask.customer_id == customer.id, StaffTask.kind == TaskKind.HANDOVER, StaffTask.state == TaskState.OPEN
    )
    if db.exec(standing).first() is None:
        db.add(
            StaffTask(
                kind=TaskKind.HANDOVER, customer_id=customer.id, conversation_id=talk_id, note=NOTE, created_at=now,
                due_at=now + timedelta(hours=2),
            )
        )  # fmt: skip
