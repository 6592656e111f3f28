"""Claim queued texts and calls: permission is asked again, then the claim is held under a lease. Nothing is sent here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, func, tuple_, update
from sqlmodel import Session, col

from outreach.campaigns import after_call, call_pace, callbacks, queued, standing, text_pace, withholding
from outreach.campaigns.closing import in_time
from outreach.campaigns.contact import words_problem
from outreach.campaigns.party import Party, parties_of
from outreach.campaigns.standing import Intended
from outreach.clock import Clock, machine_now
from outreach.conversations import speech
from outreach.conversations.house import House
from outreach.model import (
    Customer,
    Message,
    Sessions,
)
from outreach.model.sealing import Sealer
from outreach.rules import content, quiet_hours
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState
from outreach.rules.verdict import Allowed, Refused, Verdict

log = structlog.get_logger()

LEASE_SECONDS = 60
"""How long a claim holds, and again how long a request may take once `sending` is committed."""
START_SECONDS = 1.0
"""What waits longer than this after its claim is permitted anew, and a request begins at most this long after `sending`
was committed: a stop takes effect at once, and the longest request (carrier/connections.py) ends well within the lease,
so that whoever takes over finds it at the carrier."""
VALID_FOR_SECONDS = 4 * 3600
"""How long the carrier may at most go on trying (carrier.md 4: its own default of 10 hours would reach into the night)."""
SHORTEST_VALID_SECONDS = 60


@dataclass(frozen=True)
class Claimed:
    """A text that may be sent, or a call that may be placed now, by whoever holds the claim."""

    id: UUID
    channel: Channel
    fence: int
    to: str = field(repr=False)
    body: str = field(repr=False)
    valid_for_seconds: int = VALID_FOR_SECONDS
    record: bool = False
    to_the_beep: bool = False
    begin_by: float = float("inf")
    """The machine's monotonic time after which neither `sending` may be committed nor, later, the request begin."""


@dataclass(frozen=True)
class Claims:
    """What was claimed, and whether more may have been waiting."""

    claimed: list[Claimed]
    more: bool


def claim(
    sessions: Sessions,
    clock: Clock,
    house: House,
    sealer: Sealer,
    sender: str,
    channel: Channel,
    limit: int,
    *,
    answers_only: bool = False,
) -> Claims:
    """Claim up to `limit` queued texts or calls that are permitted now: answers first, then openings, oldest first."""
    more, claimed = True, list[Claimed]()
    while more and not claimed:  # all of a batch may have been refused
        with sessions.begin() as db:
            more, claimed = _claim(db, clock, house, sealer, sender, channel, limit, answers_only)
    begin_by = time.monotonic() + START_SECONDS
    return Claims([replace(one, begin_by=begin_by) for one in claimed], more)


def mark_sending(sessions: Sessions, claimed: Sequence[Claimed]) -> list[Claimed]:
    """Commit that these are about to be requested; what was withdrawn or taken over since the claim drops out."""
    with sessions.begin() as db:
        marked = db.execute(
            update(Message)
            .where(_held(claimed))
            .values(state=MessageState.SENDING, sent_at=machine_now(), lease_until=_lease())
            .returning(col(Message.id), col(Message.claims))
            .execution_options(synchronize_session=False),
        ).all()
        held = {(id_, fence) for id_, fence in marked}
    begin_by = time.monotonic() + START_SECONDS
    return [replace(one, begin_by=begin_by) for one in claimed if (one.id, one.fence) in held]


def release(sessions: Sessions, claimed: Iterable[Claimed]) -> None:
    """Give back what was claimed and will not be requested now."""
    if held := list(claimed):
        with sessions.begin() as db:
            db.execute(update(Message).where(_held(held)).values(state=MessageState.QUEUED, lease_until=None))


