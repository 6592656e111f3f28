"""Answer a text in the process that heard it, while few are heard: waking a worker costs more than a turn.

In a crowd this process only takes texts in, which the carrier waits for. What it leaves undone is found by the sweep.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from uuid import UUID

import structlog

from outreach import queue
from outreach.clock import Clock
from outreach.conversations import text_answers
from outreach.conversations.house import House
from outreach.dialogue.port import Dialogue
from outreach.model import Sessions
from outreach.queue import Queue

log = structlog.get_logger()

HANDS = 4
"""Turns at once; more would keep the carrier waiting for what the same process has to acknowledge."""
WAITING = 12
"""Conversations that may wait for a hand."""
CROWD, CROWD_SECONDS = 20, 0.2
"""So many texts within so long are a crowd: a turn takes this process several times what taking in a text does."""


class AtOnce:
    """Answers conversations, each by one hand at a time."""

    def __init__(self, sessions: Sessions, dialogue: Dialogue, clock: Clock, house: House, wakes: Queue) -> None:
        self._sessions, self._dialogue, self._clock, self._house, self._queue = sessions, dialogue, clock, house, wakes
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="answer")
        self._lock = Lock()
        self._heard_again: dict[UUID, bool] = {}
        """The conversations in hand, and whether more was heard in them since."""
        self._lately: deque[float] = deque(maxlen=CROWD)
        """When the last texts were heard."""

    def heard(self, conversation_id: UUID) -> None:
        """See to it that what waits in a conversation is answered. Never waits, never raises."""
        now = time.monotonic()
        with self._lock:
            crowded = len(self._lately) == CROWD and now - self._lately[0] < CROWD_SECONDS
            self._lately.append(now)
            if conversation_id in self._heard_again:
                self._heard_again[conversation_id] = True
                return
            if crowded or len(self._heard_again) >= HANDS + WAITING:
                return
            self._heard_again[conversation_id] = False
        self._pool.submit(self._answer, conversation_id)

    def close(self) -> None:
        """Let turns under way end."""
        self._pool.shutdown()

    def _answer(self, conversation_id: UUID) -> None:
        while True:
            self._turns(conversation_id)
            with self._lock:
                if not self._heard_again[conversation_id]:
                    del self._heard_again[conversation_id]
                    return
                self._heard_again[conversation_id] = False

    def _turns(self, conversation_id: UUID) -> None:
        try:
            if text_answers.answer(self._sessions, self._dialogue, self._clock, self._house, conversation_id):
                self._queue.defer(queue.SEND)
        except Exception as error:  # noqa: BLE001 - the text waits in the store, the sweep finds it, and the log says so
            log.error("not_answered", conversation=str(conversation_id), error=type(error).__name__)  # noqa: TRY400 - a traceback may quote words
