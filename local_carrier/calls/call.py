"""A call as Twilio keeps it, and the JSON in which Twilio shows it."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from local_carrier.clock import machine_now
from local_carrier.message import API_VERSION, rfc2822

from .line import Line
from .recording import Recording

SUBRESOURCES = (
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)
LONGEST_CALL = 14_400  # seconds; Twilio's own limit


class CallStatus(StrEnum):
    """Where a call stands, in Twilio's words."""

    QUEUED = "queued"  #: waits for its turn to leave
    INITIATED = "initiated"  #: is being dialled; the REST API still calls it queued
    RINGING = "ringing"  #: the phone rings
    IN_PROGRESS = "in-progress"  #: somebody or something picked up
    COMPLETED = "completed"  #: was answered and is over
    BUSY = "busy"  #: was engaged or rejected
    NO_ANSWER = "no-answer"  #: rang out, or the phone was off
    FAILED = "failed"  #: the number does not exist
    CANCELED = "canceled"  #: called back before anyone picked up


UNANSWERED = frozenset({CallStatus.QUEUED, CallStatus.INITIATED, CallStatus.RINGING})
OVER = frozenset({CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.FAILED, CallStatus.CANCELED})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document of TwiML comes from: a URL, or the request itself."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    form: tuple[tuple[str, str], ...] = ()  # what the request tells beside the call itself


@dataclass(frozen=True, slots=True)
class Report:
    """A URL that hears of events, and of which."""

    url: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the bank asked for when it placed the call."""

    source: Source
    fallback: Source = Source()
    status: Report = Report()
    timeout: int = 60
    time_limit: int = LONGEST_CALL
    detection: str = ""  # "", Enable or DetectMessageEnd
    detection_timeout: int = 30
    async_detection: Report | None = None  # none: the first request waits for the detection
    record: bool = False
    recording: Report = Report()
    recording_channels: int = 1
    recording_track: str = "both"
    send_digits: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    """A recording that runs, and who hears of it."""

    recording: Recording
    report: Report


@dataclass(slots=True, eq=False)
class Call:
    """One call between the bank and a phone."""

    account_sid: str
    from_: str
    to: str
    wishes: Wishes
    line: Line
    base: str = ""  # where this carrier's REST API stands
    lives: bool = True  # false: the magic sender's, which stays queued
    parent_sid: str = ""
    sid: str = field(default_factory=lambda: "CA" + secrets.token_hex(16))
    status: CallStatus = CallStatus.QUEUED
    created: datetime = field(default_factory=machine_now)
    updated: datetime = field(default_factory=machine_now)
    product_at: datetime = field(default_factory=machine_now)  # of the phone's own clock; the REST API never shows it
    started: datetime | None = None
    ended: datetime | None = None
    seconds: float = 0.0  # product seconds from the answer to the end, without the network's share
    answered_by: str = ""
    detection_ms: int = 0
    sip_code: int = 0
    ended_by: str = ""
    events: int = 0  # reports fired so far
    recordings: list[Recording] = field(default_factory=list)
    tapes: list[Tape] = field(default_factory=list)  # recordings that run
    answered_at: datetime | None = None  # product time
    network_excess: float = 0.0  # product seconds that passed while the bank was asked, beyond the real ones
    stopped: asyncio.Event = field(default_factory=asyncio.Event)  # the bank wants it over
    over: asyncio.Event = field(default_factory=asyncio.Event)  # it is
    redirected: asyncio.Queue[Source] = field(default_factory=asyncio.Queue)

    @property
    def direction(self) -> str:
        """Who began: the bank's program, or a Dial in another call."""
        return "outbound-dial" if self.parent_sid else "outbound-api"

    @property
    def live(self) -> bool:
        """Tell whether the call has not come to its end."""
        return self.status not in OVER

    def move(self, status: CallStatus) -> None:
        """Take the next status and remember when."""
        self.status, self.updated = status, machine_now()
        if status is CallStatus.INITIATED:
            self.started = self.updated
        if status in OVER:
            self.ended = self.updated
            self.over.set()

    def elapsed(self, now: datetime) -> float:
        """Tell how long the two have been speaking; the bank's own slowness counts as long as it really is."""
        if self.answered_at is None:
            return 0.0
        return max((now - self.answered_at).total_seconds() - self.network_excess, 0.0)


def shown_status(call: Call) -> str:
    """Name the status the way the REST API does, which knows no initiated."""
    return "queued" if call.status is CallStatus.INITIATED else call.status.value


def as_json(call: Call, number_sid: str | None) -> dict[str, Any]:
    """Show a call the way the REST API does."""
    uri = f"/{API_VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}"
    return {
        "account_sid": call.account_sid,
        "answered_by": call.answered_by or None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated),
        "direction": call.direction,
        "duration": str(round(call.seconds)) if call.ended else None,
        "end_time": rfc2822(call.ended),
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent_sid or None,
        "phone_number_sid": number_sid,
        "price": None,
        "price_unit": "USD",
        "queue_time": str(round(((call.started or call.updated) - call.created).total_seconds() * 1000)),
        "sid": call.sid,
        "start_time": rfc2822(call.started),
        "status": shown_status(call),
        "subresource_uris": {kind: f"{uri}/{kind.title().replace('_', '')}.json" for kind in SUBRESOURCES},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
