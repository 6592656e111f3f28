"""One text or spoken turn, in or out. What goes out is a row before it is a request."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, Word, new_id, one_of
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState


class Side(StrEnum):
    """Who said it."""

    BANK = "bank"  #: the bank, by script or by staff
    CUSTOMER = "customer"  #: the customer, or whoever holds the phone


class Message(SQLModel, table=True):
    """A text, or a turn of a call. The customer's are `received` when stored and answered once; the bank's follow
    `rules.delivery`. The bank's first words of a call stand for the call itself: it rings when they were sent, it is
    answered when they were delivered.
    """

    __table_args__ = (
        one_of("side", Side),
        one_of("channel", Channel),
        one_of("state", MessageState),
        CheckConstraint("(side = 'bank') = (state IS NOT NULL)", name="bank_texts_have_a_state"),
        CheckConstraint("side = 'customer' OR conversation_id IS NOT NULL", name="bank_texts_belong"),
        Index("message_carrier_ref", "carrier", "carrier_ref", unique=True, postgresql_where="carrier_ref IS NOT NULL"),
        Index("message_order", "conversation_id", "position"),
        Index(
            "message_waiting", "channel", "starts_contact",
            text("coalesce(not_before, '-infinity'::timestamptz)"), "position", postgresql_where="state = 'queued'",
        ),
        Index("message_unreported", "sent_at", postgresql_where="state IN ('accepted', 'sent')"),
        Index("message_in_flight", "lease_until", postgresql_where="state IN ('claimed', 'sending', 'unknown')"),
        Index(
            "message_unanswered", "conversation_id", "position",
            postgresql_where="side = 'customer' AND answered_at IS NULL AND conversation_id IS NOT NULL",
        ),
        Index("message_contacts", "customer_id", "at", postgresql_where="starts_contact"),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    position: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    """The order in which the store learned of it."""
    conversation_id: UUID | None = Field(default=None, foreign_key="conversation.id")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id")
    phone_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    side: Side = Field(sa_type=Word(Side))
    channel: Channel = Field(default=Channel.SMS, sa_type=Word(Channel))
    text: str
    media: int = 0
    at: datetime = Field(sa_type=UtcTime)
    """Product time."""
    carrier: str | None = None
    carrier_ref: str | None = None

    # the bank's
    state: MessageState | None = Field(default=None, sa_type=Word(MessageState))
    starts_contact: bool = False
    """Whether the bank starts with it; an answer to the customer does not count as a contact."""
    after_call: bool = False
    """What the customer asked for on a call, or was promised there."""
    confirmation: bool = False
    """The one text that confirms an opt-out, a complaint or a wrong number; it may pass what they just closed."""
    lines: list[str] = Field(default_factory=list, sa_type=Json)
    by: str | None = None
    """Who of the staff wrote it, by login; a script where nobody did."""
    turn: int | None = None
    not_before: datetime | None = Field(default=None, sa_type=UtcTime)
    """Product time."""
    lease_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Until when the claim holds, by the database's clock, which every worker shares."""
    claims: int = 0
    """How often it was claimed: the fence that tells a holder from one that came before."""
    tries: int = 0
    """Requests that provably were not processed."""
    repeats: int = 0
    """How often it went out again because the carrier, asked, had never had it."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Machine time of the request, for comparing with the carrier's own dates."""
    delivered_at: datetime | None = Field(default=None, sa_type=UtcTime)
    segments: int = 0
    error_code: str | None = None
    verdict: dict[str, Any] = Field(default_factory=dict, sa_type=Json)

    # the customer's
    recognised: float | None = None
    """The speech recogniser's certainty of the words, 0 to 1; none for a text or a key."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcTime)
    heard: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """{"intent", "confidence", "runners_up", "entities", "reading", "step"}; empty until the turn is settled."""
