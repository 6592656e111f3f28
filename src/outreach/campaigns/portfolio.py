"""Several campaigns side by side: the figures of all of them, by campaign, segment, branch or whatever else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from outreach.campaigns import reckoning, report_counts, report_scope, report_steps
from outreach.campaigns.report_figures import Figures, Part
from outreach.model import Campaign, CampaignState


@dataclass(frozen=True)
class Portfolio:
    """What all launched campaigns have come to. A customer of two campaigns counts in each."""

    campaigns: Sequence[str]
    by: str
    currency: str
    figures: Figures
    parts: Sequence[Part]
    objections: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "campaigns": list(self.campaigns),
            "by": self.by,
            "currency": self.currency,
            "figures": self.figures.to_json(),
            "parts": [{"name": one.name, **one.figures.to_json()} for one in self.parts],
            "objections": dict(self.objections),
        }


def of(db: Session, by: str = "campaign") -> Portfolio:
    """Every campaign that was launched, by one of `report_scope.DIMENSIONS`."""
    report_scope.prepare(db)
    launched = col(Campaign.state).not_in([CampaignState.PROPOSED, CampaignState.REJECTED])
    campaigns = db.exec(select(Campaign).where(launched).order_by(col(Campaign.launched_at))).all()
    scopes = [report_scope.measured(db, one) for one in campaigns]
    figures, parts = report_counts.of(db, scopes, by)
    return Portfolio(
        campaigns=[one.name for one in campaigns],
        by=by,
        currency=reckoning.shipped().currency,
        figures=figures,
        parts=parts,
        objections=report_steps.objections(db, scopes),
    )
