"""The Calls resource: place, read, list, end, redirect, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from local_carrier.calls import life
from local_carrier.calls.call import OVER, UNANSWERED, Call, CallStatus, as_json
from local_carrier.carrier import Carrier
from local_carrier.faults import Op
from local_carrier.refusals import RefusedError

from .access import admit, read_form, text
from .call_filters import matching
from .call_wishes import new_source, read_call
from .failing import fail, suffers_before
from .paging import page_of

router = APIRouter(prefix="/2010-04-01/Accounts/{account_sid}")
Admitted = Annotated[Carrier, Depends(admit)]


@router.post("/Calls.json", status_code=201)
async def create(request: Request, carrier: Admitted) -> Response:
    """Take a call from the bank, unless it or the fault plan forbids."""
    form = await read_form(request)
    to = text(form, "To")
    carrier.counters.asked_to_call(to)
    rule = carrier.faults.strike(Op.CALL_CREATE, to)
    if rule is not None and (answer := await suffers_before(rule, request)):
        return answer
    try:
        call = read_call(carrier, form, str(request.base_url).rstrip("/"))
    except RefusedError as refused:
        carrier.counters.turned_down(refused.code)
        raise
    shown = _shown(carrier, call)
    life.place(carrier, call)
    if rule is not None and (answer := await fail(rule, request)):
        return answer
    return JSONResponse(shown, 201)


@router.get("/Calls.json")
async def list_calls(request: Request, carrier: Admitted) -> dict[str, Any]:
    """List calls, newest first."""
    rows = matching(carrier, request.query_params)
    return page_of(
        rows,
        request.query_params,
        request.url.path,
        key="calls",
        sid=lambda call: call.sid,
        show=lambda call: _shown(carrier, call),
    )


@router.get("/Calls/{sid}.json")
async def fetch(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """Show one call."""
    return _shown(carrier, found(carrier, sid, request))


@router.post("/Calls/{sid}.json")
async def update(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """End a call, or lead it to another document."""
    call = found(carrier, sid, request)
    form = await read_form(request)
    status, url, twiml = text(form, "Status"), text(form, "Url"), text(form, "Twiml")
    if status not in ("", CallStatus.COMPLETED, CallStatus.CANCELED):
        raise RefusedError(20001, f"Invalid Status: {status}")
    if bool(status) + bool(url) + bool(twiml) != 1:
        raise RefusedError(20001, "Send exactly one of Status, Url and Twiml")
    if call.status in OVER:
        raise RefusedError(21220)
    if not status:
        if call.status is not CallStatus.IN_PROGRESS:
            raise RefusedError(21220)
        call.redirected.put_nowait(new_source(form))
    elif status == CallStatus.COMPLETED or call.status in UNANSWERED:  # canceled does not end a talk
        await _stop(call)
    return _shown(carrier, call)


@router.delete("/Calls/{sid}.json", status_code=204)
async def delete(request: Request, sid: str, carrier: Admitted) -> None:
    """Forget a call that has come to its end."""
    call = found(carrier, sid, request)
    if call.live:
        raise RefusedError(20009)
    carrier.exchange.forget(call)


def found(carrier: Carrier, sid: str, request: Request) -> Call:
    """Look a call up, or refuse."""
    if call := carrier.exchange.find(sid):
        return call
    raise RefusedError(20404, request.url.path)


async def _stop(call: Call) -> None:
    call.stopped.set()
    if call.lives:
        await call.over.wait()
    else:
        call.move(CallStatus.CANCELED)  # the magic sender's calls have no life that could notice


def _shown(carrier: Carrier, call: Call) -> dict[str, Any]:
    number = carrier.numbers.get(call.from_)
    return as_json(call, number.sid if number else None)
