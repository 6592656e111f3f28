"""Send what was claimed: one request a text or call, at most as many at once as there are connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from outreach.campaigns import settle
from outreach.campaigns.claim import Claimed, claim, mark_sending
from outreach.carrier.call_port import CallCarrier, OutgoingCall
from outreach.carrier.port import Accepted, OutgoingText, Refused, SendError, Sent
from outreach.clock import Clock, machine_now
from outreach.conversations.house import House
from outreach.model import Message, Sessions
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, advance

log = structlog.get_logger()

CONNECTIONS = 8
VALID_FOR_SECONDS = 4 * 3600
"""How long the carrier may go on trying (carrier.md 4: its own default of 10 hours would reach into the night)."""
UNKNOWN_SECONDS = 120
"""Machine time a callback has to prove an unknown send before the carrier is asked (reliability.md)."""
BACK_OFF_SECONDS = (1, 2, 4, 8, 15, 30)
"""Machine time before a text that provably was not sent is tried again."""


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

    def send_queued(self) -> int:
        """Send and call until nothing that is permitted waits, or the carrier asks for a pause; how many it took."""
        return sum(self._send_channel(channel) for channel in Channel)

    def _send_channel(self, channel: Channel) -> int:
        accepted = 0
        while claimed := claim(self._sessions, self._clock, self._house, self._sealer, channel, CONNECTIONS):
            answers = self.send(mark_sending(self._sessions, claimed))
            accepted += sum(isinstance(answer, Accepted) for answer in answers)
            if any(isinstance(answer, SendError) and answer.sent is Sent.NO for answer in answers):
                break
        return accepted

    def send(self, texts: Sequence[Claimed]) -> list[Accepted | SendError]:
        """Request each text once and record each answer as it comes."""
        return list(self._pool.map(self._send_one, texts))

    def use(self, clock: Clock) -> None:
        """Go by another clock, as a stage does when time is moved."""
        self._clock = clock

    def close(self) -> None:
        """Let requests under way end."""
        self._pool.shutdown()

    def _send_one(self, text: Claimed) -> Accepted | SendError:
        answer: Accepted | SendError
        try:
            answer = self._request(text)
        except SendError as error:
            answer = error
        self._record(text, answer)
        return answer

    def _request(self, text: Claimed) -> Accepted:
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
                valid_for_seconds=VALID_FOR_SECONDS,
            ),
        )

    def _record(self, text: Claimed, answer: Accepted | SendError) -> None:
        now = self._clock.now()
        with self._sessions.begin() as db:
            message = db.exec(select(Message).where(col(Message.id) == text.id).with_for_update()).one()
            if isinstance(answer, Accepted):
                settle.accepted(db, self._house, message, self._carrier.name, answer.ref, answer.state, now)
                log.info("text_sent", message=str(text.id))
                return
            log.warning("text_not_sent", message=str(text.id), reason=answer.reason, sent=str(answer.sent))
            if isinstance(answer, Refused):
                message.state = advance(_state(message), MessageState.REJECTED)
                settle.failed(db, message, _outcome(text, answer), answer.error_code, now)
            elif answer.sent is Sent.NO:
                pause = BACK_OFF_SECONDS[min(message.tries, len(BACK_OFF_SECONDS) - 1)]
                message.state = advance(_state(message), MessageState.QUEUED)
                message.tries += 1
                message.not_before = now + timedelta(seconds=pause * self._clock.anchor().rate)
            else:
                message.state = advance(_state(message), MessageState.UNKNOWN)
                message.lease_until = machine_now() + timedelta(seconds=UNKNOWN_SECONDS)
            db.add(message)


def _outcome(text: Claimed, refused: Refused) -> str:
    """How an attempt ends whose request was refused: words of texts do not fit a call that nobody heard ring."""
    texts_only = {"undelivered", "blocked"}
    return "unreachable" if text.channel is Channel.VOICE and refused.outcome in texts_only else refused.outcome


def _state(message: Message) -> MessageState:
    if message.state is None:
        raise ValueError(f"message {message.id} is not the bank's")
    return message.state
