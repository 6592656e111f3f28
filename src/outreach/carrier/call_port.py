"""What the core asks of a carrier that places calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from outreach.carrier.port import Accepted, Carrier, CarrierError
from outreach.rules.delivery import MessageState


class CallStatus(StrEnum):
    """Where a call stands, as the carrier tells."""

    WAITING = "waiting"  #: taken, not dialled yet
    RINGING = "ringing"  #: the phone rings
    ANSWERED = "answered"  #: somebody, or something, picked up
    COMPLETED = "completed"  #: over after an answer
    BUSY = "busy"  #: engaged
    NO_ANSWER = "no_answer"  #: rang out
    FAILED = "failed"  #: could not be connected
    CANCELLED = "cancelled"  #: called off before an answer


STATE_OF: dict[CallStatus, MessageState] = {
    CallStatus.WAITING: MessageState.ACCEPTED,
    CallStatus.RINGING: MessageState.SENT,
    CallStatus.ANSWERED: MessageState.DELIVERED,
    CallStatus.COMPLETED: MessageState.DELIVERED,
    CallStatus.BUSY: MessageState.FAILED,
    CallStatus.NO_ANSWER: MessageState.FAILED,
    CallStatus.FAILED: MessageState.FAILED,
    CallStatus.CANCELLED: MessageState.FAILED,
}
"""A call goes the way of a message: it rings when it was sent, it is answered when it was delivered."""

OVER = frozenset({CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.FAILED, CallStatus.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class OutgoingCall:
    """A call that is ready to be placed; `address` is ours for this call and carries its id, never a number."""

    id: UUID
    to: str = field(repr=False)
    sender: str = field(repr=False)
    address: str
    record: bool
    to_the_beep: bool
    """Whether the machine detection waits for the end of a greeting, to leave a message after it."""


@dataclass(frozen=True, kw_only=True)
class CallReport:
    """What a carrier tells of a call, asked or unasked."""

    ref: str
    status: CallStatus
    sip_code: str | None = None
    duration_seconds: int | None = None
    answered_by: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class PlacedCall:
    """A call as the carrier lists it."""

    to: str = field(repr=False)
    report: CallReport


@dataclass(frozen=True, kw_only=True)
class HeardCall:
    """What was heard on a call: words, keys, or nothing."""

    ref: str
    words: str = field(default="", repr=False)
    digits: str = ""
    confidence: float | None = None
    """The recogniser's certainty, 0 to 1; not what the words mean."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The sound of a call is ready to be fetched."""

    call_ref: str
    ref: str
    seconds: int


class NoSuchCall(CarrierError):
    """The carrier answered: it has no call, or no recording, by that reference."""


class CallCarrier(Carrier, Protocol):
    """A carrier that places calls, too."""

    def place_call(self, call: OutgoingCall) -> Accepted:
        """Have a call placed, once; raises a `SendError` that says what became of it otherwise."""
        ...

    def fetch_call(self, ref: str) -> CallReport:
        """Ask what became of a call; raises `NoSuchCall` or `NotAnswered`."""
        ...

    def find_calls(self, to: str, since: datetime) -> list[CallReport]:
        """List the calls to a number placed since a moment; raises `NotAnswered` rather than list too few."""
        ...

    def list_placed(self, since: datetime) -> list[PlacedCall]:
        """List all calls placed since a moment, the newest first; raises `NotAnswered` rather than list too few."""
        ...

    def steer_call(self, ref: str, document: str | None) -> None:
        """Have a call that goes on perform another document, or end where there is none; raises `CarrierError`."""
        ...

    def fetch_recording(self, ref: str) -> bytes:
        """The sound as a WAV file; raises `NoSuchCall` or `NotAnswered`."""
        ...

    def delete_recording(self, ref: str) -> None:
        """Remove the sound at the carrier; one that is gone already is as good; raises `NotAnswered`."""
        ...
