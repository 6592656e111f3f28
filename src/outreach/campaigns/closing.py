"""End attempts that a rule, or the campaign itself, does not let begin; put off those that may begin later."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from outreach.model import Attempt
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Reason, Refused, Verdict

NOT_PERMITTED = "not_permitted"


def in_time(verdict: Verdict, last_at: datetime | None, now: datetime) -> Verdict:
    """The verdict, or that it is too late: what follows up within a week is pointless in the third."""
    begins = verdict.until if isinstance(verdict, Refused) else now
    if last_at is None or begins is None or begins <= last_at:
        return verdict
    why = {"put_off_by": str(verdict.reason)} if isinstance(verdict, Refused) else {}
    return Refused(Reason.TOO_LATE, figures={"begun_by": last_at.isoformat(), **why})


def refuse(attempt: Attempt, verdict: Refused, now: datetime) -> None:
    """Put an attempt off until it may be permitted, or close it where waiting does not help."""
    if verdict.until is not None:
        attempt.state, attempt.due_at = AttemptState.PLANNED, verdict.until
    else:
        close_unpermitted(attempt, str(verdict.reason), now)


def close_unpermitted(attempt: Attempt, reason: str, now: datetime) -> None:
    """End an attempt that a rule refused."""
    attempt.state, attempt.outcome, attempt.reason = AttemptState.CLOSED, NOT_PERMITTED, str(reason)
    attempt.closed_at, attempt.due_at = now, None


def close_rest(db: Session, campaign_id: UUID, reason: Reason, now: datetime) -> None:
    """End whatever a campaign still means to do."""
    closed = {"state": AttemptState.CLOSED, "outcome": NOT_PERMITTED, "reason": str(reason), "closed_at": now}
    waiting = update(Attempt).where(
        col(Attempt.campaign_id) == campaign_id, col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE])
    )
    db.execute(waiting.values(**closed, due_at=None, verdict={"allowed": False, "reason": str(reason)}))
