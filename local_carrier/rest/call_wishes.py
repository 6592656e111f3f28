"""Reading the request for a call in Twilio's order of checks: recipient, sender, document, the rest."""

from starlette.datastructures import FormData

from local_carrier.calls.call import LONGEST_CALL, Call, CallStatus, Report, Source, Wishes
from local_carrier.calls.line import Line
from local_carrier.carrier import Carrier
from local_carrier.destinations import MAGIC_VALID_FROM, callee, caller
from local_carrier.refusals import RefusedError

from .access import text
from .addresses import callable_url

TWIML_LIMIT = 4000
TIMEOUT_SECONDS, USUAL_TIMEOUT = range(1, 601), 60
TIME_LIMIT_SECONDS = range(1, LONGEST_CALL + 1)
DETECTION_SECONDS, USUAL_DETECTION = range(3, 60), 30
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})


def read_call(carrier: Carrier, form: FormData, base: str) -> Call:
    """Read a create request."""
    to = callee(text(form, "To"), carrier.settings.regions)
    number = caller(text(form, "From"), carrier.settings.numbers)
    wishes = _wishes(form, silent=number == MAGIC_VALID_FROM)
    most = carrier.settings.calls_at_once
    if most and carrier.exchange.going_on() >= most:
        raise RefusedError(10004)
    return Call(
        account_sid=carrier.settings.account_sid,
        from_=number,
        to=to,
        wishes=wishes,
        line=Line(carrier.schedule.pause, carrier.clock.now),
        base=base,
        lives=number != MAGIC_VALID_FROM,
        status=CallStatus.QUEUED,
    )


def new_source(form: FormData) -> Source:
    """Read where the document comes from: exactly one of Url and Twiml; applications there are none."""
    url, twiml, application = text(form, "Url"), text(form, "Twiml"), text(form, "ApplicationSid")
    if application:
        raise RefusedError(21218, application)
    if bool(url) == bool(twiml):
        raise RefusedError(21205)
    if len(twiml) > TWIML_LIMIT:
        raise RefusedError(20001, f"Twiml exceeds {TWIML_LIMIT} characters")
    return Source(_url(form, "Url"), _method(form, "Method"), twiml)


def _wishes(form: FormData, *, silent: bool) -> Wishes:
    detection = _one_of(form, "MachineDetection", "", "Enable", "DetectMessageEnd")
    background = _flag(form, "AsyncAmd")
    return Wishes(
        source=new_source(form),
        fallback=Source(_url(form, "FallbackUrl"), _method(form, "FallbackMethod")),
        status=Report() if silent else _report(form, "StatusCallback", EVENTS),
        timeout=_whole(form, "Timeout", TIMEOUT_SECONDS, USUAL_TIMEOUT),
        time_limit=_whole(form, "TimeLimit", TIME_LIMIT_SECONDS, LONGEST_CALL),
        detection="" if text(form, "SendDigits") else detection,  # Twilio too ignores it then
        detection_timeout=_whole(form, "MachineDetectionTimeout", DETECTION_SECONDS, USUAL_DETECTION),
        async_detection=_report(form, "AsyncAmdStatusCallback", frozenset()) if background else None,
        record=_flag(form, "Record"),
        recording=_report(form, "RecordingStatusCallback", RECORDING_EVENTS),
        recording_channels=2 if _one_of(form, "RecordingChannels", "mono", "dual") == "dual" else 1,
        recording_track=_one_of(form, "RecordingTrack", "both", "inbound", "outbound"),
    )


def _report(form: FormData, name: str, known: frozenset[str]) -> Report:
    """Read a callback's address, method and events; several events come one by one or with spaces between."""
    told = {event for value in form.getlist(name + "Event") for event in str(value).split()}
    if unknown := told - known:
        raise RefusedError(20001, f"Invalid {name}Event: {', '.join(sorted(unknown))}")
    return Report(_url(form, name), _method(form, name + "Method"), frozenset(told or {"completed"}))


def _url(form: FormData, name: str) -> str:
    url = text(form, name)
    if url and not callable_url(url):
        raise RefusedError(21609 if name == "StatusCallback" else 21205, url)
    return url


def _method(form: FormData, name: str) -> str:
    return _one_of(form, name, "POST", "GET")


def _one_of(form: FormData, name: str, usual: str, *others: str) -> str:
    value = text(form, name) or usual
    if value not in (usual, *others):
        raise RefusedError(20001, f"Invalid {name}: {value}")
    return value


def _flag(form: FormData, name: str) -> bool:
    return _one_of(form, name, "false", "true", "True", "False").lower() == "true"


def _whole(form: FormData, name: str, allowed: range, usual: int) -> int:
    value = text(form, name)
    if not value:
        return usual
    if not value.isdecimal() or int(value) not in allowed:
        raise RefusedError(20001, f"Invalid {name}: {value}")
    return int(value)
