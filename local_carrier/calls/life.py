"""A call's life: queued, initiated, ringing, in progress, over, with a report of each."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from local_carrier.carrier import Carrier
from local_carrier.twiml.program import Program
from local_carrier.twiml.verbs import VERBS

from . import reports
from .call import Call, CallStatus, Source
from .detection import detect
from .ending import end
from .line import over_before
from .pickup import UNCONNECTED, Pickup, who_picks_up
from .taping import start_tape

SETUP_SECONDS = 1.5  # product time from the dialling to the first ring, or to the network's refusal
CONNECT_SECONDS = 0.8  # from the answer to the first word of the bank; a "喂" falls into it, as in life
NAP_SECONDS = 60.0  # how often a long call looks at its limit
TIMED_OUT, CANCELLED = 487, 487


def place(carrier: Carrier, call: Call) -> None:
    """Take a call from the bank; what follows happens by itself."""
    call.product_at = carrier.clock.now()
    carrier.exchange.add(call)
    carrier.counters.placed(call.to)
    if call.lives:
        carrier.handset(call.to)
        carrier.start(_live(carrier, call))


async def _live(carrier: Carrier, call: Call) -> None:
    queued = carrier.exchange.wait(carrier.clock.now())
    if not await over_before(carrier.schedule.pause(queued), call.stopped):
        end(carrier, call, CallStatus.CANCELED)
        return
    await connect(carrier, call)


async def connect(carrier: Carrier, call: Call) -> None:
    """Dial a phone and see the call through to its end."""
    pickup = who_picks_up(carrier, call)
    reports.move(carrier, call, CallStatus.INITIATED)
    if not await over_before(carrier.schedule.pause(SETUP_SECONDS), call.stopped):
        end(carrier, call, CallStatus.CANCELED, CANCELLED)
        return
    if pickup.ends in UNCONNECTED:
        await _refused(carrier, call, pickup)
        return
    reports.move(carrier, call, CallStatus.RINGING)
    status, code = await _ring(carrier, call, pickup)
    if status is not CallStatus.IN_PROGRESS:
        end(carrier, call, status, code)
        return
    call.answered_at = carrier.clock.now()
    reports.move(carrier, call, CallStatus.IN_PROGRESS)
    if call.wishes.record:
        start_tape(
            carrier,
            call,
            "OutboundAPI",
            call.wishes.recording,
            call.wishes.recording_channels,
            call.wishes.recording_track,
        )
    call.ended_by = await _talk(carrier, call, pickup)
    end(carrier, call, CallStatus.COMPLETED)


async def _refused(carrier: Carrier, call: Call, pickup: Pickup) -> None:
    """Let the network say why it does not connect, then give up."""
    status, code = UNCONNECTED[pickup.ends]
    await over_before(pickup.attend(call.line), call.stopped)
    if call.stopped.is_set():
        status, code = CallStatus.CANCELED, CANCELLED
    end(carrier, call, status, code)


async def _ring(carrier: Carrier, call: Call, pickup: Pickup) -> tuple[CallStatus, int]:
    line, patience = call.line, float(call.wishes.timeout)
    acts = (line.picked_up, line.rejected, call.stopped)
    rings = min(pickup.rings, patience)
    untouched = await over_before(carrier.schedule.pause(rings), *acts)
    if untouched and not carrier.handset(call.to).taken and pickup.rings < patience:
        return pickup.result
    if untouched:
        await over_before(carrier.schedule.pause(patience - rings), *acts)
    if call.stopped.is_set():
        return CallStatus.CANCELED, CANCELLED
    if line.rejected.is_set():
        return CallStatus.BUSY, 603
    return (CallStatus.IN_PROGRESS, 0) if line.picked_up.is_set() else (CallStatus.NO_ANSWER, TIMED_OUT)


async def _talk(carrier: Carrier, call: Call, pickup: Pickup) -> str:
    """Let both ends act until one of them, the bank's program or the limit ends it; tell which."""
    callee = asyncio.create_task(pickup.attend(call.line))
    try:
        source: Source | None = call.wishes.source
        before: Coroutine[Any, Any, None] = _open(carrier, call, pickup)
        while source is not None:
            ended_by, source = await _perform(carrier, call, source, before)
            before = asyncio.sleep(0)
        before.close()
        return ended_by
    finally:
        callee.cancel()


async def _open(carrier: Carrier, call: Call, pickup: Pickup) -> None:
    """Wait for the sound to go through, and for the detection if the bank waits for it."""
    await carrier.schedule.pause(CONNECT_SECONDS)
    if not call.wishes.detection:
        return
    if call.wishes.async_detection is None:
        await detect(carrier, call, pickup)
    else:
        carrier.start(detect(carrier, call, pickup))


async def _perform(
    carrier: Carrier, call: Call, source: Source, before: Coroutine[Any, Any, None]
) -> tuple[str, Source | None]:
    async def perform() -> None:
        await before
        await Program(carrier, call, VERBS).run(source)

    endings = {
        "bank": asyncio.create_task(perform()),
        "callee": asyncio.create_task(_event(call.line.hung_up)),
        "api": asyncio.create_task(_event(call.stopped)),
        "limit": asyncio.create_task(_limit(carrier, call)),
    }
    redirect = asyncio.create_task(call.redirected.get())
    waited: list[asyncio.Task[Any]] = [*endings.values(), redirect]
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        for name, task in endings.items():
            if task.done():
                task.result()  # what went wrong in here must be seen
                return name, None
        return "", redirect.result()
    finally:
        for unfinished in waited:
            unfinished.cancel()
        call.line.ear = None


async def _event(event: asyncio.Event) -> None:
    await event.wait()


async def _limit(carrier: Carrier, call: Call) -> None:
    while (left := call.wishes.time_limit - call.elapsed(carrier.clock.now())) > 0:
        await carrier.schedule.pause(min(left, NAP_SECONDS))
