"""Asking the bank for TwiML: signed, with the call's fields, and never longer than Twilio waits."""

import asyncio
import time

import httpx

from local_carrier.carrier import Carrier
from local_carrier.faults import Op
from local_carrier.twiml.troubles import TroubleError
from local_carrier.webhook import FAILED_RESPONSE, UNREACHABLE, Alert

from .call import Call, Source
from .reports import call_form

CEILING_SECONDS = 15.0  # a voice request is given up after this, retries and all
WRONG_TYPE = 12300
DOCUMENTS = ("xml", "text/plain", "text/html")  # Twilio reads plain text aloud; here it must be TwiML too


async def ask(carrier: Carrier, call: Call, source: Source) -> str:
    """Fetch a document; what goes wrong is raised with Twilio's error code."""
    form = call_form(call) | dict(source.form)
    if call.answered_by and call.wishes.async_detection is None:
        form |= {"AnsweredBy": call.answered_by, "MachineDetectionDuration": str(call.detection_ms)}
    request = asyncio.create_task(_request(carrier, call, source, form))
    carrier.keep(request)
    real, product = time.monotonic(), carrier.clock.now()
    try:
        # The request goes on when the callee hangs up meanwhile, as Twilio's does.
        answer = await asyncio.shield(request)
    finally:
        passed = (carrier.clock.now() - product).total_seconds()
        call.network_excess += max(0.0, passed - (time.monotonic() - real))  # none on a clock that stands still
    if isinstance(answer, Alert):
        raise TroubleError(answer.error_code, answer.url, noted=True)
    kind = answer.headers.get("Content-Type", "text/xml")
    if not any(known in kind for known in DOCUMENTS):
        raise TroubleError(WRONG_TYPE, source.url)
    return answer.text


async def _request(carrier: Carrier, call: Call, source: Source, form: dict[str, str]) -> httpx.Response | Alert:
    answers: list[httpx.Response | Alert] = []

    async def deliver() -> None:
        carrier.counters.voice += 1
        answers.append(await carrier.webhooks.ask(Op.VOICE, source.url, form, method=source.method))

    failed = Alert(UNREACHABLE, source.url, "ct", 1)  # unless an answer comes: the plan dropped it on its way
    try:
        async with asyncio.timeout(CEILING_SECONDS):
            await carrier.crossing.send(Op.VOICE, call.to, deliver)
    except TimeoutError:
        failed = Alert(FAILED_RESPONSE, source.url, "rt", 1)
    if answers:
        return answers[0]
    carrier.webhooks.alerts.append(failed)
    return failed
