"""What the core asks of a carrier, and the words both use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from outreach.rules.delivery import MessageState


class Sent(StrEnum):
    """Whether a message that could not be handed over was sent all the same."""

    NO = "no"  #: provably not processed; it may be tried again
    REFUSED = "refused"  #: the carrier read it and will not send it
    UNKNOWN = "unknown"  #: nobody knows before the carrier is asked


class FailureKind(StrEnum):
    """Why a carrier does not deliver, in the bank's words."""

    OPTED_OUT = "opted_out"  #: the customer told the carrier to stop; so must we
    BAD_NUMBER = "bad_number"  #: this number cannot be reached on this channel
    TRANSIENT = "transient"  #: a handset or a network that may come back
    CONTENT = "content"  #: the words were filtered; the campaign is looked at
    CAPACITY = "capacity"  #: too much at once; slow down
    CONFIGURATION = "configuration"  #: our account, sender or permissions; a person is called
    QUIET_HOURS = "quiet_hours"  #: the carrier's own contact window is closed


# Numbers and words stay out of every repr: a repr ends in a log sooner or later.
@dataclass(frozen=True, kw_only=True)
class OutgoingText:
    """A text that is ready to leave; `id` is ours and is part of `status_url`."""

    id: UUID
    to: str = field(repr=False)
    sender: str = field(repr=False)
    body: str = field(repr=False)
    status_url: str
    valid_for_seconds: int  # what is left of the contact window; later the carrier drops it


@dataclass(frozen=True)
class Accepted:
    """A carrier's promise to try, and its reference to ask by."""

    ref: str
    state: MessageState


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a carrier answers when asked about a text."""

    ref: str
    state: MessageState
    error_code: str | None
    sent_at: datetime | None  # machine time, in UTC
    to: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class HeardText:
    """A text that a customer sent."""

    ref: str
    sender: str = field(repr=False)
    to: str = field(repr=False)
    body: str = field(repr=False)
    media: int
    idempotency: str | None  # the carrier's mark of a repeated callback, where it gives one


@dataclass(frozen=True)
class ListedText:
    """A text that a customer sent, as the carrier lists it, whether or not its webhook came."""

    heard: HeardText
    at: datetime  # the carrier's time, in UTC


@dataclass(frozen=True, kw_only=True)
class StatusReport:
    """What a carrier tells unasked about a text; `kind` is set where it failed."""

    ref: str
    state: MessageState
    error_code: str | None
    kind: FailureKind | None


class CarrierError(Exception):
    """The carrier did not do what it was asked; `reason` names why and never quotes a customer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAnswered(CarrierError):
    """A question found no answer; it says nothing about the text that was asked about."""


class NoSuchText(CarrierError):
    """The carrier answered: it has no text by that reference."""


class SendError(CarrierError):
    """The carrier did not confirm a text; `sent` says what became of it."""

    def __init__(self, reason: str, sent: Sent) -> None:
        super().__init__(reason)
        self.sent = sent


class NotSent(SendError):
    """No connection came about, so nothing was sent; try again later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, Sent.NO)


class TooLate(NotSent):
    """The request never began, because it was held for too long; the carrier has nothing to do with it."""


class Throttled(SendError):
    """The carrier asked us to slow down and did not process the text."""

    kind = FailureKind.CAPACITY

    def __init__(self, reason: str, error_code: str | None = None) -> None:
        super().__init__(reason, Sent.NO)
        self.error_code = error_code


class Refused(SendError):
    """The carrier will not send this text; the kind of failure says what follows, `outcome` how the attempt ends."""

    def __init__(self, reason: str, kind: FailureKind, outcome: str, error_code: str | None = None) -> None:
        super().__init__(reason, Sent.REFUSED)
        self.kind = kind
        self.outcome = outcome
        self.error_code = error_code


class Unknown(SendError):
    """The request broke off after it may have been read; ask the carrier, never send again blindly."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, Sent.UNKNOWN)


class Carrier(Protocol):
    """Something that takes texts; its methods may be called from several threads at once."""

    @property
    def name(self) -> str:
        """Name the carrier, as stored with every message."""
        ...

    def send_text(self, text: OutgoingText) -> Accepted:
        """Hand one text over, once; raise a `SendError` that says what became of it otherwise."""
        ...

    def fetch_text(self, ref: str) -> Report:
        """Ask what became of a text; raise `NoSuchText` or `NotAnswered`."""
        ...

    def find_texts(self, to: str, since: datetime) -> list[Report]:
        """List the texts to a number that were taken since a moment; raise `NotAnswered` rather than list too few."""
        ...

    def list_sent(self, sender: str, since: datetime) -> list[Report]:
        """List the texts taken from our number since a moment, the newest first; raise `NotAnswered` rather than too few."""
        ...

    def list_heard(self, to: str, since: datetime, until: datetime) -> list[ListedText]:
        """List what customers sent to our number in a span of the carrier's time; raise `NotAnswered` rather than too few."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...
