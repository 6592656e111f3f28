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
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from outreach.clock import ZONE, Clock, machine_now
from outreach.conversations import effects, facts, reply, wording
from outreach.conversations.house import House
from outreach.conversations.scene import Scene
from outreach.dialogue.port import Asked, Proposed
from outreach.model import (
    Attempt,
    Branch,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Sessions,
    Side,
    suppressions,
)
from outreach.rules import keywords
from outreach.rules.channel import Channel
from outreach.scripts import flow
from outreach.scripts.script import Script
from outreach.scripts.state import Heard, State

log = structlog.get_logger()

DIGIT = re.compile(r"^[0-9*#]$")
RESULTS_PER_TURN = 6
"""Results a turn can walk through; `checks` refuses scripts that need more."""

EXPIRY_MOVES = timedelta(minutes=1)
"""A silence is waited for in hours; while one text follows another its end need not be written again."""

NONSENSE = (KeyError, TypeError, ValueError)
"""What settling raises when the bot proposed nonsense, or a line cannot be worded; nothing was written then."""


def recall(sessions: Sessions, clock: Clock, house: House, conversation_id: UUID, channel: Channel) -> Asked | None:
    """What to ask the bot next, or None when nothing that came on the channel waits for the bot."""
    with sessions.glance() as db:
        found = db.exec(
            select(Conversation, Message, Branch)
            .select_from(Conversation)
            .join(Message, _awaits_answer(col(Conversation.id), channel))
            .join(Customer, col(Customer.id) == col(Conversation.customer_id))
            .outerjoin(Branch, col(Branch.id) == col(Customer.branch_id))
            .where(Conversation.id == conversation_id, Conversation.state != ConversationState.WITH_STAFF)
            .order_by(col(Message.position))
            .limit(1)
        ).first()
        if found is None:
            return None
        conversation, message, home = found
        if channel is Channel.SMS and conversation.answer_after and conversation.answer_after > machine_now():
            return None  # the bot failed so lately that it is not asked again yet
        now = clock.now()
        script = wording.script_of(db, conversation.script_version_id)
        text, event = _heard(message)
        state = conversation.flow_state
        return Asked(
            conversation=conversation.id,
            turn=conversation.turn + 1,
            channel=channel,
            now=now,
            zone=ZONE,
            state=state,
            facts=facts.offered(facts.hours_of(home), house, now),
            flow=script.flow.excerpt_json(state["step"], state.get("pending")),
            text=text,
            event=event,
        )


def settle(db: Session, house: House, now: datetime, asked: Asked, proposed: Proposed) -> Scene | None:
    """Carry out what was proposed; None when another run already settled this turn. Raises one of NONSENSE."""
    waiting = (
        select(Conversation, Message)
        .join(Message, _awaits_answer(col(Conversation.id), Channel(asked.channel)))
        .where(
            Conversation.id == asked.conversation,
            Conversation.turn == asked.turn - 1,
            Conversation.state != ConversationState.WITH_STAFF,  # taken over while the bot was asked
        )
        .order_by(col(Message.position))
        .limit(1)
        .with_for_update()  # what another run changed meanwhile is looked at again once the lock is had
    )
    found = db.exec(waiting).first()
    return carry_out(db, house, now, *found, proposed) if found else None


def settle_without_bot(
    db: Session, house: House, now: datetime, conversation_id: UUID, message: Message, intent: str
) -> Scene:
    """Settle a turn whose reading needs no model: a keyword, a key. What waited before it is settled with it."""
    conversation = locked(db, conversation_id)
    for earlier in db.exec(unanswered(conversation_id, message.channel)).all():
        if earlier.id != message.id:
            earlier.answered_at = now
            db.add(earlier)
    script = wording.script_of(db, conversation.script_version_id)
    state = State.from_json(conversation.flow_state)
    if intent in flow.KEYWORDS:
        said = flow.decided(script.flow, state, intent, {})
    else:
        said = flow.respond(script.flow, state, Heard(intent), now, ZONE, {})
    heard: dict[str, Any] = {"intent": intent, "confidence": None, "runners_up": [], "entities": []}
    proposed = Proposed(said.lines, said.events, said.state.to_json(), heard, intent)
    return carry_out(db, house, now, conversation, message, proposed)


