"""What a campaign has come to: the funnel, the ends, the reasons why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from outreach.model import Attempt, Call, Campaign, Conversation, Message, Side, StaffTask, Visit, VisitState
from outreach.rules.channel import Channel
from outreach.scripts.names import outcomes

NOT_PERMITTED = "not_permitted"


@dataclass(frozen=True)
class Report:
    """Counts of customers, not of texts; every attempt is in exactly one of outcomes and unfinished."""

    campaign: str
    state: str
    audience: int
    permitted: int
    sent: int
    delivered: int
    replied: int
    succeeded: int
    unfinished: int
    visits: int
    tasks: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)
    not_permitted: Mapping[str, int] = field(default_factory=dict)
    """Reasons, each with its count."""
    objections: Mapping[str, int] = field(default_factory=dict)
    texts: int = 0
    segments: int = 0
    calls: int = 0
    call_seconds: int = 0
    """Seconds talked, as the carrier counts them."""

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def of(db: Session, campaign: Campaign, goal: tuple[str, ...]) -> Report:
    """The report of one campaign as it stands now; `goal` names the outcomes that count as success."""
    mine = Attempt.campaign_id == campaign.id
    ends = dict(
        db.exec(
            select(Attempt.outcome, func.count())
            .where(mine, col(Attempt.outcome).is_not(None))
            .group_by(col(Attempt.outcome)),
        ).all(),
    )
    reasons = _counts(db, mine, col(Attempt.outcome) == NOT_PERMITTED)
    audience = db.exec(select(func.count()).select_from(Attempt).where(mine)).one()
    opening = _opening_counts(db, campaign)
    grades: dict[str, int] = {}
    for outcome, count in ends.items():
        grade = outcomes()[str(outcome)].grade
        grades[grade] = grades.get(grade, 0) + count
    closed = sum(ends.values())
    texts, segments = _texts(db, campaign)
    calls, seconds = _calls(db, campaign)
    return Report(
        campaign=campaign.name,
        state=str(campaign.state),
        audience=audience,
        permitted=audience - ends.get(NOT_PERMITTED, 0),
        sent=opening["sent"],
        delivered=opening["delivered"],
        replied=opening["replied"],
        succeeded=sum(ends.get(outcome, 0) for outcome in goal),
        unfinished=audience - closed,
        visits=_of_conversations(db, campaign, Visit, Visit.state == VisitState.BOOKED),
        tasks=_of_conversations(db, campaign, StaffTask),
        outcomes={str(outcome): count for outcome, count in sorted(ends.items(), key=lambda item: -item[1])},
        grades=dict(sorted(grades.items())),
        not_permitted=reasons,
        objections=_counts(db, mine, col(Attempt.reason).like("object%")),
        texts=texts,
        segments=segments,
        calls=calls,
        call_seconds=seconds,
    )


def _counts(db: Session, *conditions: Any) -> dict[str, int]:
    rows = select(Attempt.reason, func.count()).where(*conditions).group_by(col(Attempt.reason))
    return {str(reason): count for reason, count in sorted(db.exec(rows).all(), key=lambda row: -row[1])}


def _opening_counts(db: Session, campaign: Campaign) -> dict[str, int]:
    sent = col(Message.state).in_(["accepted", "sent", "delivered", "failed"])
    rows = (
        select(
            func.count().filter(sent),
            func.count().filter(col(Message.state) == "delivered"),
            func.count().filter(col(Conversation.last_heard_at).is_not(None)),
        )
        .select_from(Conversation)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .join(Message, (col(Message.conversation_id) == col(Conversation.id)) & col(Message.starts_contact))
        .where(Attempt.campaign_id == campaign.id)
    )
    counts = db.exec(rows).one()
    return dict(zip(("sent", "delivered", "replied"), counts, strict=True))


def _of_conversations(db: Session, campaign: Campaign, table: Any, *conditions: Any) -> int:
    rows = (
        select(func.count())
        .select_from(table)
        .join(Conversation, Conversation.id == table.conversation_id)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(Attempt.campaign_id == campaign.id, *conditions)
    )
    return int(db.exec(rows).one())


def _calls(db: Session, campaign: Campaign) -> tuple[int, int]:
    rows = (
        select(func.count(), func.coalesce(func.sum(Call.duration_seconds), 0))
        .select_from(Call)
        .join(Conversation, col(Conversation.id) == col(Call.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(Attempt.campaign_id == campaign.id)
    )
    calls, seconds = db.exec(rows).one()
    return int(calls), int(seconds or 0)


def _texts(db: Session, campaign: Campaign) -> tuple[int, int]:
    counted = case((col(Message.sent_at).is_not(None), col(Message.segments)), else_=0)
    rows = (
        select(func.count().filter(col(Message.sent_at).is_not(None)), func.coalesce(func.sum(counted), 0))
        .select_from(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(Attempt.campaign_id == campaign.id, Message.side == Side.BANK, Message.channel == Channel.SMS)
    )
    texts, segments = db.exec(rows).one()
    return int(texts), int(segments)
