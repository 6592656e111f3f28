"""What a campaign means to do next: every planned contact with its time, before it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from outreach.model import Attempt, Customer
from outreach.rules.delivery import AttemptState

MOST = 50


@dataclass(frozen=True)
class Coming:
    """One contact that has not happened yet."""

    attempt: UUID
    due_at: datetime | None
    wanted_at: datetime | None
    last_at: datetime | None
    customer: UUID
    customer_ref: str | None
    step: str
    number: int
    channel: str
    variant: str | None
    put_off_by: str | None
    """The rule that last put it off."""


def of(db: Session, campaign: UUID, limit: int = MOST, step: str | None = None) -> list[Coming]:
    """The next contacts of a campaign, the soonest first."""
    rows = (
        select(Attempt, Customer.ref)
        .join(Customer, col(Customer.id) == col(Attempt.customer_id))
        .where(*_waiting(campaign, step))
        .order_by(col(Attempt.due_at), col(Attempt.id))
        .limit(limit)
    )
    return [
        Coming(
            attempt=one.id,
            due_at=one.due_at,
            wanted_at=one.wanted_at,
            last_at=one.last_at,
            customer=one.customer_id,
            customer_ref=ref,
            step=one.step,
            number=one.number,
            channel=str(one.channel),
            variant=one.variant,
            put_off_by=one.verdict.get("reason"),
        )
        for one, ref in db.exec(rows).all()
    ]


def counts(db: Session, campaign: UUID) -> Sequence[tuple[str, str, int, datetime | None, datetime | None]]:
    """How many are planned, by step and channel, with the first and the last time."""
    due = col(Attempt.due_at)
    rows = (
        select_columns(col(Attempt.step), col(Attempt.channel), func.count(), func.min(due), func.max(due))
        .where(*_waiting(campaign, None))
        .group_by(col(Attempt.step), col(Attempt.channel))
        .order_by(func.min(due))
    )
    return [(step, str(channel), count, first, last) for step, channel, count, first, last in db.execute(rows)]


def _waiting(campaign: UUID, step: str | None) -> list[Any]:
    conditions: list[Any] = [
        Attempt.campaign_id == campaign,
        col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE]),
    ]
    return conditions if step is None else [*conditions, Attempt.step == step]
