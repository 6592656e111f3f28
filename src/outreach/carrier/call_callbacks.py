"""What Twilio's callbacks say of calls: a call moved on, somebody spoke, a machine answered, a recording is there."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.carrier.call_port import CallReport, CallStatus, HeardCall, Recorded
from outreach.carrier.callbacks import required, unread

STATUSES: Mapping[str, CallStatus] = {
    "queued": CallStatus.WAITING,
    "initiated": CallStatus.WAITING,
    "ringing": CallStatus.RINGING,
    "in-progress": CallStatus.ANSWERED,
    "answered": CallStatus.ANSWERED,
    "completed": CallStatus.COMPLETED,
    "busy": CallStatus.BUSY,
    "no-answer": CallStatus.NO_ANSWER,
    "failed": CallStatus.FAILED,
    "canceled": CallStatus.CANCELLED,
}


def read_status(form: Mapping[str, str]) -> CallReport:
    """Read where a call stands; events come late, twice, out of order or not at all.

    CallSid=CA1f0e…  CallStatus=no-answer  SipResponseCode=480  CallDuration=0  To=%2B8613800138000
    """
    ref = required(form, "CallSid")
    status = STATUSES.get(required(form, "CallStatus"))
    if status is None:
        raise unread("CallStatus", ref=ref, word=form["CallStatus"][:40])
    return CallReport(
        ref=ref,
        status=status,
        sip_code=_digits(form.get("SipResponseCode")),
        duration_seconds=_number(form.get("CallDuration")),
        answered_by=form.get("AnsweredBy") or None,
        error_code=_digits(form.get("ErrorCode")),
    )


def read_heard(form: Mapping[str, str]) -> HeardCall:
    """Read what a customer said or pressed; a silence has neither.

    CallSid=CA1f0e…  SpeechResult=%E5%97%AF%E5%AF%B9  Confidence=0.87     or     Digits=1
    """
    return HeardCall(
        ref=required(form, "CallSid"),
        words=form.get("SpeechResult", ""),
        digits=form.get("Digits", ""),
        confidence=_share(form.get("Confidence")),
    )


def read_detection(form: Mapping[str, str]) -> tuple[str, str]:
    """Read the call's reference and what the machine detection found: human, machine_start, fax, unknown.

    CallSid=CA1f0e…  AnsweredBy=machine_end_beep  MachineDetectionDuration=3120
    """
    return required(form, "CallSid"), form.get("AnsweredBy") or "unknown"


def read_dialled(form: Mapping[str, str]) -> tuple[str, str]:
    """Read the call's reference and how the transfer ended: completed, busy, no-answer, failed, canceled."""
    return required(form, "CallSid"), form.get("DialCallStatus") or "failed"


def read_recorded(form: Mapping[str, str]) -> Recorded | None:
    """Read that a recording is ready; None where it came to nothing.

    CallSid=CA1f0e…  RecordingSid=RE77…  RecordingStatus=completed  RecordingDuration=42
    """
    call_ref, ref = required(form, "CallSid"), required(form, "RecordingSid")
    if form.get("RecordingStatus", "completed") != "completed":
        return None
    return Recorded(call_ref=call_ref, ref=ref, seconds=_number(form.get("RecordingDuration")) or 0)


def _digits(value: str | None) -> str | None:
    return value if value and value.isascii() and value.isdigit() else None


def _number(value: str | None) -> int | None:
    digits = _digits(value)
    return int(digits[:9]) if digits else None


def _share(value: str | None) -> float | None:
    try:
        share = float(value) if value else None
    except ValueError:
        return None
    return share if share is not None and 0 <= share <= 1 else None
