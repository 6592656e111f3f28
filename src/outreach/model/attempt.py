"""One attempt to reach one customer, from the plan to its outcome."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from outreach.model.columns import Json, UtcTime, Word, new_id, one_of
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState


class Attempt(SQLModel, table=True):
    """An attempt; it follows its first message or call."""

    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", AttemptState),
        UniqueConstraint("campaign_id", "customer_id", "step", "number", name="attempt_once"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_with_outcome"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_a_time"),
        Index("attempt_due", "due_at", postgresql_where="state IN ('planned', 'due')"),
        Index("attempt_of_campaign", "campaign_id", "state", "outcome"),
        Index("attempt_of_customer", "customer_id"),
        Index("attempt_open", "expires_at", postgresql_where="state = 'open'"),
        Index(
            "attempt_unfollowed", "closed_at",
            postgresql_where="state = 'closed' AND followed_at IS NULL AND outcome <> 'not_permitted'",
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id")
    customer_id: UUID = Field(foreign_key="customer.id")
    step: str = "opening"
    """Which contact of the campaign this is; follow-ups name theirs."""
    number: int = 1
    """The how-many-eth try of that contact."""
    channel: Channel = Field(sa_type=Word(Channel))
    variant: str | None = None
    """Which wording and offer of the campaign's experiment this customer gets; none where there is no experiment."""
    script_version_id: UUID = Field(foreign_key="script_version.id")
    offer: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    state: AttemptState = Field(sa_type=Word(AttemptState))
    due_at: datetime | None = Field(default=None, sa_type=UtcTime)
    wanted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When it was first meant for; `due_at` moves on when a rule puts it off, and the difference is its lateness."""
    time_of_day: time | None = None
    """On the customer's clock: meant for then or later in the day, and so on another day where a rule puts it off to one."""
    last_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """After this it is not begun any more: what follows up within a week is pointless in the third."""
    expires_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """While open: when silence becomes its outcome."""
    outcome: str | None = None
    reason: str | None = None
    verdict: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The last permission verdict: reason, until, figures, hash of the policy file."""
    created_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    followed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Set when it was decided what follows its outcome: another try, another channel, follow-ups, or nothing."""
