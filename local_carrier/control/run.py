"""The run itself through the control API: clock, faults, counters, alerts, and a clean start."""

import asyncio
from datetime import UTC
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from local_carrier.carrier import Carrier
from local_carrier.faults import Rule

from .door import local

FASTEST = 100_000.0  # a day in less than a second; beyond it delays have no meaning
TURNS_OF_THE_LOOP = 50  # in which whoever was woken has acted, so that what they do next is counted

router = APIRouter(prefix="/control")
Local = Annotated[Carrier, Depends(local)]


class Anchor(BaseModel):
    """Where product time stands and how fast it runs; what is left out goes on as it is."""

    model_config = ConfigDict(extra="forbid")
    rate: Annotated[float, Field(gt=0, le=FASTEST)] | None = None
    now: AwareDatetime | None = None


@router.get("/clock")
async def read_clock(carrier: Local) -> dict[str, Any]:
    """Tell product time."""
    return {"rate": carrier.clock.rate, "now": carrier.clock.now().isoformat()}


@router.put("/clock")
async def set_clock(carrier: Local, anchor: Anchor) -> dict[str, Any]:
    """Set product time, its rate or both; answers that become due leave at once."""
    carrier.clock.set(rate=anchor.rate, now=anchor.now.astimezone(UTC) if anchor.now else None)
    return await read_clock(carrier)


@router.get("/next")
async def read_next(carrier: Local) -> dict[str, Any]:
    """Tell when the next thing happens here, and how many requests to the bank are under way and texts wait for their turn."""
    for _ in range(TURNS_OF_THE_LOOP):
        await asyncio.sleep(0)
    due = carrier.schedule.next()
    return {
        "due": due.isoformat() if due else None,
        "requests": carrier.webhooks.under_way,
        "texts": carrier.texts_in_lane,
    }


@router.get("/faults")
async def read_faults(carrier: Local) -> list[dict[str, Any]]:
    """Show the fault plan and how often each rule was looked at and applied."""
    plan = carrier.faults
    rows = zip(plan.rules, plan.seen, plan.applied, strict=True)
    return [{**rule.model_dump(mode="json"), "seen": seen, "applied": applied} for rule, seen, applied in rows]


@router.put("/faults")
async def set_faults(carrier: Local, rules: list[Rule]) -> list[dict[str, Any]]:
    """Replace the fault plan; an empty list ends all faults."""
    carrier.faults.plan(tuple(rules))
    return await read_faults(carrier)


@router.get("/counters")
async def read_counters(carrier: Local, to: str | None = None) -> dict[str, Any]:
    """Show what the carrier counted."""
    counts = carrier.counters.as_json(to)
    return counts | {"webhooks_tried": carrier.webhooks.tried, "webhooks_succeeded": carrier.webhooks.succeeded}


@router.get("/alerts")
async def read_alerts(carrier: Local) -> list[dict[str, Any]]:
    """Show the webhooks that the bank never took, newest last."""
    return [alert.as_json() for alert in carrier.webhooks.alerts]


@router.delete("/state", status_code=204)
async def clear(carrier: Local) -> None:
    """Forget messages, handsets, personas' memories, faults and counts."""
    carrier.clear()
