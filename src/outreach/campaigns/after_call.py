"""What a call leaves behind: the text the customer asked for, or the one that says where and when to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlmodel import Session, select

from outreach.conversations import facts, opening, speech, wording
from outreach.conversations.house import House
from outreach.model import Attempt, Call, Campaign, CampaignState, Conversation, Customer, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.sms_length import segments
from outreach.scripts.rendering import CannotRender

log = structlog.get_logger()

TEXT_AFTER: Mapping[str, str] = {"visit_booked": "confirm_visit", "sms_requested": "details"}
"""The line that is texted after a call with this outcome. Consent, stops and hours are asked when it is claimed."""
INSTEAD = "instead_of_call"
"""The step of the attempt that texts what a machine answered."""


def follows(text: Message, conversation: Conversation) -> bool:
    """Whether a text is one that a call leaves behind, and no answer to one of the customer's."""
    return text.channel is Channel.SMS and conversation.channel is Channel.VOICE and text.after_call


def follow(db: Session, house: House, call: Call, now: datetime) -> None:
    """Queue what a call that has ended leaves behind, once."""
    conversation = db.get_one(Conversation, call.conversation_id)
    if line := TEXT_AFTER.get(conversation.outcome or ""):
        _text(db, house, conversation, line, now)
    if conversation.outcome == "machine" and speech.on_machine(db, conversation) == "text":
        _text_instead(db, conversation, now)


def _text(db: Session, house: House, conversation: Conversation, line: str, now: datetime) -> None:
    customer = db.get_one(Customer, conversation.customer_id)
    attempt = db.get_one(Attempt, conversation.attempt_id)
    script = wording.script_of(db, conversation.script_version_id)
    sent = select(Message.id).where(
        Message.conversation_id == conversation.id, Message.channel == Channel.SMS, Message.side == Side.BANK
    )
    if str(Channel.SMS) not in script.channels or db.exec(sent.limit(1)).first():
        return
    known = (
        facts.of_customer(db, customer)
        | facts.of_bank(house)
        | facts.of_conversation(db, conversation, opening.hours_of(db, customer), house, now)
        | {"offer": attempt.offer}
    )
    try:
        body = wording.worded(script, Channel.SMS, [line], known, house, conversation.variant)
    except CannotRender as error:
        log.warning("text_after_call_not_worded", conversation=str(conversation.id), error=str(error))
        return
    db.add(
        Message(
            conversation_id=conversation.id,
            customer_id=customer.id,
            phone_hash=customer.phone_hash,
            side=Side.BANK,
            channel=Channel.SMS,
            text=body,
            at=now,
            state=MessageState.QUEUED,
            after_call=True,
            lines=[line],
            turn=conversation.turn,
            segments=segments(body),
        ),
    )


def _text_instead(db: Session, conversation: Conversation, now: datetime) -> None:
    """Plan one text to whoever let a machine answer, through the same rules as any contact."""
    attempt = db.get_one(Attempt, conversation.attempt_id)
    campaign = db.get(Campaign, attempt.campaign_id) if attempt.campaign_id else None
    script = wording.script_of(db, conversation.script_version_id)
    if campaign is None or campaign.state is CampaignState.FINISHED or str(Channel.SMS) not in script.channels:
        return
    planned = select(Attempt.id).where(
        Attempt.campaign_id == campaign.id, Attempt.customer_id == attempt.customer_id, Attempt.step == INSTEAD
    )
    if db.exec(planned).first():
        return
    db.add(
        Attempt(
            campaign_id=campaign.id,
            customer_id=attempt.customer_id,
            step=INSTEAD,
            channel=Channel.SMS,
            script_version_id=attempt.script_version_id,
            variant=attempt.variant,
            offer=attempt.offer,
            state=AttemptState.PLANNED,
            due_at=now,
            wanted_at=now,
            created_at=now,
        ),
    )
