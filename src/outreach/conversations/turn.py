"""Answer what a customer said: the bot proposes, the core disposes.

recall   what the conversation is and what was said   (read, then the transaction ends)
propose  the bot's answer                              (network; nothing is locked)
settle   effects, wording, the reply as a queued row   (one transaction on the locked conversation)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from outreach.clock import ZONE, Clock, machine_now
from outreach.conversations import effects, facts, opening, wording
from outreach.conversations.effects import Scene
from outreach.conversations.house import House
from outreach.dialogue.port import Asked, Dialogue, NoAnswer, Proposed
from outreach.model import (
    Attempt,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Sessions,
    Side,
    TaskKind,
    suppressions,
)
from outreach.rules import keywords
from outreach.rules.delivery import MessageState
from outreach.rules.sms_length import segments
from outreach.scripts import flow
from outreach.scripts.rendering import Facts
from outreach.scripts.script import Script

log = structlog.get_logger()

DIGIT = re.compile(r"^[0-9*#]$")
AGAIN_SECONDS = (2, 5, 15, 30, 60)
"""Machine time until the bot is asked again after it failed; the last repeats."""
FAILURES_BEFORE_TASK = 3
"""From then on somebody is told, while the text goes on waiting for its answer."""
RESULTS_PER_TURN = 6
"""Results a turn can walk through; `checks` refuses scripts that need more."""


def answer(sessions: Sessions, dialogue: Dialogue, clock: Clock, house: House, conversation_id: UUID) -> int:
    """Answer everything the customer said that has no answer yet, in order; how many turns were settled."""
    settled = 0
    while asked := recall(sessions, clock, house, conversation_id):
        try:
            proposed = dialogue.propose(asked)
        except NoAnswer as failure:
            _wait(sessions, clock, house, conversation_id, asked.turn, str(failure))
            break
        try:
            settled += settle(sessions, clock, house, asked, proposed)
        except (KeyError, TypeError, ValueError) as error:
            # Nonsense from the bot, or a line that cannot be worded: nothing was written, the text waits.
            log.warning("turn_not_settled", conversation=str(conversation_id), error=type(error).__name__)
            _wait(sessions, clock, house, conversation_id, asked.turn, type(error).__name__)
            break
    return settled


def recall(sessions: Sessions, clock: Clock, house: House, conversation_id: UUID) -> Asked | None:
    """What to ask the bot next, or None when nothing waits for the bot."""
    with sessions.reading() as db:
        conversation = db.get(Conversation, conversation_id)
        if conversation is None or conversation.state is ConversationState.WITH_STAFF:
            return None
        if conversation.answer_after and conversation.answer_after > machine_now():
            return None
        message = _next_unanswered(db, conversation_id)
        if message is None:
            return None
        now = clock.now()
        customer = db.get_one(Customer, conversation.customer_id)
        script = wording.script_of(db, conversation.script_version_id)
        known = facts.of_conversation(db, conversation, opening.hours_of(db, customer), house, now)
        text, event = _heard(message)
        return Asked(
            conversation=conversation.id,
            turn=conversation.turn + 1,
            channel=conversation.channel,
            now=now,
            zone=ZONE,
            state=conversation.flow_state,
            facts={"offered": known["offered"]} if "offered" in known else {},
            flow=script.flow.excerpt(conversation.flow_state["step"]).to_json(),
            text=text,
            event=event,
        )


def settle(sessions: Sessions, clock: Clock, house: House, asked: Asked, proposed: Proposed) -> int:
    """Carry out what was proposed; 0 when another run already settled this turn."""
    with sessions.begin() as db:
        conversation = _locked(db, asked.conversation)
        message = _next_unanswered(db, asked.conversation)
        if conversation.turn + 1 != asked.turn or message is None:
            return 0
        carry_out(db, house, clock.now(), conversation, message, proposed)
        return 1


def settle_without_bot(
    db: Session, house: House, now: datetime, conversation_id: UUID, message: Message, intent: str
) -> None:
    """Settle a turn whose reading needs no model: a keyword. What waited before it is settled with it."""
    conversation = _locked(db, conversation_id)
    for earlier in db.exec(_unanswered(conversation_id)).all():
        if earlier.id != message.id:
            earlier.answered_at = now
            db.add(earlier)
    script = wording.script_of(db, conversation.script_version_id)
    state = flow.State.from_json(conversation.flow_state)
    said = flow.decided(script.flow, state, intent, {})
    heard: dict[str, Any] = {"intent": intent, "confidence": None, "runners_up": [], "entities": []}
    carry_out(
        db,
        house,
        now,
        conversation,
        message,
        Proposed(said.lines, said.events, said.state.to_json(), heard, intent),
    )


def carry_out(
    db: Session, house: House, now: datetime, conversation: Conversation, message: Message, proposed: Proposed
) -> None:
    """Apply the events, go on from their results, word the lines and queue the reply."""
    customer = db.get_one(Customer, conversation.customer_id)
    script = wording.script_of(db, conversation.script_version_id)
    attempt = db.get_one(Attempt, conversation.attempt_id)
    silenced = _silenced(db, conversation, customer)
    asked_at = conversation.flow_state["step"]
    scene = Scene(db, house, now, conversation, customer, attempt, message.text)
    state, lines = _walk_results(scene, script, proposed)
    conversation.flow_state = state.to_json()
    conversation.turn += 1
    conversation.failures, conversation.answer_after = 0, None
    message.answered_at = now
    message.heard = {**proposed.heard, "reading": proposed.reading, "step": asked_at}
    db.add_all([conversation, message])
    if conversation.state is not ConversationState.CLOSED:
        attempt.expires_at = now + timedelta(hours=house.policy.follow_up.no_reply_hours)
        db.add(attempt)
    if lines and not (silenced and proposed.reading != "opt_in"):
        _queue_reply(scene, script, lines)
    log.info("turn_settled", conversation=str(conversation.id), turn=conversation.turn)


def _walk_results(scene: Scene, script: Script, proposed: Proposed) -> tuple[flow.State, list[str]]:
    """Apply events until none of them answers with a result any more."""
    state, lines = flow.State.from_json(proposed.state), list(proposed.lines)
    events: Sequence[Any] = proposed.events
    for _ in range(RESULTS_PER_TURN):
        scene.kept = dict(state.kept)
        results = [(event, effects.carry_out(scene, event)) for event in events]
        state = replace(state, kept=scene.kept)
        result = next((result for event, result in results if result and event["kind"] == _doing(script, state)), None)
        if result is None:
            return state, lines
        known = _flow_facts(scene)
        answered = flow.after(script.flow, state, result, known)
        state, events = answered.state, answered.events
        lines += answered.lines
    raise ValueError(f"step {state.step!r} asks for more than {RESULTS_PER_TURN} results in one turn")


def _doing(script: Script, state: flow.State) -> str | None:
    step = script.flow.steps.get(state.step)
    return step.do if step else None


def _flow_facts(scene: Scene) -> Facts:
    hours = opening.hours_of(scene.db, scene.customer)
    known = facts.of_conversation(scene.db, scene.conversation, hours, scene.house, scene.now)
    return {"offered": known["offered"]} if "offered" in known else {}


def _queue_reply(scene: Scene, script: Script, lines: Sequence[str]) -> None:
    db, conversation = scene.db, scene.conversation
    hours = opening.hours_of(db, scene.customer)
    known = (
        facts.of_customer(db, scene.customer)
        | facts.of_bank(scene.house)
        | facts.of_conversation(db, conversation, hours, scene.house, scene.now)
        | {"offer": scene.attempt.offer}
    )
    body = wording.text(script, conversation.channel, lines, known, scene.house, conversation.variant)
    if not scene.confirmation and _talks_too_much(scene):
        effects.raise_task(scene, TaskKind.TOO_MANY)
        return
    db.add(
        Message(
            conversation_id=conversation.id,
            customer_id=scene.customer.id,
            phone_hash=scene.customer.phone_hash,
            side=Side.BANK,
            channel=conversation.channel,
            text=body,
            at=scene.now,
            state=MessageState.QUEUED,
            confirmation=scene.confirmation,
            lines=list(lines),
            turn=conversation.turn,
            segments=segments(body),
        ),
    )


def _talks_too_much(scene: Scene) -> bool:
    """Whether this conversation had its automatic answers of the hour: the other side may be a machine, too."""
    sent = (
        select(func.count())
        .select_from(Message)
        .where(
            Message.conversation_id == scene.conversation.id,
            Message.side == Side.BANK,
            col(Message.starts_contact).is_(False),
            Message.at > scene.now - timedelta(hours=1),
        )
    )
    return scene.db.exec(sent).one() >= scene.house.policy.answers.automatic_per_hour


def _silenced(db: Session, conversation: Conversation, customer: Customer) -> bool:
    """Whether the customer had stopped us before this turn: then nothing is said any more."""
    return customer.phone_hash is None or suppressions.stands(db, customer.phone_hash, conversation.channel)


def _wait(sessions: Sessions, clock: Clock, house: House, conversation_id: UUID, turn: int, reason: str) -> None:
    """Keep the text for later, and tell somebody when the bot stays silent."""
    log.warning("bot_gave_no_answer", conversation=str(conversation_id), reason=reason)
    with sessions.begin() as db:
        conversation = _locked(db, conversation_id)
        if conversation.turn + 1 != turn:
            return
        pause = AGAIN_SECONDS[min(conversation.failures, len(AGAIN_SECONDS) - 1)]
        conversation.failures += 1
        conversation.answer_after = machine_now() + timedelta(seconds=pause)
        db.add(conversation)
        if conversation.failures >= FAILURES_BEFORE_TASK:
            customer = db.get_one(Customer, conversation.customer_id)
            attempt = db.get_one(Attempt, conversation.attempt_id)
            scene = Scene(db, house, clock.now(), conversation, customer, attempt, "")
            effects.raise_task(scene, TaskKind.BOT_FAILED, note=f"机器人没有回答（{reason}），客户的短信在等待答复")


def _heard(message: Message) -> tuple[str | None, dict[str, Any] | None]:
    """A text as words for the model, or as an event where there is nothing to read."""
    words = keywords.plain(message.text)
    if not words:
        return None, {"name": "empty", "digit": None}
    if DIGIT.match(words):
        return None, {"name": "digit", "digit": words}
    return words, None


def _locked(db: Session, conversation_id: UUID) -> Conversation:
    return db.exec(select(Conversation).where(Conversation.id == conversation_id).with_for_update()).one()


def _next_unanswered(db: Session, conversation_id: UUID) -> Message | None:
    return db.exec(_unanswered(conversation_id).limit(1)).first()


def _unanswered(conversation_id: UUID) -> SelectOfScalar[Message]:
    return (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.side == Side.CUSTOMER,
            col(Message.answered_at).is_(None),
        )
        .order_by(col(Message.position))
    )
