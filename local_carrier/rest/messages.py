"""The Messages resource: send, read, list, redact, cancel, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from local_carrier import outbound
from local_carrier.carrier import Carrier
from local_carrier.destinations import MAGIC_VALID_FROM, recipient, sender
from local_carrier.faults import Op
from local_carrier.message import FINAL, WAITING, Direction, Message, Status, as_json
from local_carrier.refusals import RefusedError
from local_carrier.segments import segments

from .access import admit, read_form, text
from .addresses import callable_url
from .failing import fail, suffers_before
from .filters import matching
from .paging import page_of

BODY_LIMIT = 1600
VALIDITY_SECONDS = range(1, 36001)
LONGEST_VALIDITY = 36000

router = APIRouter(prefix="/2010-04-01/Accounts/{account_sid}")
Admitted = Annotated[Carrier, Depends(admit)]


@router.post("/Messages.json", status_code=201)
async def create(request: Request, carrier: Admitted) -> Response:
    """Take a text from the bank, unless it or the fault plan forbids."""
    form = await read_form(request)
    to, body = text(form, "To"), text(form, "Body")
    carrier.counters.posted(to, body)
    rule = carrier.faults.strike(Op.CREATE, to)
    if rule is not None and (answer := await suffers_before(rule, request)):
        return answer
    try:
        message = read_message(carrier, form)
    except RefusedError as refused:
        carrier.counters.turned_down(refused.code)
        raise
    shown = as_json(message)  # as it stands now: a delayed answer still says queued
    outbound.accept(carrier, message, request.app.state.lanes[message.from_])
    if rule is not None and (answer := await fail(rule, request)):
        return answer
    return JSONResponse(shown, 201)


@router.get("/Messages.json")
async def list_messages(request: Request, carrier: Admitted) -> dict[str, Any]:
    """List messages, newest first."""
    rows = matching(carrier, request.query_params)
    return page_of(rows, request.query_params, request.url.path, key="messages", sid=lambda m: m.sid, show=as_json)


@router.get("/Messages/{sid}.json")
async def fetch(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """Show one message."""
    return as_json(_found(carrier, sid, request))


@router.post("/Messages/{sid}.json")
async def update(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """Empty a message's body, or call it back while it waits; nothing else can be changed."""
    message = _found(carrier, sid, request)
    form = await read_form(request)
    redacts, cancels = form.get("Body") == "", text(form, "Status") == Status.CANCELED
    if redacts == cancels or {"Body": redacts, "Status": cancels} != {key: key in form for key in ("Body", "Status")}:
        raise RefusedError(30400)
    if cancels:
        if message.status not in WAITING:
            raise RefusedError(30409)
        message.move(Status.CANCELED)
    else:
        if message.status not in FINAL:
            raise RefusedError(20009)
        message.body = ""
    return as_json(message)


@router.delete("/Messages/{sid}.json", status_code=204)
async def delete(request: Request, sid: str, carrier: Admitted) -> None:
    """Forget a message that has come to its end."""
    message = _found(carrier, sid, request)
    if message.status not in FINAL:
        raise RefusedError(20009)
    carrier.ledger.forget(message)


def read_message(carrier: Carrier, form: FormData) -> Message:
    """Read a create request in Twilio's order of checks: recipient, sender, content, permission."""
    to = recipient(text(form, "To"), carrier.settings.regions)
    if text(form, "SendAt") and not text(form, "MessagingServiceSid"):
        raise RefusedError(35118)
    if service := text(form, "MessagingServiceSid"):
        raise RefusedError(21701, service)  # the account has numbers only
    number = sender(text(form, "From"), carrier.settings.numbers)
    body = text(form, "Body")
    media = tuple(str(url) for url in form.getlist("MediaUrl"))
    if not body and not media:
        raise RefusedError(21602)
    if len(body) > BODY_LIMIT:
        raise RefusedError(21617)
    callback = text(form, "StatusCallback")
    if callback and not callable_url(callback):
        raise RefusedError(21609, callback)
    if to in carrier.handsets and number in carrier.handsets[to].opted_out:
        raise RefusedError(21610)
    return Message(
        account_sid=carrier.settings.account_sid,
        from_=number,
        to=to,
        body=body,
        direction=Direction.OUTBOUND,
        status=Status.QUEUED,
        num_segments=segments(body),
        media=media,
        status_callback="" if number == MAGIC_VALID_FROM else callback,
        validity_seconds=_validity(text(form, "ValidityPeriod")),
    )


def _validity(seconds: str) -> int:
    if not seconds:
        return LONGEST_VALIDITY
    if not seconds.isdecimal() or int(seconds) not in VALIDITY_SECONDS:
        raise RefusedError(21624)
    return int(seconds)


def _found(carrier: Carrier, sid: str, request: Request) -> Message:
    if message := carrier.ledger.find(sid):
        return message
    raise RefusedError(20404, request.url.path)
