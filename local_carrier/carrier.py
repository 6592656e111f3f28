"""The carrier as a whole: what it owns, remembers and is doing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from .calls.exchange import Exchange
from .clock import ProductClock, Schedule, machine_now
from .counters import Counters
from .faults import Crossing, Faults
from .handset import Handset, Talk
from .ledger import Ledger
from .message import rfc2822
from .personas.cast import Cast
from .settings import Settings, number_sid
from .webhook import Webhooks

MOST_HANDSETS = 100_000  # beyond it, handsets whose messages are all forgotten go


class OwnedNumber:
    """A number of the account and the URLs its texts go to."""

    def __init__(self, account_sid: str, number: str, sms_url: str) -> None:
        self.number = number
        self.sid = number_sid(account_sid, number)
        self.created = self.updated = rfc2822(machine_now())
        self.fields = {
            "friendly_name": number,
            "sms_url": sms_url,
            "sms_method": "POST",
            "sms_fallback_url": "",
            "sms_fallback_method": "POST",
            "status_callback": "",
            "status_callback_method": "POST",
        }


class Carrier:
    """One running carrier. Everything happens in one event loop, so nothing is locked."""

    def __init__(self, settings: Settings, cast: Cast) -> None:
        self.settings = settings
        self.cast = cast
        self.clock = ProductClock()
        self.schedule = Schedule(self.clock)
        self.ledger = Ledger(settings.messages_kept)
        self.exchange = Exchange(settings.calls_kept, settings.calls_per_second)
        self.handsets: dict[str, Handset] = {}
        self.numbers = {n: OwnedNumber(settings.account_sid, n, settings.inbound_url) for n in settings.numbers}
        self.counters = Counters()
        self.faults = Faults(settings.seed)
        self.crossing = Crossing(self.faults)
        self.webhooks = Webhooks(settings)
        self.texts_in_lane = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    def handset(self, number: str) -> Handset:
        """Find a handset; it comes into being when it is first asked for."""
        if number not in self.handsets:
            self._make_room()
            self.handsets[number] = Handset(number, self.cast.choose(self.settings.seed, number))
        return self.handsets[number]

    def pin(self, number: str, persona: str) -> Handset:
        """Give a handset a persona, which begins a new conversation with an open mind."""
        handset = self.handset(number)
        handset.persona, handset.pinned, handset.taken, handset.talk = persona, True, False, Talk()
        return handset

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the request that caused it."""
        self.keep(asyncio.create_task(work))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Hold a task until it is done; the loop itself keeps only a weak reference."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def clear(self) -> None:
        """Forget messages, handsets, plans, counts and faults; the clock and the numbers' URLs stay."""
        for task in self._tasks:
            task.cancel()
        self.schedule.clear()
        self.ledger.clear()
        self.exchange.clear()
        self.handsets.clear()
        self.counters.clear()
        self.webhooks.alerts.clear()
        self.faults.plan(())

    async def run(self) -> None:
        """Keep the schedule going until the carrier is stopped."""
        try:
            await self.schedule.run()
        finally:
            for task in self._tasks:
                task.cancel()
            await self.webhooks.close()

    def _make_room(self) -> None:
        if len(self.handsets) < MOST_HANDSETS:
            return
        living = set(self.ledger.handsets())
        self.handsets = {n: h for n, h in self.handsets.items() if n in living or h.pinned or h.opted_out}
