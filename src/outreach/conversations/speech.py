"""What a turn of a call says, and what follows: the customer speaks, a person takes over, or the call ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from outreach.carrier.speech import HangUp, Listen, Speech, Transfer, Wait
from outreach.conversations import facts, wording
from outreach.conversations import opening as openings
from outreach.conversations.house import House
from outreach.conversations.scene import Scene
from outreach.model import Attempt, Campaign, Conversation, ConversationState, Customer, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState
from outreach.scripts import names, spoken
from outreach.scripts.script import Script, Step
from outreach.scripts.state import State

LEAVE_MESSAGE = "message"
WHISPERED = 40
"""Characters of each of the last two things the customer said."""


def opening(db: Session, conversation: Conversation, text: str) -> Speech:
    """The first words: who calls, that a machine speaks and how to refuse are heard to their end."""
    disclosure, question = spoken.disclosure_and_question(text)
    script = wording.script_of(db, conversation.script_version_id)
    return Speech(
        protected=tuple(spoken.breaths(disclosure)),
        pieces=tuple(spoken.breaths(question)),
        then=_listen(script, State.from_json(conversation.flow_state)),
    )


def after(scene: Scene) -> Speech:
    """What follows a settled turn."""
    conversation = scene.conversation
    if conversation.outcome == "machine":
        return machine(scene.db, conversation, scene.house, scene.now)
    pieces = tuple(spoken.breaths(scene.reply.text)) if scene.reply else ()
    if conversation.state is not ConversationState.CLOSED:
        script = wording.script_of(scene.db, conversation.script_version_id)
        return Speech(pieces, _listen(script, State.from_json(conversation.flow_state)))
    return Speech(pieces, Transfer(scene.transfer_to) if scene.transfer_to else HangUp())


def machine(db: Session, conversation: Conversation, house: House, now: datetime) -> Speech:
    """What a machine hears: nothing, or the neutral message where the campaign wants one left."""
    if on_machine(db, conversation) != LEAVE_MESSAGE:
        return Speech()
    return line(db, conversation, house, "machine_message", now, HangUp())


def on_machine(db: Session, conversation: Conversation) -> str:
    """What the campaign wants done when a machine answers: hang_up, message or text."""
    attempt = db.get_one(Attempt, conversation.attempt_id)
    campaign = db.get(Campaign, attempt.campaign_id) if attempt.campaign_id else None
    return str(campaign.definition.get("on_machine", "hang_up")) if campaign else "hang_up"


def line(
    db: Session, conversation: Conversation, house: House, name: str, now: datetime, then: HangUp | Wait
) -> Speech:
    """One of the lines that no step names, which goes into the transcript like any other."""
    text = _worded(db, conversation, house, name, now)
    db.add(
        Message(
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            side=Side.BANK,
            channel=Channel.VOICE,
            text=text,
            at=now,
            state=MessageState.DELIVERED,
            delivered_at=now,
            lines=[name],
            turn=conversation.turn,
        ),
    )
    return Speech(tuple(spoken.breaths(text)), then)


def whisper(db: Session, conversation: Conversation, house: House, now: datetime) -> Speech:
    """What the person who takes the call over hears first, and the customer does not."""
    heard = (
        select(Message.text)
        .where(
            Message.conversation_id == conversation.id,
            Message.side == Side.CUSTOMER,
            Message.channel == Channel.VOICE,
            func.length(Message.text) > 1,  # keys and silences tell nothing
        )
        .order_by(col(Message.position).desc())
    )
    words = "，".join(reversed([text[:WHISPERED] for text in db.exec(heard.limit(2)).all()]))
    text = _worded(db, conversation, house, "whisper", now, {"words": words} if words else {})
    return Speech(tuple(spoken.breaths(text)))


def _worded(
    db: Session, conversation: Conversation, house: House, name: str, now: datetime, about: dict[str, str] | None = None
) -> str:
    customer = db.get_one(Customer, conversation.customer_id)
    attempt = db.get_one(Attempt, conversation.attempt_id)
    known = (
        facts.of_customer(db, customer)
        | facts.of_bank(house)
        | facts.of_conversation(db, conversation, openings.hours_of(db, customer), house, now)
        | {"offer": attempt.offer}
    )
    known["call"] |= about or {}
    script = wording.script_of(db, conversation.script_version_id)
    return wording.worded(script, Channel.VOICE, [name], known, house, conversation.variant)


def _listen(script: Script, state: State) -> Listen:
    step = script.flow.steps.get(state.step)
    return Listen(barge_in=step is None or step.barge_in, hints=_hints(step) if step else ())


def _hints(step: Step) -> tuple[str, ...]:
    """What customers are likely to say at a step, for the recogniser: its own words, and how its intents sound."""
    said: dict[str, None] = {}
    for heard in (*step.expects, *step.replies):
        intent = names.examples().get(heard)
        said |= dict.fromkeys(intent if intent is not None else [heard] if not heard.isascii() else [])
    return tuple(said)
