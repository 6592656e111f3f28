"""Twilio: how a call is placed, asked about, steered, and how its recording is fetched."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import Any

from outreach.carrier.call_callbacks import STATUSES
from outreach.carrier.call_port import CallReport, CallStatus, NoSuchCall, OutgoingCall, PlacedCall
from outreach.carrier.connections import BrokenOff, Connections, NotConnected, TurnedAway
from outreach.carrier.port import Accepted, NotAnswered, NotSent, SendError, Unknown
from outreach.carrier.reading import GARBLED, LONGEST_LIST, NO_SUCH_RECORD, REF, ref_of, turned_away, unanswered
from outreach.rules.delivery import MessageState

RING_SECONDS = 25
"""About six rings; after that a voicemail usually takes over (carrier.md 6)."""
LONGEST_CALL_SECONDS = 600
EVENTS = ["initiated", "ringing", "answered", "completed"]

_RECORDING = re.compile(r"RE[0-9a-fA-F]{32}")


class TwilioCalls:
    """The Calls and Recordings resources; the client and the connections are the carrier's."""

    _client: Any
    _connections: Connections
    _auth: tuple[str, str]
    _account: str

    def place_call(self, call: OutgoingCall) -> Accepted:
        """Post a call once; nothing here or below repeats the request."""
        failure: SendError
        try:
            placed = self._client.calls.create(
                to=call.to,
                from_=call.sender,
                url=f"{call.address}/answer",
                method="POST",
                fallback_url=f"{call.address}/fallback",
                fallback_method="POST",
                status_callback=f"{call.address}/status",
                status_callback_method="POST",
                status_callback_event=EVENTS,
                timeout=RING_SECONDS,
                time_limit=LONGEST_CALL_SECONDS,
                machine_detection="DetectMessageEnd" if call.to_the_beep else "Enable",
                async_amd="true",
                async_amd_status_callback=f"{call.address}/machine",
                async_amd_status_callback_method="POST",
                **_recorded(call),
            )
            return Accepted(ref_of(placed), MessageState.ACCEPTED)
        except NotConnected as error:
            failure = NotSent(f"not connected: {error}")
        except BrokenOff as error:
            failure = Unknown(f"broken off: {error}")
        except TurnedAway as error:
            failure = turned_away(error)
        except GARBLED as error:
            # Placed or not: the answer was positive, and could not be read.
            failure = Unknown(f"answer not understood: {type(error).__name__}")
        raise failure

    def fetch_call(self, ref: str) -> CallReport:
        """Ask for one call by its SID."""
        if not REF.fullmatch(ref):  # it becomes part of an address
            raise NoSuchCall("not a reference of this carrier")
        failure: NotAnswered | NoSuchCall
        try:
            return _report(self._client.calls(ref).fetch())
        except TurnedAway as error:
            failure = NoSuchCall(f"error {error.code}") if error.code == NO_SUCH_RECORD else unanswered(error)
        except (NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def find_calls(self, to: str, since: datetime) -> list[CallReport]:
        """List the calls to a number, judged by when they were taken: one that waits has no StartTime yet."""
        since = since.replace(microsecond=0)  # Twilio's dates are whole seconds
        failure: NotAnswered
        try:
            calls = self._client.calls.list(to=to, limit=LONGEST_LIST)
            recent = [call for call in calls if call.date_created is None or call.date_created >= since]
            if len(recent) < LONGEST_LIST:
                return [_report(call) for call in recent if call.direction != "inbound"]
            failure = NotAnswered("more calls to this number than one answer holds")
        except (TurnedAway, NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def list_placed(self, since: datetime) -> list[PlacedCall]:
        """List all calls, judged by when they were taken."""
        since = since.replace(microsecond=0)
        failure: NotAnswered
        try:
            newest = self._client.calls.stream(page_size=LONGEST_LIST)
            recent = itertools.takewhile(lambda call: call.date_created is None or call.date_created >= since, newest)
            return [
                PlacedCall(str(call.to or ""), _report(call)) for call in recent if call.direction == "outbound-api"
            ]
        except (TurnedAway, NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        raise failure

    def steer_call(self, ref: str, document: str | None) -> None:
        """Have a call perform another document, or end it; a call that is over already is left alone."""
        if not REF.fullmatch(ref):
            raise NoSuchCall("not a reference of this carrier")
        failure: NotAnswered | None = None
        try:
            wish = {"twiml": document} if document else {"status": "completed"}
            self._client.calls(ref).update(**wish)
        except TurnedAway as error:
            # 21220: the call is not in progress any more, which is what was wanted or cannot be helped.
            failure = None if error.code == "21220" else unanswered(error)
        except (NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        if failure:
            raise failure

    def fetch_recording(self, ref: str) -> bytes:
        """The sound of a call."""
        if not _RECORDING.fullmatch(ref):
            raise NoSuchCall("not a recording of this carrier")
        failure: NotAnswered | NoSuchCall
        try:
            path = f"https://api.twilio.com/2010-04-01/Accounts/{self._account}/Recordings/{ref}.wav"
            return self._connections.download(path, self._auth)
        except TurnedAway as error:
            failure = NoSuchCall(f"error {error.code}") if error.code == NO_SUCH_RECORD else unanswered(error)
        except (NotConnected, BrokenOff) as error:
            failure = unanswered(error)
        raise failure

    def delete_recording(self, ref: str) -> None:
        """Remove a recording at the carrier."""
        if not _RECORDING.fullmatch(ref):
            raise NoSuchCall("not a recording of this carrier")
        failure: NotAnswered | None = None
        try:
            self._client.recordings(ref).delete()
        except TurnedAway as error:
            failure = None if error.code == NO_SUCH_RECORD else unanswered(error)
        except (NotConnected, BrokenOff, *GARBLED) as error:
            failure = unanswered(error)
        if failure:
            raise failure


def _recorded(call: OutgoingCall) -> dict[str, Any]:
    if not call.record:
        return {}
    return {
        "record": True,
        "recording_status_callback": f"{call.address}/recording",
        "recording_status_callback_method": "POST",
        "recording_status_callback_event": ["completed"],
    }


def _report(call: Any) -> CallReport:
    status = STATUSES.get(str(call.status), CallStatus.WAITING)
    duration = str(call.duration or "")
    return CallReport(
        ref=ref_of(call),
        status=status,
        duration_seconds=int(duration) if duration.isdigit() else None,
        answered_by=call.answered_by or None,
    )
