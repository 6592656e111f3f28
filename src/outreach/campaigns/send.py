"""Send what was claimed: one request a text or call, at most as many at once as there are connections.

Claiming, committing `sending` and recording go on while requests are under way, so the connections need not wait.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Lock
from uuid import UUID

import structlog

from outreach.campaigns import answers, claim, queued
from outreach.campaigns.answers import Answered
from outreach.campaigns.breaker import Breaker
from outreach.campaigns.claim import Claimed, Claims, mark_sending, release
from outreach.carrier.call_port import CallCarrier, OutgoingCall
from outreach.carrier.port import Accepted, OutgoingText, SendError, Sent, TooLate
from outreach.clock import Clock
from outreach.conversations.house import House
from outreach.model import Sessions
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel

log = structlog.get_logger()

CONNECTIONS = 8
CLAIM_AT_ONCE = 64
"""Texts claimed in one transaction: its questions are the same however many they are. A dead worker's wait for the lease."""
AT_ONCE = 2 * CONNECTIONS
"""Texts whose `sending` is committed, and answers that are recorded, in one transaction."""
COMMITTED_AHEAD = 3 * CONNECTIONS
"""Texts whose `sending` is committed beyond those under way, so that a free connection finds the next one. After a
crash each of them is asked about at the carrier; so calls, which are never placed again, have none."""
RECORD_AFTER_SECONDS = 0.05
"""How long an answer waits for others to be recorded with it, while there is enough to send."""


class Sender:
    """Sends queued texts and places queued calls through one carrier."""

    def __init__(
        self,
        sessions: Sessions,
        carrier: CallCarrier,
        clock: Clock,
        house: House,
        sealer: Sealer,
        number: str,
        status_url: Callable[[UUID], str],
        call_address: Callable[[UUID], str],
    ) -> None:
        self._sessions, self._carrier, self._clock, self._house = sessions, carrier, clock, house
        self._sealer, self._number = sealer, number
        self._status_url, self._call_address = status_url, call_address
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="send")
        self._breaker = Breaker()
        self._sending = {channel: Lock() for channel in Channel}
        self._asked: dict[Channel, bool] = dict.fromkeys(Channel, False)

    def send_queued(self) -> int:
        """Send and call until nothing that is permitted waits, or the carrier asks for a pause; how many it took."""
        with self._sessions.glance() as db:
            waiting = queued.channels(db, self._clock.now())
        return sum(self._send_alone(channel) for channel in Channel if channel in waiting)

    def send_answers(self) -> int:
        """Send the answers that wait, whatever openings there are; how many the carrier took."""
        return self._send_alone(Channel.SMS, answers_only=True)

    def use(self, clock: Clock) -> None:
        """Go by another clock, as a stage does when time is moved."""
        self._clock = clock

    def close(self) -> None:
        """Let requests under way end."""
        self._pool.shutdown()

    def _send_alone(self, channel: Channel, *, answers_only: bool = False) -> int:
        """One thread at a time sends on a channel; whoever finds it busy makes it look once more."""
        accepted = 0
        self._asked[channel] = True
        while self._asked[channel] and self._sending[channel].acquire(blocking=False):
            try:
                self._asked[channel] = False
                accepted += self._send_channel(channel, answers_only=answers_only)
            finally:
                self._sending[channel].release()
        return accepted

    def _send_channel(self, channel: Channel, *, answers_only: bool) -> int:
        accepted = 0
        held: deque[Claimed] = deque()
        flying: set[Future[Answered]] = set()
        more = True
        most = CONNECTIONS + (COMMITTED_AHEAD if channel is Channel.SMS else 0)
        try:
            while True:
                room = self._breaker.room(most) - len(flying)
                if 0 < room < AT_ONCE and channel is Channel.SMS and flying:
                    room = 0  # a batch is committed as cheaply as one text; what is ahead keeps the connections busy
                if held and time.monotonic() > held[0].begin_by:
                    release(self._sessions, held)  # permission is asked again
                    held.clear()
                    more = True
                if room > 0 and not held and more:
                    claims = self._claim(channel, answers_only=answers_only)
                    held += claims.claimed
                    more = claims.more
                if room > 0 and held:
                    batch = [held.popleft() for _ in range(min(room, len(held), AT_ONCE))]
                    marked = mark_sending(self._sessions, batch)
                    flying |= {self._pool.submit(self._ask, one) for one in marked}
                elif not flying:
                    return accepted
                if flying:
                    done, flying = _some(flying, AT_ONCE if len(flying) > AT_ONCE else 1)
                    answered = [each.result() for each in done]
                    accepted += self._record(answered)
                    more = more or any(isinstance(one.answer, TooLate) for one in answered)  # these wait again
        finally:
            release(self._sessions, held)
            if flying:  # something above failed; what the carrier says must not be lost with it
                self._record([each.result() for each in wait(flying).done])

    def _claim(self, channel: Channel, *, answers_only: bool) -> Claims:
        most = CLAIM_AT_ONCE if channel is Channel.SMS else CONNECTIONS
        return claim.claim(
            self._sessions, self._clock, self._house, self._sealer, self._number, channel, most,
            answers_only=answers_only,
        )  # fmt: skip

    def _record(self, answered: list[Answered]) -> int:
        for one in answered:
            if isinstance(one.answer, TooLate):
                continue
            if isinstance(one.answer, SendError) and one.answer.sent is Sent.NO:
                self._breaker.turned_away()
            else:
                self._breaker.taken()
        answers.record(self._sessions, self._clock, self._house, self._carrier.name, answered)
        return sum(isinstance(one.answer, Accepted) for one in answered)

    def _ask(self, text: Claimed) -> Answered:
        try:
            return Answered(text, self._request(text))
        except SendError as error:
            return Answered(text, error)

    def _request(self, text: Claimed) -> Accepted:
        if time.monotonic() > text.begin_by:
            raise TooLate("held too long: a stop may have come, or somebody have taken over")
        if text.channel is Channel.VOICE:
            return self._carrier.place_call(
                OutgoingCall(
                    id=text.id,
                    to=text.to,
                    sender=self._number,
                    address=self._call_address(text.id),
                    record=text.record,
                    to_the_beep=text.to_the_beep,
                ),
            )
        return self._carrier.send_text(
            OutgoingText(
                id=text.id,
                to=text.to,
                sender=self._number,
                body=text.body,
                status_url=self._status_url(text.id),
                valid_for_seconds=text.valid_for_seconds,
            ),
        )


def _some(flying: set[Future[Answered]], many: int) -> tuple[set[Future[Answered]], set[Future[Answered]]]:
    """Wait for some answers, or for one and a moment longer; those that are there, and the rest."""
    done, rest = wait(flying, return_when=FIRST_COMPLETED)
    until = time.monotonic() + RECORD_AFTER_SECONDS
    while rest and len(done) < many and (left := until - time.monotonic()) > 0:
        more, rest = wait(rest, timeout=left, return_when=FIRST_COMPLETED)
        done |= more
    return done, rest
