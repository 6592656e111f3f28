"""The first words: an attempt becomes a conversation with its opening text queued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from outreach import times
from outreach.conversations import facts, wording
from outreach.conversations.facts import Facts
from outreach.conversations.house import House
from outreach.model import Attempt, Branch, Conversation, Customer, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.sms_length import segments
from outreach.scripts import flow
from outreach.scripts.rendering import DEFAULT_VARIANT
from outreach.scripts.script import Script
from outreach.scripts.walk import Answer


def begin(
    db: Session, attempt: Attempt, customer: Customer, script: Script, known: Facts, house: House, now: datetime
) -> Conversation:
    """Open the conversation of an attempt that was permitted; raises CannotRender before anything is written."""
    chosen = Chosen(attempt.channel, attempt.variant, attempt.offer)
    first, body = _first_words(chosen, script, known, house)
    conversation = Conversation(
        attempt_id=attempt.id,
        customer_id=customer.id,
        channel=attempt.channel,
        script_version_id=attempt.script_version_id,
        variant=attempt.variant or DEFAULT_VARIANT,
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


@dataclass(frozen=True)
class Chosen:
    """What decides about the words of an opening, before there is an attempt."""

    channel: Channel
    variant: str | None
    offer: Mapping[str, str]


def worded(chosen: Chosen, script: Script, known: Facts, house: House) -> str:
    """The opening as it would be sent or said; raises CannotRender."""
    return _first_words(chosen, script, known, house)[1]


def known_of(db: Session, customers: Sequence[Customer], house: House, now: datetime) -> dict[UUID, Facts]:
    """What an opening may name, for each of some customers, in a handful of queries."""
    branches = facts.branches_of(db, customers)
    offered = {
        branch.id: facts.offered(times.Hours.from_json(branch.hours), house, now) for branch in branches.values()
    }
    told = facts.of_customers(db, customers, branches)
    bank = facts.of_bank(house)
    return {
        customer.id: told[customer.id] | bank | (offered[customer.branch_id] if customer.branch_id else {})
        for customer in customers
    }


def _first_words(chosen: Chosen, script: Script, known: Facts, house: House) -> tuple[Answer, str]:
    told = known | {"offer": dict(chosen.offer)}
    first = flow.start(script.flow, chosen.channel, told)
    variant = chosen.variant or DEFAULT_VARIANT
    return first, wording.worded(script, chosen.channel, first.lines, told, house, variant)


def hours_of(db: Session, customer: Customer) -> times.Hours | None:
    """The opening hours of the customer's branch."""
    return facts.hours_of(db.get(Branch, customer.branch_id)) if customer.branch_id else None
