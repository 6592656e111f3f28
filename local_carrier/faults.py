"""The fault plan: which requests and webhooks go wrong, and how."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

REORDER_SECONDS = 2.0  # a held webhook leaves after this even when nothing overtakes it


class Op(StrEnum):
    """What a rule looks at."""

    CREATE = "create"  #: POST /Messages.json
    STATUS = "status"  #: a status callback
    INBOUND = "inbound"  #: a handset's text on its way to the bank
    CALL_CREATE = "call_create"  #: POST /Calls.json
    VOICE = "voice"  #: a request for TwiML: at the answer, at a gather, at a redirect
    CALL_STATUS = "call_status"  #: a report on a call: its progress, its detection, its recording


class Fault(StrEnum):
    """What goes wrong."""

    ACCEPT_THEN_500 = "accept_then_500"  #: the text is taken, the answer says it was not
    REFUSE_500 = "refuse_500"  #: the text is not taken
    THROTTLE_429 = "throttle_429"  #: refused for so many seconds from the first match on
    HANG = "hang"  #: no answer for so many seconds, then the connection is cut
    RESET = "reset"  #: the connection is cut
    DELAY = "delay"  #: later by so many seconds
    DROP = "drop"  #: a webhook is never sent
    DUPLICATE = "duplicate"  #: a webhook is sent so many times, all at once
    REORDER = "reorder"  #: a webhook waits until the next one of its kind has gone


CREATE_FAULTS = frozenset(
    {Fault.ACCEPT_THEN_500, Fault.REFUSE_500, Fault.THROTTLE_429, Fault.HANG, Fault.RESET, Fault.DELAY}
)
WEBHOOK_FAULTS = frozenset({Fault.DELAY, Fault.DROP, Fault.DUPLICATE, Fault.REORDER})
CREATES = frozenset({Op.CREATE, Op.CALL_CREATE})
ALLOWED = {op: CREATE_FAULTS if op in CREATES else WEBHOOK_FAULTS for op in Op}


class Match(BaseModel):
    """Which requests a rule is about: all of an operation, one number's, every share of them, or only the nth."""

    model_config = ConfigDict(extra="forbid")
    op: Op
    number: str | None = None
    nth: Annotated[int, Field(ge=1)] | None = None
    share: Annotated[float, Field(ge=0, le=1)] = 1.0


class Rule(BaseModel):
    """One line of the plan."""

    model_config = ConfigDict(extra="forbid")
    match: Match
    do: Fault
    seconds: Annotated[float, Field(ge=0, le=600)] = 1.0
    times: Annotated[int, Field(ge=1, le=50)] = 2
    accepted: bool = True  # for delay, hang and reset of a create: was the text taken before the answer got lost

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse a fault that the operation cannot have."""
        if self.do not in ALLOWED[self.match.op]:
            raise ValueError(f"{self.do} does not apply to {self.match.op}")
        return self


class Faults:
    """The plan in force. The first rule that matches decides; the share is drawn by seed and count, so a run can be repeated."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.plan(())

    def plan(self, rules: tuple[Rule, ...]) -> None:
        """Replace the plan and start counting anew."""
        self.rules = rules
        self.seen = [0] * len(rules)
        self.applied = [0] * len(rules)
        self._throttled_until: dict[int, float] = {}

    def strike(self, op: Op, number: str) -> Rule | None:
        """Find the rule that hits this request, if one does."""
        for index, rule in enumerate(self.rules):
            if rule.match.op is not op or rule.match.number not in (None, number):
                continue
            self.seen[index] += 1
            if self._hits(index, rule):
                self.applied[index] += 1
                return rule
        return None

    def _hits(self, index: int, rule: Rule) -> bool:
        if rule.do is Fault.THROTTLE_429:
            now = asyncio.get_running_loop().time()
            return now < self._throttled_until.setdefault(index, now + rule.seconds)
        if rule.match.nth is not None:
            return self.seen[index] == rule.match.nth
        return _draw(f"{self._seed} {index} {self.seen[index]}") < rule.match.share


class Crossing:
    """Webhooks that may be dropped, doubled, delayed or overtaken on their way."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._held: dict[Op, asyncio.Event] = {}

    async def send(self, op: Op, number: str, deliver: Callable[[], Awaitable[object]]) -> None:
        """Send one webhook as the plan lets it."""
        rule = self._faults.strike(op, number)
        if rule is None:
            await deliver()
        elif rule.do is Fault.DUPLICATE:
            await asyncio.gather(*(deliver() for _ in range(rule.times)))
        elif rule.do is Fault.DELAY:
            await asyncio.sleep(rule.seconds)
            await deliver()
        elif rule.do is Fault.REORDER and op not in self._held:
            await self._overtaken(op)
            await deliver()
            return
        elif rule.do is not Fault.DROP:
            await deliver()
        if held := self._held.pop(op, None):
            held.set()

    async def _overtaken(self, op: Op) -> None:
        held = self._held[op] = asyncio.Event()
        try:
            await asyncio.wait_for(held.wait(), REORDER_SECONDS)
        except TimeoutError:
            self._held.pop(op, None)


def _draw(key: str) -> float:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
