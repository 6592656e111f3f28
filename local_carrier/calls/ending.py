"""The end of a call: its length, its recordings, its last report."""

from local_carrier.carrier import Carrier

from . import reports
from .call import Call, CallStatus
from .taping import finish_all, tell


def end(carrier: Carrier, call: Call, status: CallStatus, sip_code: int = 0) -> None:
    """Bring a call to its end and tell the bank."""
    call.seconds, call.sip_code = call.elapsed(carrier.clock.now()), sip_code
    taped = finish_all(call)
    reports.move(carrier, call, status)
    carrier.start(call.line.wake())
    for tape in taped:
        tell(carrier, call, tape)
