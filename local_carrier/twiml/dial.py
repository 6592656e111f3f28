"""The Dial verb: a second call to somebody, perhaps a whisper to them, and the two put through to each other."""

from local_carrier.calls import reports
from local_carrier.calls.call import Call, CallStatus, Source, Wishes
from local_carrier.calls.ending import end
from local_carrier.calls.line import Line, Who, over_before
from local_carrier.calls.recording import uri
from local_carrier.calls.speaking import speaking_seconds
from local_carrier.calls.taping import finish
from local_carrier.destinations import DECORATION

from .checks import E164
from .document import Verb
from .program import Leave, Program
from .record import taped
from .troubles import BAD_CALLER, BAD_NUMBER, SCHEMA, TroubleError

SETUP_SECONDS = 1.0
RING_SECONDS = 6.0  # product time until the dialled phone is picked up or the network says no
TALK_SECONDS = 20.0  # how long the two talk, unless one of them hangs up before
USUAL_TIMEOUT, USUAL_LIMIT = 30, 14_400
GREETING = "您好，我是客户经理，请讲。"
NOT_PUT_THROUGH = {
    "busy": (CallStatus.BUSY, 486),
    "no_answer": (CallStatus.NO_ANSWER, 487),
    "invalid": (CallStatus.FAILED, 404),
}


async def perform_dial(program: Program, verb: Verb) -> Leave | None:
    """Put the callee through, and go on with the action, or with the next verb."""
    noun, number = _target(verb)
    caller = verb.get("callerId") or program.call.from_
    if caller not in (*program.carrier.settings.numbers, program.call.to):
        raise TroubleError(BAD_CALLER, "callerId is not a number of the account")
    if not E164.fullmatch(number):
        program.warn(BAD_NUMBER, "the number to dial is none")
        return program.follow(verb, {"DialCallStatus": "failed"}) if verb.get("action") else None
    leg = _leg(program, noun, number, caller)
    tape = None
    try:
        talked = await _ring(program, verb, leg)
        if talked and noun:
            talked = await _whisper(program, noun, leg)
        if talked:
            tape = taped(program, verb)
            await _talk(program, verb, leg)
    finally:
        if tape in program.call.tapes and tape is not None:
            finish(program.carrier, program.call, tape)
        if leg.live:  # the callee hung up, or the two have talked
            answered = leg.status is CallStatus.IN_PROGRESS
            end(program.carrier, leg, CallStatus.COMPLETED if answered else CallStatus.CANCELED)
    form = {"DialCallSid": leg.sid, "DialCallStatus": leg.status.value, "DialBridged": str(talked).lower()}
    if talked:
        form["DialCallDuration"] = str(round(leg.seconds))
    if tape:
        form |= {"RecordingSid": tape.recording.sid, "RecordingUrl": leg.base + uri(tape.recording)}
    return program.follow(verb, form) if verb.get("action") else None


def _target(verb: Verb) -> tuple[Verb | None, str]:
    if len(verb.inside) > 1:
        raise TroubleError(SCHEMA, "Dial rings one number at a time here")
    noun = verb.inside[0] if verb.inside else None
    return noun, DECORATION.sub("", noun.words if noun else verb.words)


def _leg(program: Program, noun: Verb | None, number: str, caller: str) -> Call:
    carrier, parent = program.carrier, program.call
    wishes = Wishes(Source())
    if noun:
        wishes = Wishes(Source(), status=program.report(noun, "statusCallback"))
    line = Line(carrier.schedule.pause, carrier.clock.now)
    leg = Call(parent.account_sid, caller, number, wishes, line, base=parent.base, parent_sid=parent.sid)
    leg.product_at = carrier.clock.now()
    carrier.exchange.add(leg)
    return leg


async def _ring(program: Program, verb: Verb, leg: Call) -> bool:
    """Ring the dialled phone; the setting of this run tells what comes of it."""
    carrier, outcome = program.carrier, program.carrier.settings.dialled
    reports.move(carrier, leg, CallStatus.INITIATED)
    await leg.line.pause(SETUP_SECONDS)
    if outcome != "invalid":
        reports.move(carrier, leg, CallStatus.RINGING)
        patience = verb.number("timeout", USUAL_TIMEOUT)
        if outcome == "no_answer" or patience < RING_SECONDS:
            outcome = "no_answer"
            await over_before(leg.line.pause(patience), leg.stopped)
        else:
            await over_before(leg.line.pause(RING_SECONDS), leg.stopped)
    if leg.stopped.is_set():
        end(carrier, leg, CallStatus.CANCELED)
        return False
    if outcome in NOT_PUT_THROUGH:
        end(carrier, leg, *NOT_PUT_THROUGH[outcome])
        return False
    leg.answered_at = carrier.clock.now()
    reports.move(carrier, leg, CallStatus.IN_PROGRESS)
    return True


async def _whisper(program: Program, noun: Verb, leg: Call) -> bool:
    """Perform the Number's own document for the dialled side alone; a Hangup in it declines the callee."""
    if not noun.get("url"):
        return True
    whisper = Program(program.carrier, leg, program.verbs)
    await whisper.run(Source(program.absolute(noun.get("url")), noun.get("method", "POST")))
    return not whisper.hung_up


async def _talk(program: Program, verb: Verb, leg: Call) -> None:
    program.line.write(Who.DIALLED, GREETING)
    await leg.line.pause(speaking_seconds(GREETING))
    rest = min(TALK_SECONDS, verb.number("timeLimit", USUAL_LIMIT))
    await over_before(leg.line.pause(rest), leg.stopped, leg.line.hung_up)