def carry_out(
    db: Session, house: House, now: datetime, conversation: Conversation, message: Message, proposed: Proposed
) -> Scene:
    """Apply the events, go on from their results, word the lines and store the reply; what came of it."""
    script = wording.script_of(db, conversation.script_version_id)
    customer, attempt, home, suppressed = db.exec(
        select(Customer, Attempt, Branch, suppressions.standing(col(Customer.phone_hash), message.channel))
        .select_from(Customer)
        .join(Attempt, col(Attempt.id) == conversation.attempt_id)
        .outerjoin(Branch, col(Branch.id) == col(Customer.branch_id))
        .where(Customer.id == conversation.customer_id)
    ).one()
    silenced = suppressed or customer.phone_hash is None
    asked_at = conversation.flow_state["step"]
    scene = Scene(db, house, now, conversation, customer, attempt, message.text, message.channel)
    state, lines = _walk_results(scene, script, home, proposed)
    conversation.flow_state = state.to_json()
    conversation.turn += 1
    conversation.failures, conversation.answer_after = 0, None
    message.answered_at = now
    message.heard = {**proposed.heard, "reading": proposed.reading, "step": asked_at}
    db.add_all([conversation, message])
    expires = now + timedelta(hours=house.policy.follow_up.no_reply_hours)
    later = attempt.expires_at is None or expires - attempt.expires_at > EXPIRY_MOVES
    if conversation.state is not ConversationState.CLOSED and later:
        attempt.expires_at = expires
        db.add(attempt)
    if lines and not (silenced and proposed.reading != "opt_in"):
        reply.store(scene, script, home, lines)
    log.info("turn_settled", conversation=str(conversation.id), turn=conversation.turn)
    return scene


def _walk_results(scene: Scene, script: Script, home: Branch | None, proposed: Proposed) -> tuple[State, list[str]]:
    """Apply events until none of them answers with a result any more."""
    state, lines = State.from_json(proposed.state), list(proposed.lines)
    events: Sequence[Any] = proposed.events
    for _ in range(RESULTS_PER_TURN):
        scene.kept = dict(state.kept)
        results = [(event, effects.carry_out(scene, event)) for event in events]
        state = replace(state, kept=scene.kept)
        result = next((result for event, result in results if result and event["kind"] == _doing(script, state)), None)
        if result is None:
            return state, lines
        known = facts.offered(facts.hours_of(home), scene.house, scene.now)
        answered = flow.after(script.flow, state, result, known)
        state, events = answered.state, answered.events
        lines += answered.lines
    raise ValueError(f"step {state.step!r} asks for more than {RESULTS_PER_TURN} results in one turn")


def _doing(script: Script, state: State) -> str | None:
    step = script.flow.steps.get(state.step)
    return step.do if step else None


def stopped(db: Session, customer: Customer, channel: Channel) -> bool:
    """Whether the customer has stopped us on a channel: then nothing is said there any more."""
    return customer.phone_hash is None or suppressions.stands(db, customer.phone_hash, channel)


def _heard(message: Message) -> tuple[str | None, dict[str, Any] | None]:
    """What came as words for the model, or as an event where there is nothing to read."""
    words = keywords.plain(message.text)
    if not words:
        return None, {"name": "silence" if message.channel is Channel.VOICE else "empty", "digit": None}
    if DIGIT.match(words):
        return None, {"name": "digit", "digit": words}
    return words, None


def locked(db: Session, conversation_id: UUID) -> Conversation:
    """The conversation, held until the transaction ends: one turn at a time."""
    return db.exec(select(Conversation).where(Conversation.id == conversation_id).with_for_update()).one()


def unanswered(conversation_id: UUID, channel: Channel) -> SelectOfScalar[Message]:
    """What the customer said there that has no answer yet, in order."""
    return select(Message).where(_awaits_answer(conversation_id, channel)).order_by(col(Message.position))


def _awaits_answer(conversation_id: Any, channel: Channel) -> ColumnElement[bool]:
    return and_(
        col(Message.conversation_id) == conversation_id,
        col(Message.side) == Side.CUSTOMER,
        col(Message.channel) == channel,
        col(Message.answered_at).is_(None),
    )
