"""The sound of calls: fetched once from the carrier, kept sealed in the store, then deleted at the carrier."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select

from outreach.carrier.call_port import CallCarrier, NoSuchCall, Recorded
from outreach.carrier.port import CarrierError
from outreach.clock import Clock
from outreach.model import Call, Conversation, Customer, Message, Recording, Sessions
from outreach.model.sealing import Sealer

log = structlog.get_logger()

BATCH = 20


def announce(sessions: Sessions, clock: Clock, call_id: UUID, ready: Recorded) -> bool:
    """Note that a recording is ready; False when it is not of a call of ours that we record, or known already."""
    with sessions.begin() as db:
        call, opening = db.get(Call, call_id), db.get(Message, call_id)
        if call is None or opening is None or not call.recorded or opening.carrier_ref != ready.call_ref:
            log.warning("recording_not_ours", call=str(call_id))
            return False
        now = clock.now()
        talk = db.get_one(Conversation, call.conversation_id)
        erased = db.get_one(Customer, talk.customer_id).erased_at is not None  # then it is only deleted at the carrier
        row = insert(Recording).values(
            id=call_id,
            carrier_ref=ready.ref,
            seconds=ready.seconds,
            announced_at=now,
            fetched_at=now if erased else None,
        )
        return db.execute(row.on_conflict_do_nothing().returning(col(Recording.id))).first() is not None


def collect(sessions: Sessions, carrier: CallCarrier, clock: Clock, sealer: Sealer) -> int:
    """Fetch what is ready and delete it at the carrier; what fails is tried again at the next round."""
    with sessions.reading() as db:
        waiting = db.exec(
            select(Recording)
            .where(or_(col(Recording.fetched_at).is_(None), col(Recording.removed_at_carrier).is_(None)))
            .limit(BATCH),
        ).all()
    collected = 0
    for recording in waiting:
        try:
            _collect(sessions, carrier, clock, sealer, recording)
            collected += 1
        except CarrierError as error:
            log.warning("recording_not_collected", call=str(recording.id), reason=error.reason)
    return collected


def _collect(sessions: Sessions, carrier: CallCarrier, clock: Clock, sealer: Sealer, recording: Recording) -> None:
    if recording.fetched_at is None:
        try:
            sound = sealer.seal_sound(carrier.fetch_recording(recording.carrier_ref))
        except NoSuchCall:
            sound = None  # the carrier has forgotten it; asking again brings nothing
        with sessions.begin() as db:
            row = db.get_one(Recording, recording.id, with_for_update=True)
            if row.fetched_at is None:  # else the customer was erased meanwhile
                row.sound, row.fetched_at = sound, clock.now()
                db.add(row)
    # Committed above first: what lies only at the carrier is never deleted there.
    carrier.delete_recording(recording.carrier_ref)
    with sessions.begin() as db:
        row = db.get_one(Recording, recording.id)
        row.removed_at_carrier = clock.now()
        db.add(row)
