"""How conversations are found among a million: one row for each, with what it is listed and searched by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word
from outreach.rules.channel import Channel


def _newest(name: str, *columns: str, where: str | None = None) -> Index:
    return Index(f"listing_{name}", *columns, "opened_at", "conversation_id", postgresql_where=where)


class Listing(SQLModel, table=True):
    """A conversation as it is listed: derived, and made anew whenever the conversation, its words or its review change
    (`conversations.listing`). Nothing else is decided by it.
    """

    __table_args__ = (
        _newest("latest"),
        _newest("of_campaign", "campaign_id"),
        _newest("of_script", "script", "version"),
        _newest("of_outcome", "outcome"),
        _newest("of_grade", "grade"),
        _newest("of_branch", "branch_id"),
        _newest("of_manager", "manager"),
        _newest("doubtful", where="low_confidence"),
        _newest("not_understood", where="not_understood"),
        _newest("refusing", where="refusing"),
        _newest("flagged", where="flagged"),
        _newest("reviewed", where="reviewed"),
        _newest("rated", "rating", where="rating IS NOT NULL"),
        Index("listing_of_customer", "customer_id"),
        Index("listing_intents", "intents", postgresql_using="gin"),
        Index("listing_tags", "tags", postgresql_using="gin"),
        # Fast updates would leave a list to be read through at every search.
        Index("listing_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )
    conversation_id: UUID = Field(primary_key=True, foreign_key="conversation.id")
    opened_at: datetime = Field(sa_type=UtcTime)
    customer_id: UUID
    campaign_id: UUID | None = None
    script: str
    version: int
    """The script version's number."""
    variant: str
    channel: Channel = Field(sa_type=Word(Channel))
    state: str
    outcome: str | None = None
    grade: str | None = None
    branch_id: UUID | None = None
    manager: str | None = None
    rating: int | None = Field(default=None, sa_type=SmallInteger)
    """The grade that the customer gave, 1 to 5."""
    messages: int = 0
    intents: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    """What was read from the customer's words, and put right later."""
    low_confidence: bool = False
    not_understood: bool = False
    refusing: bool = False
    """The customer said no or asked us to stop, whatever came of it."""
    flagged: bool = False
    reviewed: bool = False
    tags: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    words: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    """Every word that was said by either side, as Jieba cuts them."""


class ListingDue(SQLModel, table=True):
    """A conversation that changed and is to be listed anew. Written by triggers, which never wait for one another;
    taken off by a worker.
    """

    __tablename__ = "listing_due"
    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    conversation_id: UUID
