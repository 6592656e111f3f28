"""What becomes of a text or call that was queued and is not permitted when it is claimed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.campaigns.closing import close_unpermitted
from outreach.campaigns.party import Party
from outreach.conversations import scene
from outreach.model import ConversationState, Message, TaskKind
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.verdict import Reason, Refused, Verdict

LATER = timedelta(seconds=1)
"""What is put off is put off, so that a claim comes to an end."""


def withhold(db: Session, one: Message, party: Party, verdict: Verdict, now: datetime) -> None:
    """Put a text off until it may be permitted, or drop it: an opening ends its attempt, a reply is left to a person."""
    if isinstance(verdict, Refused) and verdict.until is not None:
        one.not_before = max(verdict.until, now + LATER)
        return
    reason = str(verdict.reason) if isinstance(verdict, Refused) else str(Reason.BAD_NUMBER)
    one.state, one.error_code = MessageState.REJECTED, reason
    if one.starts_contact:
        _end(db, party, reason, now)
    elif isinstance(verdict, Refused) and verdict.reason is Reason.CONTENT:
        # The customer waits for an answer; the other reasons are the customer's own, or have a task already.
        note = f"回复含有不能发送的内容（{verdict.figures['problem']}），未发送，请人工回复"
        scene.leave_to_person(db, party.conversation, TaskKind.UNSENT, note, now, message_id=one.id)


def _end(db: Session, party: Party, reason: str, now: datetime) -> None:
    if party.attempt.state is AttemptState.CLOSED:
        return
    close_unpermitted(party.attempt, reason, now)
    party.conversation.state, party.conversation.outcome = ConversationState.CLOSED, "not_permitted"
    party.conversation.reason, party.conversation.closed_at = reason, now
    db.add_all([party.attempt, party.conversation])
