"""The reply of a turn: worded from its lines, and a row before anybody sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select

from outreach.conversations import facts, wording
from outreach.conversations.scene import Scene, close, raise_task, transfer_line
from outreach.model import Branch, ConversationState, Message, Side, TaskKind
from outreach.rules import content
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState
from outreach.rules.sms_length import segments
from outreach.scripts import rendering
from outreach.scripts.script import Script


def store(scene: Scene, script: Script, home: Branch | None, lines: Sequence[str]) -> None:
    """Word the reply and keep it as a row: a text is queued, a spoken one is on its way already."""
    db, conversation, customer = scene.db, scene.conversation, scene.customer
    named = rendering.facts_named(script, scene.channel, lines, conversation.variant)
    known = (
        facts.of_customers(db, [customer], {home.id: home} if home else {}, named)[customer.id]
        | facts.of_bank(scene.house)
        | facts.of_conversation(db, conversation, facts.hours_of(home), scene.house, scene.now, named)
        | {"offer": scene.attempt.offer}
    )
    body = wording.worded(script, scene.channel, lines, known, scene.house, conversation.variant)
    spoken = scene.channel is Channel.VOICE
    if spoken and (problem := content.problem(body)):  # a text is asked again when it is claimed; this is heard at once
        lines = [_hand_over(scene, problem)]
        body = wording.worded(script, scene.channel, lines, known, scene.house, conversation.variant)
    if not spoken and not scene.confirmation and _talks_too_much(scene):
        raise_task(scene, TaskKind.TOO_MANY)
        return
    scene.reply = Message(
        conversation_id=conversation.id,
        customer_id=customer.id,
        phone_hash=customer.phone_hash,
        side=Side.BANK,
        channel=scene.channel,
        text=body,
        at=scene.now,
        state=MessageState.DELIVERED if spoken else MessageState.QUEUED,
        delivered_at=scene.now if spoken else None,
        confirmation=scene.confirmation,
        lines=list(lines),
        turn=conversation.turn,
        segments=0 if spoken else segments(body),
    )
    db.add(scene.reply)


def _hand_over(scene: Scene, problem: str) -> str:
    """Leave a call to a person whose next words must not be said; the line that is said instead."""
    raise_task(scene, TaskKind.HANDOVER, note=f"这句话含有不能说的内容（{problem}），没有说出，请人工联系")
    scene.transfer_to = transfer_line(scene)
    if scene.conversation.state is not ConversationState.CLOSED:
        close(scene.db, scene.conversation, scene.attempt, "handed_over", None, scene.now)
    return "transferring" if scene.transfer_to else "handed_over"


def _talks_too_much(scene: Scene) -> bool:
    """Whether this conversation had its automatic answers of the hour: the other side may be a machine, too."""
    most = scene.house.policy.answers.automatic_per_hour
    if scene.conversation.turn <= most:
        return False  # there is at most one for each turn
    sent = (
        select(func.count())
        .select_from(Message)
        .where(
            Message.conversation_id == scene.conversation.id,
            Message.side == Side.BANK,
            col(Message.starts_contact).is_(False),
            col(Message.by).is_(None),
            Message.at > scene.now - timedelta(hours=1),
        )
    )
    return scene.db.exec(sent).one() >= most
