"""The verbs that record: Record, which listens by itself, and Start and Stop, which record beside the talk."""

from local_carrier.calls.call import Report, Tape
from local_carrier.calls.line import Ear, Kind, Who, over_before
from local_carrier.calls.recording import uri
from local_carrier.calls.taping import finish, start_tape

from .document import Verb
from .program import Leave, Program

QUIET_SECONDS = 5  # of silence that end a Record; Twilio's usual figure
LONGEST_SECONDS = 3600


async def perform_record(program: Program, verb: Verb) -> Leave | None:
    """Record what the callee says; a recording of nothing leads to the next verb."""
    if verb.yes("playBeep", usual=True):
        program.line.write(Who.BANK, "beep", Kind.SOUND)
    tape = start_tape(program.carrier, program.call, "RecordVerb", _report(program, verb))
    ear = Ear.for_(speech=True, keys=True)
    await program.line.listen(ear)
    try:
        said, key = await _listen(program, verb, ear)
    finally:
        program.line.ear = None
    finish(program.carrier, program.call, tape)
    recording = tape.recording
    if not said:
        program.carrier.exchange.erase(recording)
        return None
    form = {
        "RecordingSid": recording.sid,
        "RecordingUrl": program.call.base + uri(recording),
        "RecordingDuration": str(round(recording.seconds)),
    }
    return program.follow(verb, form | ({"Digits": key} if key else {}))


async def _listen(program: Program, verb: Verb, ear: Ear) -> tuple[bool, str]:
    """Listen until it is quiet, a key is pressed, or the tape is full; tell whether anything was said, and the key."""
    call, said = program.call, False
    ends = call.elapsed(program.carrier.clock.now()) + verb.number("maxLength", LONGEST_SECONDS)
    while (left := ends - call.elapsed(program.carrier.clock.now())) > 0:
        if not ear.heard.qsize() and await over_before(
            program.line.pause(min(left, verb.number("timeout", QUIET_SECONDS))), ear.began
        ):
            break
        utterance = await ear.heard.get()
        if not ear.heard.qsize():
            ear.began.clear()
        if utterance.keys:
            return said, next((key for key in utterance.keys if key in verb.get("finishOnKey", "1234567890*#")), "")
        said = True
    return said, ""


async def perform_start(program: Program, verb: Verb) -> None:
    """Begin to record beside the talk."""
    for noun in verb.inside:
        channels = 2 if noun.get("channels", "mono") == "dual" else 1
        report = _report(program, noun)
        start_tape(program.carrier, program.call, "StartCallRecordingAPI", report, channels, noun.get("track", "both"))


async def perform_stop(program: Program, verb: Verb) -> None:
    """End the recording that a Start began last."""
    running = [tape for tape in program.call.tapes if tape.recording.source == "StartCallRecordingAPI"]
    if verb.inside and running:
        finish(program.carrier, program.call, running[-1])


def taped(program: Program, verb: Verb) -> Tape | None:
    """Begin the recording that a Dial asks for, if it does."""
    asked = verb.get("record", "do-not-record")
    if asked in ("do-not-record", "false"):
        return None
    channels = 2 if asked.endswith("dual") else 1
    return start_tape(program.carrier, program.call, "DialVerb", _report(program, verb), channels)


def _report(program: Program, verb: Verb) -> Report:
    return program.report(verb, "recordingStatusCallback")
