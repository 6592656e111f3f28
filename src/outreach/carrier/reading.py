"""How Twilio's answers and errors are read, for texts and calls alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from twilio.base.exceptions import TwilioException

from outreach.carrier import failures
from outreach.carrier.connections import BrokenOff, NotConnected, TurnedAway
from outreach.carrier.port import NotAnswered, Refused, SendError, Throttled, Unknown

LONGEST_LIST = 1000  # records in one answer, Twilio's most
REF = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
NO_SUCH_RECORD = "20404"
# Errors from in front of the carrier's own programs carry no code.
_CODES_OF_STATUS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "20003",
    HTTPStatus.FORBIDDEN: "20003",
    HTTPStatus.NOT_FOUND: "20404",
}
GARBLED = (TwilioException, ValueError, TypeError, AttributeError, KeyError)


def ref_of(record: Any) -> str:
    """The SID of a record; raises ValueError for anything else."""
    if not isinstance(record.sid, str) or not REF.fullmatch(record.sid):
        raise ValueError("sid")
    return record.sid


def turned_away(error: TurnedAway) -> SendError:
    """Read an error answer: 429 was not processed, any other 4xx is final, all else leaves the question open."""
    if not HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(f"HTTP {error.status}")
    if error.status == HTTPStatus.TOO_MANY_REQUESTS or error.code in failures.NOT_PROCESSED:
        return Throttled(f"throttled: {error.code or error.status}", error.code)
    code = error.code or _CODES_OF_STATUS.get(error.status)
    failure = failures.meaning(code)
    return Refused(failure.reason, failure.kind, failure.outcome, code)


def unanswered(error: Exception) -> NotAnswered:
    """Say that a question found no answer, and why."""
    # The SDK's own words may quote the number; ours cannot.
    ours = isinstance(error, NotConnected | BrokenOff | TurnedAway)
    return NotAnswered(f"{type(error).__name__}: {error}" if ours else type(error).__name__)
