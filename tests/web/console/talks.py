"""Conversations for the console's tests: rows as the core writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from outreach.campaigns import publication
from outreach.conversations import listing
from outreach.model import (
    Attempt,
    Branch,
    Campaign,
    Conversation,
    ConversationState,
    Customer,
    Message,
    ScriptVersion,
    Side,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from tests.conftest import TUESDAY

ENDED = "refused"
DIALOGUE = (
    ("bank", "【XX银行】您好，我是张经理，您的信用卡尚未激活，想了解一下情况。"),
    (
        "customer",
        "你们家额度太低不想用",
        {"intent": "object_low_limit", "confidence": 0.93, "runners_up": [["deny", 0.04]]},
    ),
    ("bank", "我也觉得确实有点低，不过有9元洗车、9元看电影等优惠券。"),
    (
        "customer",
        "算了不用了",
        {"intent": "deny", "confidence": 0.41, "runners_up": [["consider", 0.33], ["busy", 0.12]]},
    ),
)

Line = tuple[Any, ...]


def a_talk(
    product,
    name: str = "王芳",
    said: Sequence[Line] = DIALOGUE,
    *,
    outcome: str | None = ENDED,
    branch: UUID | None = None,
    manager: str | None = "张经理",
    campaign: str | None = None,
    channel: str = "sms",
    opened_at: datetime = TUESDAY,
    variant: str = "a",
    customer_id: UUID | None = None,
    rating: int | None = None,
) -> UUID:
    """One conversation with its words; ended unless `outcome` is None."""
    with product.sessions.begin() as db:
        version = _version(db)
        customer = db.get(Customer, customer_id) if customer_id else None
        if customer is None:
            customer = Customer(name=name, branch_id=branch, manager=manager, created_at=TUESDAY)
        db.add(customer)
        db.flush()
        state = AttemptState.CLOSED if outcome else AttemptState.OPEN
        closed = opened_at + timedelta(hours=1) if outcome else None
        attempt = Attempt(
            customer_id=customer.id, channel=Channel(channel), script_version_id=version.id, state=state,
            campaign_id=_campaign(db, campaign, version) if campaign else None, outcome=outcome, closed_at=closed,
            created_at=opened_at,
        )  # fmt: skip
        db.add(attempt)
        db.flush()
        talk = Conversation(
            attempt_id=attempt.id, customer_id=customer.id, channel=Channel(channel), script_version_id=version.id,
            variant=variant, state=ConversationState.CLOSED if outcome else ConversationState.OPEN, outcome=outcome,
            flow_state={"step": "benefits"}, opened_at=opened_at, closed_at=closed, rating=rating,
        )  # fmt: skip
        db.add(talk)
        db.flush()
        for number, line in enumerate(said):
            say(db, talk, line, opened_at + timedelta(minutes=number))
    listed(product)
    return talk.id


def say(db, talk: Conversation, line: Line, at: datetime) -> Message:
    """Add one line: side, text, and what was heard."""
    side, text, *heard = line
    bank = side == "bank"
    message = Message(
        conversation_id=talk.id, customer_id=talk.customer_id, side=Side(side), channel=talk.channel, text=text, at=at,
        state=MessageState.DELIVERED if bank else None, lines=["benefits"] if bank else [],
        answered_at=None if bank else at, heard={**heard[0], "reading": heard[0]["intent"], "step": "benefits"} if heard else {},
    )  # fmt: skip
    db.add(message)
    db.flush()
    return message


def listed(product) -> None:
    """What a worker does once a second."""
    while listing.refresh_due(product.sessions):
        pass


def _version(db) -> ScriptVersion:
    publication.publish_shipped(db, TUESDAY)
    return publication.published(db, "card_activation")


def _campaign(db, name: str, version: ScriptVersion) -> UUID:
    known = db.exec(select(Campaign).where(Campaign.name == name)).first()
    if known is None:
        day = TUESDAY.date()
        known = Campaign(
            name=name, script=version.script, script_version_id=version.id, channels=["sms"], starts_on=day, ends_on=day,
            pace=1, offer={}, definition={}, launched_at=TUESDAY,
        )  # fmt: skip
        db.add(known)
        db.flush()
    return known.id


def branch_named(product, name: str) -> UUID:
    with product.sessions.begin() as db:
        known = db.exec(select(Branch).where(Branch.name == name)).first() or Branch(name=name, hours={})
        db.add(known)
        db.flush()
        return known.id
