"""What a campaign caused: the customers who could be contacted against those who were drawn to be left alone.

By intention to treat: everybody whom no rule refused at planning counts with the contacted, whether or not they were reached,
because only the draw made the two groups alike. For both groups facts count from the campaign's first day to the end of the
window after its last, so that nobody has more time than the other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns import comparison
from outreach.campaigns.comparison import Difference, Sample, Share
from outreach.campaigns.report_scope import OLDEST_DAYS, Measured
from outreach.model import Campaign, FactKind

ARMS = """
WITH people AS (
  SELECT a.customer_id, a.outcome IS NOT DISTINCT FROM 'not_permitted' AND a.reason = 'holdout' AS held_out
  FROM attempt a
  WHERE a.campaign_id = :campaign AND a.step = 'opening' AND a.number = 1
    AND NOT (a.outcome IS NOT DISTINCT FROM 'not_permitted' AND a.reason <> 'holdout' AND a.closed_at = a.created_at)
),
grown AS (
  SELECT p.held_out,
    coalesce(bool_or(f.kind = CAST(:fact AS text) AND f.day >= :first_day), false) AS converted,
    (max(ARRAY[f.day - DATE '2000-01-01', f.amount]) FILTER (WHERE f.kind = 'balance' AND f.day >= :first_day))[2]
    - (max(ARRAY[f.day - DATE '2000-01-01', f.amount]) FILTER (WHERE f.kind = 'balance' AND f.day < :first_day))[2]
      AS growth
  FROM people p
  LEFT JOIN bank_fact f ON f.customer_id = p.customer_id AND f.day BETWEEN :oldest_day AND :last_day
  GROUP BY p.customer_id, p.held_out
)
SELECT held_out, count(*) AS customers, count(*) FILTER (WHERE converted) AS converted,
  count(growth) AS balances, coalesce(avg(growth), 0) AS mean, coalesce(stddev_samp(growth), 0) AS deviation
FROM grown GROUP BY 1
"""


NOBODY = Sample(0, 0.0, 0.0)


@dataclass(frozen=True)
class Arm:
    """One of the two groups."""

    customers: int = 0
    converted: int = 0
    growth: Sample = NOBODY
    """Of the balance of each customer, in yuan."""


@dataclass(frozen=True)
class Effect:
    """What the campaign caused, as far as the two groups show it."""

    fact: str
    first_day: date
    last_day: date
    """Facts count up to this day; before it, the figures are not final."""
    contacted: Share
    held_out: Share
    difference: Difference
    """In the share of customers with the fact."""
    caused: float
    """Customers with the fact whom the campaign won: the difference, for everybody who could be contacted."""
    growth: Difference | None
    """In the growth of a customer's balance, in yuan."""

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}


def of(db: Session, campaign: Campaign, scope: Measured, confidence: float) -> Effect | None:
    """The effect of a campaign; None where it has no holdout or is for no fact."""
    if scope.fact is None:
        return None
    last_day = campaign.ends_on + timedelta(days=scope.window_days)
    known = {
        "campaign": campaign.id,
        "fact": str(scope.fact),
        "first_day": campaign.starts_on,
        "last_day": last_day,
        "oldest_day": campaign.starts_on - timedelta(days=OLDEST_DAYS),
    }
    arms = {
        row.held_out: Arm(row.customers, row.converted, Sample(row.balances, float(row.mean), float(row.deviation)))
        for row in db.connection().execute(text(ARMS), known)
    }
    if not arms.get(True):
        return None
    return effect(arms.get(False, Arm()), arms[True], scope.fact, (campaign.starts_on, last_day), confidence)


def effect(contacted: Arm, held_out: Arm, fact: FactKind, days: tuple[date, date], confidence: float) -> Effect:
    """Compare the two groups (docs/reports.md, What a campaign caused)."""
    ours, theirs = (contacted.converted, contacted.customers), (held_out.converted, held_out.customers)
    difference = comparison.shares(ours, theirs, confidence)
    return Effect(
        fact=str(fact),
        first_day=days[0],
        last_day=days[1],
        contacted=comparison.share(*ours, confidence),
        held_out=comparison.share(*theirs, confidence),
        difference=difference,
        caused=difference.difference * contacted.customers,
        growth=comparison.means(contacted.growth, held_out.growth, confidence),
    )
