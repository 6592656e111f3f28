"""Fetch what customers sent and no webhook brought: the carrier's list is read from where it was read before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select

from outreach.carrier.port import Carrier, ListedText, NotAnswered
from outreach.clock import Clock
from outreach.conversations import inbound
from outreach.conversations.house import House
from outreach.conversations.inbound import Arrived
from outreach.model import InboundMark, Message, Sessions
from outreach.model.database import database_now
from outreach.model.sealing import Sealer

log = structlog.get_logger()

EVERY = timedelta(seconds=60)
OVERLAP = timedelta(minutes=2)
"""Read again each time: the carrier lists a text some moments after it took it, and its clock is not ours."""
SPAN = timedelta(minutes=10)
"""Listed in one question; after a long absence there are many."""


def fetch(
    sessions: Sessions,
    carrier: Carrier,
    clock: Clock,
    house: House,
    sealer: Sealer,
    number: str,
    *,
    at_once: bool = False,
) -> int:
    """Store every text of the carrier's list that is not stored yet, up to now; how many that were."""
    if (since := _begin(sessions, carrier.name, at_once=at_once)) is None:
        return 0
    stored = 0
    while True:
        with sessions.reading() as db:
            now = database_now(db)
        until = min(since + SPAN, now)
        try:
            listed = carrier.list_heard(number, since - OVERLAP, until + OVERLAP)
        except NotAnswered as error:
            log.warning("inbound_not_listed", reason=error.reason)
            return stored
        for text in _unknown(sessions, carrier.name, listed):
            _store(sessions, carrier.name, clock, house, sealer, text)
            stored += 1
        with sessions.begin() as db:
            mark = db.get_one(InboundMark, carrier.name)
            mark.listed_until = until
            db.add(mark)
        if until >= now:
            return stored
        since = until


def _begin(sessions: Sessions, carrier: str, *, at_once: bool) -> datetime | None:
    """From when to read on, or None while the last look is fresh. A new store begins with now."""
    with sessions.begin() as db:
        now = database_now(db)
        mark = db.get(InboundMark, carrier)
        if mark is None:
            db.add(InboundMark(carrier=carrier, listed_until=now, asked_at=now))
            return None
        if now - mark.asked_at < EVERY and not at_once:
            return None
        mark.asked_at = now
        db.add(mark)
        return mark.listed_until


def _unknown(sessions: Sessions, carrier: str, listed: Sequence[ListedText]) -> list[ListedText]:
    """What no webhook brought, the oldest first."""
    refs = [text.heard.ref for text in listed]
    with sessions.reading() as db:
        known = select(Message.carrier_ref).where(Message.carrier == carrier, col(Message.carrier_ref).in_(refs))
        stored = set(db.exec(known).all())
    return sorted((text for text in listed if text.heard.ref not in stored), key=lambda text: text.at)


def _store(sessions: Sessions, carrier: str, clock: Clock, house: House, sealer: Sealer, text: ListedText) -> None:
    arrived = Arrived(
        carrier=carrier,
        ref=text.heard.ref,
        phone_hash=sealer.find(text.heard.sender),
        text=text.heard.body,
        media=text.heard.media,
        at=min(clock.anchor().product(text.at), clock.now()),
    )
    with sessions.begin() as db:
        inbound.accept(db, house, arrived)  # the sweep wakes whoever answers
    log.warning("lost_text_found", ref=text.heard.ref)
