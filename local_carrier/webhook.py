"""Calling the bank: a signed request, tried again as the URL asks, then the fallback URL."""

import asyncio
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from .clock import machine_now
from .faults import Op
from .overrides import Overrides, split
from .settings import WEBHOOKS_AT_ONCE, Settings
from .signature import sign

ALERTS_KEPT = 200  # failed webhooks that can be looked up, like Twilio's error log
IDLE_SECONDS = 2.0  # shorter than the bank's server keeps a connection, so that none is closed under a request
UNREACHABLE, FAILED_RESPONSE = 11205, 11200
FAILED_FROM, SERVER_FAILED_FROM = 300, 500


@dataclass(frozen=True, slots=True)
class Alert:
    """A webhook that never succeeded or was answered with nonsense; the form is not kept, a customer's words are in it."""

    error_code: int
    url: str
    failure: str
    tries: int
    at: datetime = field(default_factory=machine_now)

    def as_json(self) -> dict[str, Any]:
        """Show an alert to the control API."""
        return asdict(self)


class Webhooks:
    """The carrier's side of every call to the bank."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(
            limits=httpx.Limits(
                max_connections=None, max_keepalive_connections=WEBHOOKS_AT_ONCE, keepalive_expiry=IDLE_SECONDS
            ),
            trust_env=False,  # a proxy set for downloads must not see the bank's traffic
        )
        # Each kind has its own, so that a customer's text does not stand behind ten thousand reports.
        self._slots = {op: asyncio.Semaphore(WEBHOOKS_AT_ONCE) for op in Op}
        self.alerts: deque[Alert] = deque(maxlen=ALERTS_KEPT)
        self.tried = 0
        self.succeeded = 0
        self.under_way = 0

    async def call(
        self,
        op: Op,
        url: str,
        form: Mapping[str, str],
        *,
        method: str = "POST",
        fallback: tuple[str, str] = ("", "POST"),
    ) -> bool:
        """Deliver a form to a URL, else to the fallback; tell whether either took it."""
        for target, verb in ((url, method), fallback):
            if target and not isinstance(await self.ask(op, target, form, method=verb or "POST"), Alert):
                return True
        return False

    async def ask(self, op: Op, url: str, form: Mapping[str, str], *, method: str = "POST") -> httpx.Response | Alert:
        """Deliver a form to one URL and hand back what the bank answered, or why it did not."""
        self.under_way += 1
        try:
            answer = await self._deliver(op, url, form, method)
        finally:
            self.under_way -= 1
        if isinstance(answer, Alert):
            self.alerts.append(answer)
        else:
            self.succeeded += 1
        return answer

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def _deliver(self, op: Op, url: str, form: Mapping[str, str], method: str) -> httpx.Response | Alert:
        bare, overrides = split(url)
        tries, failure = 0, ""
        async with self._slots[op]:  # waiting for a slot is ours, so it is outside the bank's time
            try:
                async with asyncio.timeout(overrides.total_seconds):
                    token = str(uuid.uuid4())
                    while tries <= overrides.retries:
                        headers = {"I-Twilio-Idempotency-Token": token} if tries else {}
                        tries += 1
                        answer = await self._once(bare, form, method, overrides, headers)
                        if not isinstance(answer, str):
                            return answer
                        failure = answer
                        if not overrides.covers(failure):
                            break
            except TimeoutError:
                failure = "rt"
        return Alert(UNREACHABLE if failure == "ct" else FAILED_RESPONSE, bare, failure, tries)

    async def _once(
        self, url: str, form: Mapping[str, str], method: str, overrides: Overrides, headers: Mapping[str, str]
    ) -> httpx.Response | str:
        """Make one request; a failure is named as the URL's fragment names it."""
        self.tried += 1
        if method == "GET":
            url, form = url + ("&" if "?" in url else "?") + urlencode(form), {}
        signed = {
            "X-Twilio-Signature": sign(self._settings.auth_token, url, form),
            "User-Agent": "TwilioProxy/1.1",
            **headers,
        }
        patience = httpx.Timeout(overrides.read_seconds, connect=overrides.connect_seconds)
        try:
            answer = await self._client.request(method, url, data=dict(form) or None, headers=signed, timeout=patience)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return "ct"
        except (httpx.HTTPError, httpx.InvalidURL):
            return "rt"  # it connected and gave no whole answer
        if answer.status_code < FAILED_FROM:
            return answer
        return "5xx" if answer.status_code >= SERVER_FAILED_FROM else "4xx"
