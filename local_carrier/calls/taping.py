"""Recordings of a call: begun at the answer or by the document, ended with the call or before."""

from local_carrier.carrier import Carrier

from . import reports
from .call import Call, Report, Tape
from .recording import Recording


def start_tape(
    carrier: Carrier, call: Call, source: str, report: Report, channels: int = 1, track: str = "both"
) -> Tape:
    """Begin to record a call."""
    recording = Recording(call.account_sid, call.sid, source, channels, track)
    recording.began = call.elapsed(carrier.clock.now())
    carrier.exchange.record(call, recording)
    tape = Tape(recording, report)
    call.tapes.append(tape)
    tell(carrier, call, tape)
    return tape


def finish(carrier: Carrier, call: Call, tape: Tape) -> None:
    """End one recording and let the bank know that it can be fetched."""
    call.tapes.remove(tape)
    tape.recording.finish(call.elapsed(carrier.clock.now()))
    tell(carrier, call, tape)


def finish_all(call: Call) -> list[Tape]:
    """End the recordings that run with their call, and hand them back to be told of."""
    ended, call.tapes = call.tapes, []
    for tape in ended:
        tape.recording.finish(call.seconds)
    return ended


def tell(carrier: Carrier, call: Call, tape: Tape) -> None:
    """Report a recording where the bank asked for what has just happened to it."""
    if tape.recording.status in tape.report.events:
        reports.send(carrier, call, tape.report, reports.recording_form(tape.recording, call.base))
