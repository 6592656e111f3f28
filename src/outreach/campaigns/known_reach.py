"""What the store knows about reaching some customers, in a handful of queries however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from outreach.model import (
    Attempt,
    Consent,
    Conversation,
    ConversationState,
    Customer,
    Message,
    StaffTask,
    Suppression,
    TaskKind,
    TaskState,
)
from outreach.rules import contact as rules
from outreach.rules.channel import EVERY_CHANNEL, Channel
from outreach.rules.delivery import MessageState

CAP_DAYS = 7
"""How far back contacts count towards a cap (policy.yml: contacts_per_7_days)."""
NOT_LEFT = (MessageState.QUEUED, MessageState.CLAIMED, MessageState.REJECTED)
"""What has not left, and so was no contact."""


class KnownReach:
    """Everything the store knows about a batch of customers, in a handful of queries."""

    def __init__(self, db: Session, customers: Sequence[Customer], now: datetime) -> None:
        ids = self._ids = {customer.id for customer in customers}
        self._of_campaign: dict[tuple[UUID, UUID], int] = {}
        hashes = {customer.phone_hash for customer in customers if customer.phone_hash}
        self._suppressed: dict[bytes, set[Channel]] = defaultdict(set)
        for suppression in db.exec(
            select(Suppression).where(col(Suppression.phone_hash).in_(hashes), col(Suppression.lifted_at).is_(None)),
        ):
            channels = {suppression.channel} if suppression.channel else EVERY_CHANNEL
            self._suppressed[suppression.phone_hash] |= channels
        self._complaints = set(
            db.exec(
                select(StaffTask.customer_id).where(
                    col(StaffTask.customer_id).in_(ids),
                    StaffTask.kind == TaskKind.COMPLAINT,
                    StaffTask.state == TaskState.OPEN,
                ),
            ).all(),
        )
        self._consents: dict[tuple[UUID, Channel], Consent] = {}
        for consent in db.exec(
            select(Consent).where(col(Consent.customer_id).in_(ids)).order_by(col(Consent.given_at))
        ):
            self._consents[consent.customer_id, consent.channel] = consent
        self._contacts: dict[UUID, list[tuple[datetime, Channel]]] = defaultdict(list)
        for customer_id, at, channel in _recent_contacts(db, ids, now):
            self._contacts[customer_id].append((at, channel))
        self._talking: dict[UUID, UUID] = {}
        self._heard: dict[UUID, datetime] = {}
        for conversation in db.exec(
            select(Conversation).where(
                col(Conversation.customer_id).in_(ids),
                or_(
                    col(Conversation.state) != ConversationState.CLOSED,
                    col(Conversation.last_heard_at) > now - timedelta(days=CAP_DAYS),
                ),
            ),
        ):
            if conversation.state is not ConversationState.CLOSED:
                self._talking[conversation.customer_id] = conversation.id
            if heard := conversation.last_heard_at:
                latest = self._heard.get(conversation.customer_id, heard)
                self._heard[conversation.customer_id] = max(latest, heard)

    def count_contacts_of(self, db: Session, campaigns: Sequence[UUID]) -> None:
        """Count what these campaigns began with the customers, where that is limited."""
        if not campaigns:
            return
        rows = (
            select(Attempt.campaign_id, Attempt.customer_id, func.count())
            .join(Conversation, col(Conversation.attempt_id) == col(Attempt.id))
            .join(Message, (col(Message.conversation_id) == col(Conversation.id)) & col(Message.starts_contact))
            .where(
                col(Attempt.customer_id).in_(self._ids),
                col(Attempt.campaign_id).in_(campaigns),
                col(Message.state).not_in(NOT_LEFT),
            )
            .group_by(col(Attempt.campaign_id), col(Attempt.customer_id))
        )
        for campaign_id, customer_id, count in db.exec(rows).all():
            if campaign_id is not None:
                self._of_campaign[campaign_id, customer_id] = count

    def of(self, customer: Customer, channel: Channel, campaign: UUID | None, conversation: UUID | None) -> rules.Reach:
        """What is known about reaching one customer, for a campaign and within a conversation where there is one."""
        talking = self._talking.get(customer.id)
        contacts = self._contacts[customer.id]
        consent = self._consents.get((customer.id, channel))
        return rules.Reach(
            number_country=customer.phone_country or "",
            number_kind=cast("rules.NumberKind", customer.phone_kind or "unknown"),
            zones=tuple(customer.zones),
            suppressed=frozenset(self._suppressed.get(customer.phone_hash or b"", ())),
            complaint_open=customer.id in self._complaints,
            consent=_consent(consent) if consent else None,
            recent_contacts=tuple(contacts),
            campaign_contacts=self._of_campaign.get((campaign, customer.id), 0) if campaign else 0,
            birth_year=customer.birth_year,
            risk_level=customer.risk_level,
            risk_expires_on=customer.risk_expires_on,
            number_bad=customer.phone_bad_since is not None or customer.phone_hash is None,
            in_conversation=talking is not None and talking != conversation,
            last_heard_at=self._heard.get(customer.id),
        )


def _recent_contacts(db: Session, ids: Iterable[UUID], now: datetime) -> Iterable[tuple[UUID, datetime, Channel]]:
    """The contacts of the last seven days that left, or may have."""
    rows = select(Message.customer_id, Message.at, Message.channel).where(
        col(Message.customer_id).in_(ids),
        col(Message.starts_contact),
        Message.at > now - timedelta(days=CAP_DAYS),
        col(Message.state).not_in(NOT_LEFT),
    )
    return cast("Iterable[tuple[UUID, datetime, Channel]]", db.exec(rows).all())


def _consent(consent: Consent) -> rules.Consent:
    return rules.Consent(
        purpose=cast("rules.Purpose", str(consent.purpose)),
        given_at=consent.given_at,
        expires_at=consent.expires_at,
        withdrawn_at=consent.withdrawn_at,
        channels=frozenset({consent.channel}),
    )
