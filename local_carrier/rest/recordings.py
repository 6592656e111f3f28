"""The Recordings resource: read, hear, list, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from local_carrier.calls.recording import Recording, as_json, silence
from local_carrier.carrier import Carrier
from local_carrier.refusals import RefusedError

from .access import admit
from .calls import found as found_call
from .paging import page_of

router = APIRouter(prefix="/2010-04-01/Accounts/{account_sid}")
Admitted = Annotated[Carrier, Depends(admit)]


@router.get("/Calls/{sid}/Recordings.json")
async def list_of_call(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """List the recordings of one call, newest first."""
    rows = reversed(found_call(carrier, sid, request).recordings)
    return page_of(
        rows,
        request.query_params,
        request.url.path,
        key="recordings",
        sid=lambda recording: recording.sid,
        show=lambda recording: as_json(recording, _base(request), of_call=True),
    )


@router.get("/Recordings/{sid}.json")
async def fetch(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """Show one recording."""
    return as_json(_found(carrier, sid, request), _base(request))


@router.get("/Recordings/{sid}.wav")
async def hear(request: Request, sid: str, carrier: Admitted) -> Response:
    """Hand out the sound: a second of silence."""
    recording = _found(carrier, sid, request)
    if recording.status != "completed":
        raise RefusedError(20404, request.url.path)
    return Response(silence(recording.channels), media_type="audio/x-wav")


@router.delete("/Recordings/{sid}.json", status_code=204)
async def delete(request: Request, sid: str, carrier: Admitted) -> None:
    """Forget a recording that has come to its end."""
    recording = _found(carrier, sid, request)
    if recording.status != "completed":
        raise RefusedError(20009)
    carrier.exchange.erase(recording)


def _found(carrier: Carrier, sid: str, request: Request) -> Recording:
    if recording := carrier.exchange.recording(sid):
        return recording
    raise RefusedError(20404, request.url.path)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
