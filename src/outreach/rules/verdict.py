"""What a rule answers: allowed, or refused with a reason that is stored beside the attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """Why a contact was refused; the stored word is the member's value, `means` says it to people."""

    means: str

    def __new__(cls, word: str, means: str = "") -> Self:
        """Make a member of the word that is stored and what it means."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.means = means
        return member

    STOPPED_ALL = "stopped_all", "a member of staff stopped everything"
    STOPPED_CAMPAIGN = "stopped_campaign", "this campaign was stopped"
    STOPPED_CARRIER = "stopped_carrier", "sending through this carrier was stopped"
    DESTINATION = "destination", "the country table does not let this provider go there for this purpose"
    NUMBER_KIND = "number_kind", "the number is not a mobile"
    OPTED_OUT = "opted_out", "the customer refused this channel, or all of them"
    COMPLAINT_OPEN = "complaint_open", "a complaint waits for a person's decision"
    NO_CONSENT = "no_consent", "no consent covers this purpose and channel"
    CONSENT_EXPIRED = "consent_expired", "the consent ran out"
    CONSENT_WITHDRAWN = "consent_withdrawn", "the consent was taken back"
    QUIET_HOURS = "quiet_hours", "outside the contact window in some zone of the number"
    HOLIDAY = "holiday", "a day on which the channel stays closed: a statutory holiday, or a weekend if so set"
    CALENDAR_UNKNOWN = "calendar_unknown", "no zone or no calendar of the year is known, so no window can be checked"
    TOO_OFTEN = "too_often", "a frequency cap is reached"
    UNSUITABLE = "unsuitable", "the product's risk is above what this customer may be offered"
    RISK_EXPIRED = "risk_expired", "the customer's risk assessment is missing its date or past it"
    UNDER_AGE = "under_age", "younger than the minimum, or of unknown age where the product carries a risk"
    NOT_APPROVED = "not_approved", "no second person approved the script's version"
    CAMPAIGN_CLOSED = "campaign_closed", "the campaign is not active, or today is outside its dates"
    BAD_NUMBER = "bad_number", "the number is known to be empty, disconnected or someone else's"
    IN_CONVERSATION = "in_conversation", "the customer is talking with the bank already"
    MISSING_FACT = "missing_fact", "the script needs a fact that is not known about this customer"
    CONTENT = "content", "the rendered words break a content rule"
    ALREADY_CONTACTED = "already_contacted", "this campaign reached the customer before"
    CAMPAIGN_HOURS = "campaign_hours", "outside the hours or days that the campaign keeps within the policy's"
    # What the campaign itself decided about an attempt; no gate, but kept in the same place and words.
    HOLDOUT = "holdout", "drawn to be left alone, so that the others can be compared with somebody"
    TOO_LATE = "too_late", "not begun by the time until which it made sense"
    CANCELLED = "cancelled", "a later outcome made it pointless; the verdict names it"
    TARGET_REACHED = "target_reached", "the campaign reached what it was for"
    BUDGET_SPENT = "budget_spent", "the campaign spent what it was given"


@dataclass(frozen=True)
class Allowed:
    """The contact may be made now."""


@dataclass(frozen=True)
class Refused:
    """The contact may not be made now."""

    reason: Reason
    until: datetime | None = None  # the first instant at which asking again makes sense; None: not by waiting
    figures: Mapping[str, object] = field(
        default_factory=dict, hash=False
    )  # what was compared with what, for the store


type Verdict = Allowed | Refused
