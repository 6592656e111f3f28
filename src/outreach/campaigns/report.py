"""What a campaign has come to: the funnel, the ends, the reasons why not, and what it was worth to the bank.

docs/reports.md defines every figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from outreach.campaigns import (
    attribution,
    experiment_results,
    reckoning,
    report_counts,
    report_follow_ups,
    report_scope,
    report_steps,
    targets,
    terms,
)
from outreach.campaigns.attribution import Effect
from outreach.campaigns.experiment_results import Results
from outreach.campaigns.report_figures import Figures, Part
from outreach.campaigns.report_follow_ups import FollowUpFigures
from outreach.campaigns.report_scope import MAIN_LINE, Measured
from outreach.campaigns.report_steps import StepFigures
from outreach.campaigns.targets import Progress
from outreach.clock import local
from outreach.conversations import wording
from outreach.model import Attempt, Campaign, Conversation, StaffTask, Visit, VisitState
from outreach.scripts.names import outcomes

NOT_PERMITTED = "not_permitted"
ENDS = f"""
SELECT outcome, reason, count(*) FROM (
  SELECT DISTINCT ON (a.customer_id) a.state, a.outcome, a.reason
  FROM attempt a WHERE a.campaign_id = :campaign AND {MAIN_LINE}
  ORDER BY a.customer_id, (a.state = 'closed'), (a.outcome = 'not_permitted'), a.created_at DESC, a.number DESC
) latest GROUP BY 1, 2
"""  # noqa: S608 - put together from constants
"""How each customer stands: unfinished while a try is not closed, else as the latest try ended that was permitted."""


@dataclass(frozen=True)
class Report:
    """Counts of customers, not of texts; every customer is in exactly one of outcomes and unfinished."""

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
    """Customers who raised it, whether or not it was overcome."""
    texts: int = 0
    segments: int = 0
    calls: int = 0
    call_seconds: int = 0
    """Seconds talked, as the carrier counts them."""
    script: str = ""
    segment: str = ""
    fact: str | None = None
    """What the bank has to see for a customer to count as converted; without one, the goal of the script counts."""
    window_days: int = 0
    currency: str = ""
    figures: Figures = field(default_factory=Figures)
    steps: Sequence[StepFigures] = ()
    follow_ups: Sequence[FollowUpFigures] = ()
    by: str | None = None
    parts: Sequence[Part] = ()
    effect: Effect | None = None
    """Against the holdout, where there is one."""
    experiment: Results | None = None
    """Where the campaign tries variants."""
    targets: Sequence[Progress] = ()
    """How far each manager is, where targets were set (D89)."""

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        parts = [{"name": one.name, **one.figures.to_json()} for one in self.parts]
        steps = [asdict(one) | {"drop_off": one.drop_off} for one in self.steps]
        return asdict(self) | {
            "figures": self.figures.to_json(),
            "parts": parts,
            "steps": steps,
            "effect": self.effect.to_json() if self.effect else None,
        }


def of(db: Session, campaign: Campaign, now: datetime, by: str | None = None) -> Report:
    """The report of one campaign as it stands now, with its parts by one of `report_scope.DIMENSIONS`."""
    report_scope.prepare(db)
    script = wording.script_of(db, campaign.script_version_id)
    scope, reckon = report_scope.measured(db, campaign), reckoning.shipped()
    figures, parts = report_counts.of(db, [scope], by or "campaign")
    ends, reasons, unfinished = _ends(db, campaign)
    return Report(
        campaign=campaign.name,
        state=str(campaign.state),
        audience=figures.planned,
        permitted=figures.permitted,
        sent=figures.sent,
        delivered=figures.delivered,
        replied=figures.replied,
        succeeded=figures.succeeded,
        unfinished=unfinished,
        visits=_of_conversations(db, campaign, Visit, Visit.state == VisitState.BOOKED),
        tasks=_of_conversations(db, campaign, StaffTask),
        outcomes=ends,
        grades=_grades(ends),
        not_permitted=reasons,
        objections=report_steps.objections(db, [scope]),
        texts=figures.texts,
        segments=figures.segments,
        calls=figures.calls,
        call_seconds=figures.call_seconds,
        script=campaign.script,
        segment=scope.segment,
        fact=str(scope.fact) if scope.fact else None,
        window_days=scope.window_days,
        currency=reckon.currency,
        figures=figures,
        steps=report_steps.of(db, script, campaign.script_version_id, campaign.id),
        follow_ups=report_follow_ups.of(db, scope),
        by=by,
        parts=parts if by else (),
        effect=attribution.of(db, campaign, scope, reckon.confidence),
        experiment=_experiment(db, campaign, scope, local(now).date()),
        targets=targets.progress(db, scope, local(now).date()),
    )


def _experiment(db: Session, campaign: Campaign, scope: Measured, today: date) -> Results | None:
    tried = terms.of(campaign).experiment
    if not tried.variants:
        return None
    confidence = reckoning.shipped().confidence
    return experiment_results.of(db, campaign, scope, tuple(tried.variants), tried.size, today, confidence)


def _ends(db: Session, campaign: Campaign) -> tuple[dict[str, int], dict[str, int], int]:
    """Outcomes with their counts, the reasons of what was not permitted, and how many are unfinished."""
    ends: dict[str, int] = {}
    reasons: dict[str, int] = {}
    unfinished = 0
    for outcome, reason, count in db.connection().execute(text(ENDS), {"campaign": campaign.id}):
        if outcome is None:
            unfinished += count
            continue
        ends[outcome] = ends.get(outcome, 0) + count
        if outcome == NOT_PERMITTED:
            reasons[str(reason)] = count
    return _largest_first(ends), _largest_first(reasons), unfinished


def _grades(ends: Mapping[str, int]) -> dict[str, int]:
    grades: dict[str, int] = {}
    for outcome, count in ends.items():
        grade = outcomes()[outcome].grade
        grades[grade] = grades.get(grade, 0) + count
    return dict(sorted(grades.items()))


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _of_conversations(db: Session, campaign: Campaign, table: Any, *conditions: Any) -> int:
    rows = (
        select(func.count())
        .select_from(table)
        .join(Conversation, Conversation.id == table.conversation_id)
        .join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
        .where(Attempt.campaign_id == campaign.id, *conditions)
    )
    return int(db.exec(rows).one())