def _claim(
    db: Session,
    clock: Clock,
    house: House,
    sealer: Sealer,
    sender: str,
    channel: Channel,
    limit: int,
    answers_only: bool,
) -> tuple[bool, list[Claimed]]:
    """Whether more may wait than was looked at, and what may leave of that."""
    now = clock.now()
    limit = min(limit, _free(db, house, sender, channel, limit))
    texts = queued.locked(db, channel, now, limit, starts_contact=False)
    if not answers_only:
        texts += queued.locked(db, channel, now, limit - len(texts), starts_contact=True)
    more = limit > 0 and len(texts) == limit
    if not texts:
        return False, []
    now = clock.now()  # anew: what was queued, and agreed to, since the first look does not lie in the future
    parties = parties_of(db, texts)
    claimed = []
    for one, party, verdict in zip(texts, parties, _verdicts(db, house, texts, parties, now), strict=True):
        number = _opened(sealer, party.customer)
        if isinstance(verdict, Refused) or number is None:
            one.verdict = standing.stored(verdict, house)
            withholding.withhold(db, one, party, verdict, now)
            db.add(one)
        else:
            claimed.append(_claimed(db, clock, house, one, party, number, now))
    if claimed:  # all with the same verdict, in one statement
        db.execute(
            update(Message)
            .where(col(Message.id).in_([one.id for one in claimed]))
            .values(
                state=MessageState.CLAIMED, lease_until=_lease(), claims=Message.claims + 1,
                verdict=standing.stored(Allowed(), house),
            )
            .execution_options(synchronize_session=False),
        )  # fmt: skip
    if channel is Channel.SMS and house.bank.texts_per_second and claimed:
        text_pace.take(db, sender, house.bank.texts_per_second, len(claimed))
    return more, claimed


def _opened(sealer: Sealer, customer: Customer) -> str | None:
    """The number, or none where there is none; one that no key opens must not keep the others waiting."""
    try:
        return sealer.open(customer.phone_sealed) if customer.phone_sealed else None
    except InvalidTag:
        log.error("number_does_not_open", customer=str(customer.id))  # noqa: TRY400 - says all there is to say
        return None


def _lease() -> ColumnElement[datetime]:
    """Until when a claim or a request holds, by the database's clock, which all workers share."""
    return func.clock_timestamp() + timedelta(seconds=LEASE_SECONDS)


def _held(claimed: Sequence[Claimed]) -> ColumnElement[bool]:
    """Still claimed, and by this very claim."""
    fences = [(one.id, one.fence) for one in claimed]
    unexpired = col(Message.lease_until) > func.clock_timestamp()
    ours = tuple_(col(Message.id), col(Message.claims)).in_(fences)
    return (col(Message.state) == MessageState.CLAIMED) & ours & unexpired


def _free(db: Session, house: House, sender: str, channel: Channel, limit: int) -> int:
    """How many the account's lines, or the sender's pace, leave room for."""
    if channel is Channel.VOICE:
        return call_pace.free_lines(db, house.bank.calling)
    per_second = house.bank.texts_per_second
    return text_pace.free(db, sender, per_second) if per_second else limit


def _claimed(
    db: Session, clock: Clock, house: House, one: Message, party: Party, number: str, now: datetime
) -> Claimed:
    if one.channel is Channel.SMS:
        return Claimed(one.id, one.channel, one.claims + 1, number, one.text, _valid_for(clock, house, one, party, now))
    record = house.bank.calling.recording
    call_pace.take_line(db, one.id, party.conversation.id, record)
    beep = speech.on_machine(db, party.conversation) == speech.LEAVE_MESSAGE
    return Claimed(one.id, one.channel, one.claims + 1, number, one.text, record=record, to_the_beep=beep)


def _valid_for(clock: Clock, house: House, one: Message, party: Party, now: datetime) -> int:
    """How long the carrier may try: what the bank begins must not arrive after its window has closed."""
    if not one.starts_contact:
        return VALID_FOR_SECONDS
    closes = quiet_hours.closes_at(now, one.channel, tuple(party.customer.zones), house.policy)
    left = (closes - now).total_seconds() / clock.anchor().rate
    return int(max(SHORTEST_VALID_SECONDS, min(VALID_FOR_SECONDS, left)))


def _verdicts(
    db: Session, house: House, texts: Sequence[Message], parties: Sequence[Party], now: datetime
) -> list[Verdict]:
    intended = [_intended(one, party, house) for one, party in zip(texts, parties, strict=True)]
    asked = zip(intended, standing.ask(db, house, intended, now), strict=True)
    return [in_time(verdict, one.begun_by, now) for one, verdict in asked]


def _intended(one: Message, party: Party, house: House) -> Intended:
    # What follows a call by text is begun by the bank, though the customer asked for it: hours and consent hold.
    follows_call = after_call.follows(one, party.conversation)
    return Intended(
        customer=party.customer,
        channel=one.channel,
        version=party.version,
        campaign=party.campaign if one.starts_contact else None,
        conversation=party.conversation,
        content_problem=words_problem(one.channel, one.text, house)
        if one.starts_contact
        else content.problem(one.text),
        confirmation=one.confirmation,
        is_answer=not one.starts_contact and not follows_call,
        invited=follows_call or callbacks.asked_for(party.attempt),
        purpose="service" if follows_call else "marketing",
        time_of_day=party.attempt.time_of_day if one.starts_contact else None,
        begun_by=party.attempt.last_at if one.starts_contact else None,
    )
