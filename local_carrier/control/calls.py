"""Calls through the control API: list, hear, answer, reject, speak as the callee."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field, model_validator

from local_carrier.calls.call import Call, CallStatus
from local_carrier.calls.line import Utterance
from local_carrier.calls.speaking import key_seconds, speaking_seconds
from local_carrier.carrier import Carrier

from .door import local

PAGE = 100  # calls in one answer

router = APIRouter(prefix="/control/calls")
Local = Annotated[Carrier, Depends(local)]


class Act(BaseModel):
    """What a callee does: exactly one of speaking, pressing keys, keeping silent and hanging up."""

    model_config = ConfigDict(extra="forbid")
    speech: Annotated[str, Field(max_length=1000)] = ""
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.9
    digits: Annotated[str, Field(pattern=r"^[0-9*#]*$", max_length=32)] = ""
    silence: bool = False
    hang_up: bool = False
    interrupt: bool = False  # at once, even over the bank's words; else when the bank has asked and listens

    @model_validator(mode="after")
    def is_one(self) -> Self:
        """Refuse an act that is none, or several."""
        if bool(self.speech) + bool(self.digits) + self.silence + self.hang_up != 1:
            raise ValueError("send exactly one of speech, digits, silence and hang_up")
        return self


@router.get("")
async def list_calls(carrier: Local, to: str = "", limit: int = PAGE, offset: int = 0) -> dict[str, Any]:
    """List calls, newest first; `to` limits them to one phone."""
    rows = list(reversed(carrier.exchange.of(to)) if to else carrier.exchange.newest_first())
    return {"total": len(rows), "calls": [summary(call) for call in rows[offset : offset + max(limit, 0)]]}


@router.get("/{sid}")
async def read_call(carrier: Local, sid: str) -> dict[str, Any]:
    """Show one call and every line that was heard on it."""
    call = carrier.exchange.find(sid)
    if call is None:
        raise HTTPException(404, "no such call")
    return summary(call) | {"lines": [line.as_json() for line in call.line.spoken]}


@router.post("/{number}/answer")
async def answer(carrier: Local, number: str) -> dict[str, Any]:
    """Pick up a phone that rings."""
    call = _on(carrier, number, CallStatus.RINGING)
    carrier.handset(number).taken = True
    call.line.picked_up.set()
    return summary(call)


@router.post("/{number}/reject")
async def reject(carrier: Local, number: str) -> dict[str, Any]:
    """Press the red button of a phone that rings."""
    call = _on(carrier, number, CallStatus.RINGING)
    carrier.handset(number).taken = True
    call.line.rejected.set()
    return summary(call)


@router.post("/{number}/say")
async def say(carrier: Local, number: str, act: Act) -> dict[str, Any]:
    """Act as the callee; whoever does so has the phone in hand from now on."""
    call = _on(carrier, number, CallStatus.IN_PROGRESS)
    carrier.handset(number).taken = True
    if act.hang_up:
        call.line.hung_up.set()
    elif not act.silence:
        carrier.start(_act(call, act))
    return summary(call)


async def _act(call: Call, act: Act) -> None:
    utterance = Utterance(act.speech, act.confidence, act.digits)
    if not act.interrupt:
        async with call.line.asked:
            await call.line.asked.wait_for(lambda: _expects(call, utterance) or not call.live)
    if call.live:
        await call.line.speak(utterance, key_seconds(act.digits) if act.digits else speaking_seconds(act.speech))


def _expects(call: Call, utterance: Utterance) -> bool:
    """Tell whether the bank waits for this: words answer a question once, keys follow each other."""
    ear = call.line.ear
    return ear is not None and ear.asking and ear.takes(utterance) and (bool(utterance.keys) or not ear.touched)


def _on(carrier: Carrier, number: str, status: CallStatus) -> Call:
    call = carrier.exchange.on(number)
    if call is None or call.status is not status:
        raise HTTPException(409, f"no call is {status} at this phone")
    return call


def summary(call: Call) -> dict[str, Any]:
    """Show where a call stands, without its lines."""
    ear = call.line.ear
    return {
        "sid": call.sid,
        "to": call.to,
        "from": call.from_,
        "status": call.status,
        "answered_by": call.answered_by or None,
        "sip_code": call.sip_code or None,
        "ended_by": call.ended_by or None,
        "seconds": round(call.seconds, 1),
        "created": call.created.isoformat(),
        "product_at": call.product_at.isoformat(),
        "listening": ear is not None and ear.asking,
        "interruptible": ear is not None,
        "length": len(call.line.spoken),
    }
