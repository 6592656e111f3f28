"""What one reviewer has to read, the plans that fill the queues, and how far reviewers agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.campaigns import publication
from outreach.review import agreement, reading_queue, sampling
from outreach.review.sampling import CannotPlan
from outreach.scripts.names import outcomes
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.problems import NotRead
from outreach.web.console.reading import Sent

router = APIRouter()

COMPARED = timedelta(days=90)
PER_CENT = 100


@dataclass(frozen=True)
class NewPlan:
    """A sampling plan as typed."""

    script: str | None = None
    outcome: str | None = None
    share: float = 5
    """In per cent, as is `twice`."""
    twice: float = 0
    reviewers: tuple[str, ...] = ()


@router.get("/review")
def show_queue(desk: Annotated[Desk, For(Permission.REVIEW_CONVERSATIONS)]) -> Response:
    """One's own queue; for those who plan, everybody's, the plans and the agreement."""
    plans = desk.person.may(Permission.PLAN_SAMPLING)
    with desk.runtime.sessions.begin() as db:
        desk.note(db, "review_queue_viewed")
        queue = reading_queue.of(db, desk.person.login, desk.person.branch_id)
        waiting = reading_queue.waiting(db) if plans else {}
        standing = sampling.standing(db) if plans else []
        reviewers = sampling.may_review(db) if plans else []
        scripts = publication.published_names(db) if plans else []
        agreed = agreement.of(db, desk.runtime.clock.now() - COMPARED) if plans else []
    return desk.page(
        "review.html", queue=queue, waiting=waiting, standing=standing, reviewers=reviewers, scripts=scripts,
        agreed=agreed, plans=plans, checklist=desk.runtime.checklist, outcomes=outcomes(), names_shown=desk.person.may(Permission.SEE_NAMES),
    )  # fmt: skip


@router.get("/review/next")
def go_on(desk: Annotated[Desk, For(Permission.REVIEW_CONVERSATIONS)]) -> Response:
    """The conversation to be read next; the queue where none waits."""
    with desk.runtime.sessions.reading() as db:
        one = reading_queue.following(db, desk.person.login, desk.person.branch_id)
    return desk.go(f"/conversations/{one}") if one else desk.go("/review", done="queue_empty")


@router.post("/review/plans")
def plan(desk: Annotated[Desk, For(Permission.PLAN_SAMPLING)], typed: Annotated[NewPlan, Sent(NewPlan)]) -> Response:
    """Draw from now on."""
    with desk.runtime.sessions.begin() as db:
        try:
            sampling.plan(
                db, script=typed.script, outcome=typed.outcome, share=typed.share / PER_CENT,
                twice=typed.twice / PER_CENT, reviewers=typed.reviewers, by=desk.person.login,
                now=desk.runtime.clock.now(),
            )  # fmt: skip
        except CannotPlan as problem:
            raise NotRead([(problem.field, problem.told)]) from None
    return desk.go("/review", done="saved")


@router.post("/review/plans/{plan_id}/end")
def end(desk: Annotated[Desk, For(Permission.PLAN_SAMPLING)], plan_id: UUID) -> Response:
    """Draw no more by a plan."""
    with desk.runtime.sessions.begin() as db:
        sampling.end(db, plan_id, desk.person.login, desk.runtime.clock.now())
    return desk.go("/review", done="saved")
