"""Which contact of a campaign an attempt belongs to: a callback, or the text in place of a call, goes on with one before it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from outreach.campaigns import callbacks
from outreach.campaigns.after_call import INSTEAD
from outreach.campaigns.follow_up import OPENING
from outreach.campaigns.retry import Tries
from outreach.model import Attempt
from outreach.rules.channel import Channel


def contact(db: Session, attempt: Attempt) -> str:
    """The step of the contact whose end an attempt's end is: of the first one, or of a follow-up."""
    if callbacks.is_callback(attempt):
        return contact(db, callbacks.asked_in(db, attempt))
    if attempt.step == INSTEAD and (call := _call_before(db, attempt)):
        return contact(db, call)
    return OPENING if attempt.step == INSTEAD else attempt.step


def tries(agreed: Tries, attempt: Attempt) -> Tries:
    """What of a campaign's plan holds for an attempt.

    All of it for the first contact; no other channel for the rest, and for texts of the rest no other try either.
    """
    if attempt.step == OPENING:
        return agreed
    return Tries(agreed.retry) if attempt.channel is Channel.VOICE else Tries()


def _call_before(db: Session, attempt: Attempt) -> Attempt | None:
    """The call that a machine took, which a text was planned in place of."""
    calls = select(Attempt).where(
        Attempt.campaign_id == attempt.campaign_id,
        Attempt.customer_id == attempt.customer_id,
        Attempt.channel == Channel.VOICE,
        Attempt.outcome == "machine",
        col(Attempt.closed_at) <= attempt.created_at,
    )
    return db.exec(calls.order_by(col(Attempt.closed_at).desc()).limit(1)).first()
