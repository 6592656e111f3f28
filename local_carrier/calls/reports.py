"""What the bank is told of a call beside its documents: its progress, who picked up, its recordings."""

from local_carrier.carrier import Carrier
from local_carrier.clock import machine_now
from local_carrier.destinations import country
from local_carrier.faults import Op
from local_carrier.message import API_VERSION, rfc2822

from .call import OVER, Call, CallStatus, Report
from .recording import Recording, uri

EVENTS = {
    CallStatus.INITIATED: "initiated",
    CallStatus.RINGING: "ringing",
    CallStatus.IN_PROGRESS: "answered",
} | dict.fromkeys(OVER, "completed")


def move(carrier: Carrier, call: Call, status: CallStatus) -> None:
    """Take a call to its next status and report it where the bank asked for that event."""
    call.move(status)
    report = call.wishes.status
    if report.url and EVENTS[status] in report.events:
        form = status_form(call)
        call.events += 1
        send(carrier, call, report, form)


def send(carrier: Carrier, call: Call, report: Report, form: dict[str, str]) -> None:
    """Post a form beside the call; the call does not wait for it."""

    async def deliver() -> None:
        carrier.counters.call_callbacks += 1
        await carrier.webhooks.call(Op.CALL_STATUS, report.url, form, method=report.method)

    if report.url:
        carrier.start(carrier.crossing.send(Op.CALL_STATUS, call.to, deliver))


def call_form(call: Call) -> dict[str, str]:
    """Write what every request about a call carries.

    CallSid=CA1…  CallStatus=in-progress  Direction=outbound-api  From=+13125550199  To=+8613800000000
    """
    places = {"CallerCountry": country(call.from_), "CalledCountry": country(call.to)}
    places |= {"FromCountry": places["CallerCountry"], "ToCountry": places["CalledCountry"]}
    empty = [f"{end}{part}" for end in ("Caller", "Called", "From", "To") for part in ("City", "State", "Zip")]
    return {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status.value,
        "Called": call.to,
        "Caller": call.from_,
        "Direction": call.direction,
        "From": call.from_,
        "To": call.to,
        **({"ParentCallSid": call.parent_sid} if call.parent_sid else {}),
        **places,
        **dict.fromkeys(empty, ""),
    }


def status_form(call: Call) -> dict[str, str]:
    """Write a progress report.

    CallSid=CA1…  CallStatus=completed  SequenceNumber=3  CallDuration=42  Timestamp=Thu, 24 Aug 2023 05:01:45 +0000
    """
    form = call_form(call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.events),
        "Timestamp": rfc2822(machine_now()) or "",
    }
    if call.status in OVER:
        minutes = -(-round(call.seconds) // 60)
        form |= {"CallDuration": str(round(call.seconds)), "Duration": str(minutes)}
    if call.sip_code:
        form["SipResponseCode"] = str(call.sip_code)
    if call.answered_by:
        form["AnsweredBy"] = call.answered_by
    if call.status is CallStatus.COMPLETED and call.recordings:
        last = call.recordings[-1]
        form |= {
            "RecordingSid": last.sid,
            "RecordingUrl": call.base + uri(last),
            "RecordingDuration": str(round(last.seconds)),
        }
    return form


def detection_form(call: Call) -> dict[str, str]:
    """Write what the detection in the background found."""
    return {
        "AccountSid": call.account_sid,
        "AnsweredBy": call.answered_by,
        "CallSid": call.sid,
        "MachineDetectionDuration": str(call.detection_ms),
    }


def recording_form(recording: Recording, base: str) -> dict[str, str]:
    """Write that a recording can be fetched."""
    return {
        "AccountSid": recording.account_sid,
        "CallSid": recording.call_sid,
        "RecordingChannels": str(recording.channels),
        "RecordingDuration": str(round(recording.seconds)),
        "RecordingSid": recording.sid,
        "RecordingSource": recording.source,
        "RecordingStartTime": rfc2822(recording.created) or "",
        "RecordingStatus": recording.status,
        "RecordingTrack": recording.track,
        "RecordingUrl": base + uri(recording),
        "ErrorCode": "0",
    }
