"""Answer texts, whenever the bot can: what it cannot answer now waits, and somebody is told when it waits long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog

from outreach.clock import Clock, machine_now
from outreach.conversations import turn
from outreach.conversations.house import House
from outreach.conversations.scene import Scene, raise_task
from outreach.dialogue.port import Dialogue, NoAnswer
from outreach.model import Attempt, Customer, Sessions, TaskKind
from outreach.rules.channel import Channel

log = structlog.get_logger()

AGAIN_SECONDS = (2, 5, 15, 30, 60)
"""Machine time until the bot is asked again after it failed; the last repeats."""
FAILURES_BEFORE_TASK = 3
"""From then on somebody is told, while the text goes on waiting for its answer."""


def answer(sessions: Sessions, dialogue: Dialogue, clock: Clock, house: House, conversation_id: UUID) -> int:
    """Answer every text of the customer's that has no answer yet, in order; how many turns were settled."""
    settled = 0
    while (asked := turn.recall(sessions, clock, house, conversation_id, Channel.SMS)) is not None:
        try:
            proposed = dialogue.propose(asked)
        except NoAnswer as failure:
            _wait(sessions, clock, house, conversation_id, asked.turn, str(failure))
            break
        try:
            with sessions.begin() as db:
                settled += turn.settle(db, house, clock.now(), asked, proposed) is not None
        except turn.NONSENSE as error:
            # Nothing was written, the text waits.
            log.warning("turn_not_settled", conversation=str(conversation_id), error=type(error).__name__)
            _wait(sessions, clock, house, conversation_id, asked.turn, type(error).__name__)
            break
    return settled


def _wait(sessions: Sessions, clock: Clock, house: House, conversation_id: UUID, number: int, reason: str) -> None:
    """Keep the text for later, and tell somebody when the bot stays silent."""
    log.warning("bot_gave_no_answer", conversation=str(conversation_id), reason=reason)
    with sessions.begin() as db:
        conversation = turn.locked(db, conversation_id)
        if conversation.turn + 1 != number:
            return
        pause = AGAIN_SECONDS[min(conversation.failures, len(AGAIN_SECONDS) - 1)]
        conversation.failures += 1
        conversation.answer_after = machine_now() + timedelta(seconds=pause)
        db.add(conversation)
        if conversation.failures >= FAILURES_BEFORE_TASK:
            customer = db.get_one(Customer, conversation.customer_id)
            attempt = db.get_one(Attempt, conversation.attempt_id)
            scene = Scene(db, house, clock.now(), conversation, customer, attempt, "", Channel.SMS)
            raise_task(scene, TaskKind.BOT_FAILED, note=f"机器人没有回答（{reason}），客户的短信在等待答复")
