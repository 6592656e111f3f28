"""How sending is doing: what waits and how late it is, and what the carrier refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from outreach.campaigns.queued import DUE
from outreach.clock import machine_now
from outreach.model import Attempt, Campaign, CampaignState, Message, Side, StaffTask, TaskState
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState

NOT_BEGUN = (AttemptState.PLANNED, AttemptState.DUE)


@dataclass(frozen=True)
class Tally:
    """So many messages of a kind."""

    channel: Channel
    state: MessageState
    code: str | None
    count: int


def waiting(db: Session) -> Mapping[str, int]:
    """How many rows wait for an answer, for sending, for the carrier's word, for staff."""
    counts = {
        "unanswered": select(func.count())
        .select_from(Message)
        .where(
            Message.side == Side.CUSTOMER, col(Message.answered_at).is_(None), col(Message.conversation_id).is_not(None)
        ),
        "queued": select(func.count()).select_from(Message).where(Message.state == MessageState.QUEUED),
        "unknown": select(func.count()).select_from(Message).where(Message.state == MessageState.UNKNOWN),
        "planned": select(func.count()).select_from(Attempt).where(col(Attempt.state).in_(NOT_BEGUN)),
        "tasks": select(func.count()).select_from(StaffTask).where(StaffTask.state == TaskState.OPEN),
    }
    return {name: db.exec(count).one() for name, count in counts.items()}


def lateness(db: Session, now: datetime) -> Mapping[str, timedelta]:
    """How long the oldest of a kind has been waiting that could have been done by now; product time."""
    oldest = {
        "queued": select(func.min(func.greatest(DUE, Message.at))).where(
            Message.state == MessageState.QUEUED, now >= DUE
        ),
        "unanswered": select(func.min(Message.at)).where(
            Message.side == Side.CUSTOMER, Message.channel == Channel.SMS, col(Message.answered_at).is_(None),
            col(Message.conversation_id).is_not(None),
        ),
        "planned": select(func.min(Attempt.due_at))
        .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
        .where(col(Attempt.state).in_(NOT_BEGUN), col(Attempt.due_at) <= now, Campaign.state == CampaignState.ACTIVE),
        "tasks": select(func.min(StaffTask.due_at)).where(
            StaffTask.state == TaskState.OPEN, col(StaffTask.due_at) <= now
        ),
    }  # fmt: skip
    found = {name: db.exec(query).one() for name, query in oldest.items()}
    return {name: max(now - since, timedelta()) if since else timedelta() for name, since in found.items()}


def sent(db: Session, lately: timedelta, most: int | None = None) -> Sequence[Tally]:
    """The bank's messages of the last machine hours, or so many of the latest, by what became of them; the most frequent first."""
    lines = (
        select(Message.channel, Message.state, Message.error_code)
        .where(Message.id >= _first_id(machine_now() - lately), Message.side == Side.BANK)
        .order_by(col(Message.id).desc())
        .limit(most)
        .subquery()
    )
    count = func.count()
    rows = select_columns(*lines.c, count).group_by(*lines.c).order_by(count.desc())
    return [Tally(*row) for row in db.execute(rows).all()]


def turns(db: Session, lately: timedelta) -> int:
    """How many of the customers' messages of the last machine hours were answered."""
    rows = select(func.count()).select_from(Message)
    rows = rows.where(
        Message.id >= _first_id(machine_now() - lately), Message.side == Side.CUSTOMER,
        col(Message.answered_at).is_not(None),
    )  # fmt: skip
    return db.exec(rows).one()


def _first_id(since: datetime) -> UUID:
    """No id made since then is smaller: ids begin with the machine's time (`model.columns.new_id`)."""
    return UUID(int=int(since.timestamp() * 1000) << 80)
