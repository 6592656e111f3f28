"""Put a share of the ended conversations before reviewers, as plans say; the same draw always takes the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.explained import Explained
from outreach.model import (
    AuditEntry,
    Conversation,
    Customer,
    OutcomeCorrection,
    ReviewAssignment,
    SamplingPlan,
    ScriptVersion,
    Sessions,
    StaffMember,
)
from outreach.said import listed, said
from outreach.scripts.names import outcomes
from outreach.staff.permissions import Permission, may

OVERLAP = timedelta(minutes=10)
"""Drawn from twice: a conversation may be committed some time after it was closed."""
MOST_AT_ONCE = 2_000
"""Conversations of a batch; a draw takes as many batches as there are."""


class CannotPlan(Explained):
    """A plan makes no sense; says what would be right, and for which field."""

    def __init__(self, field: str, right: str) -> None:
        super().__init__(right)
        self.field = field


def plan(
    db: Session, *, script: str | None, outcome: str | None, share: float, twice: float, reviewers: Sequence[str],
    by: str, now: datetime,
) -> SamplingPlan:  # fmt: skip
    """Draw from now on; raises CannotPlan."""
    if not 0 < share <= 1 or not 0 <= twice <= 1:
        raise CannotPlan("share", said("has to be more than 0 and at most 100 per cent"))
    if outcome is not None and outcome not in outcomes():
        raise CannotPlan("outcome", said("%(outcome)s is none of config/outcomes.yml", outcome=outcome))
    known = {member.login for member in may_review(db)}
    strange = [login for login in reviewers if login not in known]
    if not reviewers or strange:
        wrong = listed(strange) if strange else said("none chosen")
        right = said("%(wrong)s; those who may review: %(known)s", wrong=wrong, known=", ".join(sorted(known)))
        raise CannotPlan("reviewers", right)
    if twice and len(reviewers) < 2:  # noqa: PLR2004 - two who read the same
        raise CannotPlan("twice", said("takes two reviewers or more"))
    row = SamplingPlan(
        script=script, outcome=outcome, share=share, twice=twice, reviewers=list(dict.fromkeys(reviewers)), by=by, at=now,
        drawn_until=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    details = {"script": script, "outcome": outcome, "share": share, "twice": twice, "reviewers": row.reviewers}
    db.add(AuditEntry(at=now, who=by, verb="sampling_planned", what=row.id, details=details))
    return row


def end(db: Session, plan_id: UUID, by: str, now: datetime) -> None:
    """Draw no more by a plan; what was drawn stays in the queues."""
    row = db.get(SamplingPlan, plan_id)
    if row is not None and row.ended_at is None:
        row.ended_at, row.ended_by = now, by
        db.add_all([row, AuditEntry(at=now, who=by, verb="sampling_ended", what=plan_id)])


def standing(db: Session) -> list[SamplingPlan]:
    """The plans that draw."""
    rows = select(SamplingPlan).where(col(SamplingPlan.ended_at).is_(None)).order_by(col(SamplingPlan.at))
    return list(db.exec(rows).all())


def may_review(db: Session) -> list[StaffMember]:
    """Whoever can be given conversations to read."""
    rows = select(StaffMember).where(col(StaffMember.disabled_at).is_(None)).order_by(col(StaffMember.login))
    return [member for member in db.exec(rows).all() if may(member.role, Permission.REVIEW_CONVERSATIONS)]


def draw(sessions: Sessions, now: datetime) -> int:
    """Fill the queues with what ended since the last draw; how many were put before somebody."""
    with sessions.begin() as db:
        able = may_review(db)
        locked = select(SamplingPlan).where(col(SamplingPlan.ended_at).is_(None)).with_for_update(skip_locked=True)
        return sum(_draw(db, row, able, now) for row in db.exec(locked).all())


def _draw(db: Session, row: SamplingPlan, able: Sequence[StaffMember], now: datetime) -> int:
    """Draw by one plan from all that came up since its last draw, a batch at a time."""
    readers = [one for one in able if one.login in row.reviewers]
    since = row.drawn_until - OVERLAP
    drawn = 0
    for batch in chain(_ended(db, row, since, now), _put_right(db, row, since, now)):
        given = [
            {"conversation_id": conversation, "reviewer": reader, "plan_id": row.id, "assigned_at": now}
            for conversation, branch in batch
            for reader in chosen(
                row.id,
                conversation,
                row.share,
                row.twice,
                [one.login for one in readers if one.branch_id in {None, branch}],
            )
        ]
        if given:
            fresh = insert(ReviewAssignment).values(given).on_conflict_do_nothing()
            drawn += len(db.execute(fresh.returning(col(ReviewAssignment.reviewer))).all())
    row.drawn_until = now
    db.add(row)
    return drawn


Batch = Sequence[tuple[UUID, UUID | None]]
"""Conversations with the branches of their customers."""


def _ended(db: Session, row: SamplingPlan, since: datetime, now: datetime) -> Iterator[Batch]:
    """What ended after `since` as the plan asks; many conversations may have ended in the same moment."""
    last: tuple[datetime, UUID] | None = None
    ended = _of_plan(row, select(col(Conversation.id), Customer.branch_id, col(Conversation.closed_at)))
    if row.outcome:
        ended = ended.where(Conversation.outcome == row.outcome)
    ended = ended.order_by(col(Conversation.closed_at), col(Conversation.id)).limit(MOST_AT_ONCE)
    while True:
        here = (
            tuple_(col(Conversation.closed_at), col(Conversation.id)) > last
            if last
            else col(Conversation.closed_at) > since
        )
        found = db.exec(ended.where(here, col(Conversation.closed_at) <= now)).all()
        yield [(conversation, branch) for conversation, branch, _ in found]
        if len(found) < MOST_AT_ONCE:
            return
        last = (found[-1][2], found[-1][0])


def _put_right(db: Session, row: SamplingPlan, since: datetime, now: datetime) -> Iterator[Batch]:
    """What somebody gave the outcome that the plan asks for after `since`, whenever it ended."""
    if row.outcome:
        corrected = select(OutcomeCorrection.conversation_id).where(
            OutcomeCorrection.after == row.outcome, OutcomeCorrection.at > since, OutcomeCorrection.at <= now
        )
        found = _of_plan(row, select(col(Conversation.id), Customer.branch_id))
        yield db.exec(found.where(Conversation.outcome == row.outcome, col(Conversation.id).in_(corrected))).all()


def _of_plan(row: SamplingPlan, rows: Any) -> Any:
    rows = rows.join(Customer, col(Customer.id) == col(Conversation.customer_id))
    if row.script:
        version = col(ScriptVersion.id) == col(Conversation.script_version_id)
        rows = rows.join(ScriptVersion, version).where(ScriptVersion.script == row.script)
    return rows


def chosen(plan_id: UUID, conversation: UUID, share: float, twice: float, readers: Sequence[str]) -> list[str]:
    """Who reads a conversation: nobody, one, or two; decided by its id alone, so that nobody can choose."""
    if not readers or _chance(plan_id, conversation, b"share") >= share:
        return []
    first = int(_chance(plan_id, conversation, b"reader") * len(readers))
    count = 2 if len(readers) > 1 and _chance(plan_id, conversation, b"twice") < twice else 1
    return [readers[(first + step) % len(readers)] for step in range(count)]


def _chance(plan_id: UUID, conversation: UUID, what: bytes) -> float:
    digest = hashlib.blake2s(plan_id.bytes + conversation.bytes + what, digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
