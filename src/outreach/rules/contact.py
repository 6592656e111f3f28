"""What the permission rule looks at: the contact intended, the person reached, and how the campaign stands."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.channel import EVERY_CHANNEL, Channel

type Purpose = Literal["marketing", "service"]
type StartedBy = Literal["bank", "customer"]
type NumberKind = Literal["mobile", "fixed", "premium", "toll_free", "shared", "satellite", "short", "unknown"]
type Stop = Literal["all", "campaign", "carrier"]


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One contact that the bank intends to make."""

    channel: Channel
    purpose: Purpose
    provider: str
    started_by: StartedBy
    product_risk: int | None = None  # R1 to R5 of an investment product as 1 to 5; None: no investment product
    content_problem: str | None = None  # what the check of the rendered words found
    invited: bool = False  # the customer asked for it, as for a call at a time they named; caps count what they did not
    time_of_day: time | None = None  # meant for that time or later in the day; kept on another day where it can be
    begun_by: datetime | None = None  # after this it is not begun any more
    confirmation: bool = False  # the one line that confirms an opt-out or a complaint, or answers HELP; never marketing


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a customer agreed to be contacted for; times are in UTC."""

    purpose: Purpose
    given_at: datetime
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None
    channels: frozenset[Channel] = EVERY_CHANNEL

    def __post_init__(self) -> None:
        """Refuse times without a zone."""
        _check_aware(given_at=self.given_at, expires_at=self.expires_at, withdrawn_at=self.withdrawn_at)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What is known about reaching a customer on one number; times are in UTC."""

    number_country: str  # ISO 3166 letters, as CN; empty: unknown
    number_kind: NumberKind
    zones: tuple[str, ...]  # every time zone in which the number may be
    suppressed: frozenset[Channel] = frozenset()
    complaint_open: bool = False
    consent: Consent | None = None
    recent_contacts: tuple[tuple[datetime, Channel], ...] = ()  # started by the bank, last 7 days, any campaign
    campaign_contacts: int = 0  # started by this campaign, ever; counted where the campaign limits them
    birth_year: int | None = None
    risk_level: int | None = None  # C1 to C5 as 1 to 5
    risk_expires_on: date | None = None  # the last day on which the assessment holds
    number_bad: bool = False
    in_conversation: bool = False
    last_heard_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse times without a zone."""
        _check_aware(last_heard_at=self.last_heard_at)
        for at, _ in self.recent_contacts:
            _check_aware(recent_contacts=at)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the campaign and its script stand at this moment."""

    stops: frozenset[Stop] = frozenset()
    script_approved: bool
    campaign_active: bool
    campaign_paused: bool = False
    starts_on: date | None = None
    ends_on: date | None = None  # the last day on which the campaign may reach anyone
    missing_facts: tuple[str, ...] = ()
    hours: CampaignHours | None = None  # the campaign's own days and hours on this channel
    contacts_per_7_days: int | None = None  # the campaign's own cap over all campaigns
    contacts: int | None = None  # how often this campaign may reach one customer


def _check_aware(**times: datetime | None) -> None:
    for name, at in times.items():
        if at is not None and at.utcoffset() is None:
            msg = f"{name} must have a time zone"
            raise ValueError(msg)
