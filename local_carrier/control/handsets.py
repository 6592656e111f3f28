"""Handsets through the control API: list, read, text as one, pin a persona, take and give back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from local_carrier import inbound
from local_carrier.carrier import Carrier
from local_carrier.destinations import E164
from local_carrier.handset import Handset
from local_carrier.message import Direction, Message, as_json

from .door import local

PAGE = 100  # handsets in one answer
THREAD = 200  # texts of a thread in one answer, the newest

router = APIRouter(prefix="/control")
Local = Annotated[Carrier, Depends(local)]


class Text(BaseModel):
    """What a handset sends."""

    model_config = ConfigDict(extra="forbid")
    body: Annotated[str, Field(max_length=1600)]
    to: str = ""
    num_media: Annotated[int, Field(ge=0, le=10)] = 0
    take: bool = True  # a person typed it, so the persona keeps silent from now on


class Choice(BaseModel):
    """Who lives on a handset."""

    model_config = ConfigDict(extra="forbid")
    persona: str


class Hand(BaseModel):
    """Whether a person has the handset in hand."""

    model_config = ConfigDict(extra="forbid")
    taken: bool


@router.get("/handsets")
async def list_handsets(carrier: Local, q: str = "", limit: int = PAGE, offset: int = 0) -> dict[str, Any]:
    """List handsets, the last texted or called first; `q` looks in numbers and personas."""
    wanted = q.strip().lstrip("+").replace(" ", "")
    rows = [
        (thread[-1] if (thread := carrier.ledger.thread(handset.number)) else None, handset)
        for handset in carrier.handsets.values()
        if wanted in handset.number or wanted in handset.persona or wanted in carrier.cast[handset.persona].title
    ]
    rows.sort(key=lambda row: _last_moment(carrier, row[1].number, row[0]), reverse=True)
    return {
        "total": len(rows),
        "handsets": [_summary(carrier, handset, last) for last, handset in rows[offset : offset + max(limit, 0)]],
    }


@router.get("/handsets/{number}")
async def read_handset(carrier: Local, number: str) -> dict[str, Any]:
    """Show one handset and its thread, oldest first."""
    if number not in carrier.handsets:
        raise HTTPException(404, "no such handset")
    handset, thread = carrier.handsets[number], carrier.ledger.thread(number)
    return {
        **_summary(carrier, handset, thread[-1] if thread else None),
        "length": len(thread),
        "thread": [_bubble(message) for message in thread[-THREAD:]],
    }


@router.post("/handsets/{number}/messages", status_code=201)
async def send_as_handset(carrier: Local, number: str, text: Text) -> dict[str, Any]:
    """Text the bank from a handset."""
    handset = carrier.handset(_dialled(number))
    if not text.body and not text.num_media:
        raise HTTPException(422, "an empty text cannot be sent")
    try:
        message = inbound.send(carrier, handset, text.body, to=text.to, num_media=text.num_media)
    except inbound.NotOwnedError as error:
        raise HTTPException(422, f"{error} is not a number of the account") from error
    handset.taken = handset.taken or text.take
    return as_json(message)


@router.put("/handsets/{number}/persona")
async def pin_persona(carrier: Local, number: str, choice: Choice) -> dict[str, Any]:
    """Give a handset a persona; it starts anew with it."""
    if choice.persona not in carrier.cast.personas:
        raise HTTPException(422, f"unknown persona; there are {', '.join(carrier.cast.personas)}")
    return _summary(carrier, carrier.pin(_dialled(number), choice.persona), None)


@router.put("/handsets/{number}/hand")
async def take(carrier: Local, number: str, hand: Hand) -> dict[str, Any]:
    """Take a handset in hand, or give it back to its persona."""
    handset = carrier.handset(_dialled(number))
    handset.taken = hand.taken
    return _summary(carrier, handset, None)


@router.get("/personas")
async def list_personas(carrier: Local) -> list[dict[str, Any]]:
    """List the personas and their weights."""
    return [
        {"name": name, "title": persona.title, "weight": carrier.cast.weights.get(name, 0)}
        for name, persona in carrier.cast.personas.items()
    ]


def _dialled(number: str) -> str:
    if not E164.fullmatch(number):
        raise HTTPException(422, "a number looks like +8613800000000")
    return number


def _last_moment(carrier: Carrier, number: str, last: Message | None) -> float:
    calls = carrier.exchange.of(number)
    return max((event.created.timestamp() for event in (last, *calls[-1:]) if event), default=0.0)


def _summary(carrier: Carrier, handset: Handset, last: Message | None) -> dict[str, Any]:
    return {
        "number": handset.number,
        "persona": handset.persona,
        "title": carrier.cast[handset.persona].title,
        "pinned": handset.pinned,
        "taken": handset.taken,
        "opted_out": sorted(handset.opted_out),
        "call": call.status if (call := carrier.exchange.on(handset.number)) else None,
        "last": _bubble(last) if last else None,
    }


def _bubble(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "mine": message.direction is Direction.INBOUND,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "num_segments": message.num_segments,
        "num_media": len(message.media),
        "at": (message.product_at or message.created).isoformat(),
    }
