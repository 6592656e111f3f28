"""One outgoing call, its turns, and its recording."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime


class Call(SQLModel, table=True):
    """A call; it has the id of the message that opens it, whose states say whether it was placed, rings, was answered."""

    __table_args__ = (Index("call_live", "claimed_at", postgresql_where="ended_at IS NULL"),)
    id: UUID = Field(primary_key=True, foreign_key="message.id")
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    claimed_at: datetime = Field(sa_type=UtcTime)
    """Machine time of the claim, from which the account's calls per second are kept."""
    recorded: bool = False
    """Whether the call is recorded; its first words then say so, and who talks on agrees."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Product time."""
    answered_by: str | None = None
    """The carrier's machine detection: human, machine_start, fax, unknown."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    duration_seconds: int | None = None
    """As the carrier counts it, from the answer on."""
    sip_code: str | None = None
    """The network's own word for a call that was not answered (RFC 3261, 21)."""
    transferred_to: str | None = None
    """Who was dialled when the customer asked for a person: a branch's name, or the bank's line."""
    transfer_result: str | None = None


class CallTurn(SQLModel, table=True):
    """One request for what to say next, kept so that a repeated request hears the very same."""

    __tablename__ = "call_turn"
    call_id: UUID = Field(primary_key=True, foreign_key="call.id")
    number: int = Field(primary_key=True)
    """0 is the answer of the call; each document names the number of the request that follows it."""
    asked_at: datetime = Field(sa_type=UtcTime)
    """Machine time, from which the customer's wait is counted."""
    said_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Product time of the document, from which one knows whether it is still being spoken."""
    document: str | None = None
    """What was answered: the next words, or the filler while they are thought of."""
    later_document: str | None = None
    """What followed the filler."""
    characters: int = 0
    """How much the document says: it takes that long to be heard."""


class Recording(SQLModel, table=True):
    """The sound of a call, sealed like a number; fetched once, then deleted at the carrier."""

    id: UUID = Field(primary_key=True, foreign_key="call.id")
    carrier_ref: str = Field(unique=True)
    seconds: int = 0
    announced_at: datetime = Field(sa_type=UtcTime)
    """Product time, from which it is kept so many days."""
    sound: bytes | None = Field(default=None, sa_type=LargeBinary)
    """A WAV file, sealed; empty until fetched, and again when its days are over."""
    fetched_at: datetime | None = Field(default=None, sa_type=UtcTime)
    removed_at_carrier: datetime | None = Field(default=None, sa_type=UtcTime)
