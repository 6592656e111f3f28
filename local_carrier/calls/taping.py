"""Recordings of a call: begun at the answer or by the document, ended with the call or before."""

from local_carrier.carrier import Carrier

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
    return tape


def finish(call: Call, tape: Tape, elapsed: float) -> None:
    """End one recording."""
    call.tapes.remove(tape)
    tape.recording.finish(elapsed)


def finish_all(call: Call) -> list[Tape]:
    """End the recordings that run and list those that somebody wants to hear of."""
    running = list(call.tapes)
    for tape in running:
        finish(call, tape, call.seconds)
    return [tape for tape in running if "completed" in tape.report.events]
