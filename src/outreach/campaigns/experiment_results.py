"""What an experiment shows: the share of each variant, how they differ, and the winner once enough customers tell.

No winner is named before every variant has the planned number of customers whose result is known: whoever looks early and stops
when it looks good is misled more often than the test says (Armitage, McPherson & Rowe 1969).
Only who was contacted before a variant was promoted counts: who is contacted after it gets that one without a draw, and later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator
from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns import comparison, steering
from outreach.campaigns.comparison import Difference, Share
from outreach.campaigns.report_scope import MAIN_LINE, WENT_OUT, Measured
from outreach.clock import ZONE
from outreach.model import Campaign
from outreach.said import again, kept, said

KNOWN = f"""
WITH people AS (
  SELECT a.variant, a.customer_id,
    bool_or(a.outcome = ANY(CAST(:goal AS text[]))) IS TRUE AS succeeded,
    bool_and(a.state = 'closed') FILTER (WHERE {MAIN_LINE}) AS closed,
    CAST(min(m.at) FILTER (WHERE {WENT_OUT}) AT TIME ZONE :zone AS date)
      AS contacted_on,
    min(m.at) AS begun_at
  FROM attempt a
  LEFT JOIN conversation v ON v.attempt_id = a.id
  LEFT JOIN message m ON m.conversation_id = v.id AND m.starts_contact
  WHERE a.campaign_id = :campaign AND a.variant IS NOT NULL
  GROUP BY 1, 2
)
SELECT p.variant, count(*) AS customers, count(*) FILTER (
  WHERE CASE WHEN CAST(:fact AS text) IS NULL THEN p.succeeded ELSE EXISTS (
    SELECT FROM bank_fact f WHERE f.customer_id = p.customer_id AND f.kind = CAST(:fact AS text)
      AND f.day BETWEEN p.contacted_on AND p.contacted_on + CAST(:window_days AS integer)
  ) END) AS converted
FROM people p
WHERE p.contacted_on IS NOT NULL
  AND (CAST(:promoted_at AS timestamptz) IS NULL OR p.begun_at < CAST(:promoted_at AS timestamptz))
  AND CASE WHEN CAST(:fact AS text) IS NULL THEN p.closed ELSE p.contacted_on + CAST(:window_days AS integer) < :today END
GROUP BY 1
"""  # noqa: S608 - put together from constants
FED = "SELECT EXISTS (SELECT FROM bank_fact WHERE kind = :fact AND day >= :first_day)"


@dataclass(frozen=True)
class Pair:
    """Two variants compared."""

    one: str
    other: str
    difference: Difference


@dataclass(frozen=True)
class Results:
    """An experiment as it stands."""

    measure: str
    """What counts: the fact that the campaign is for, or `goal` as long as the bank has fed no such fact."""
    planned_size: int
    """Customers of each variant whose result has to be known."""
    variants: Mapping[str, Share]
    """Over the customers whose result is known."""
    pairs: tuple[Pair, ...]
    winner: str | None
    why: Annotated[str, PlainSerializer(kept), PlainValidator(again)]


def of(
    db: Session,
    campaign: Campaign,
    scope: Measured,
    variants: tuple[str, ...],
    size: int,
    today: date,
    confidence: float,
) -> Results:
    """The results of a campaign's experiment."""
    fed = scope.fact is not None and db.connection().scalar(
        text(FED), {"fact": str(scope.fact), "first_day": campaign.starts_on}
    )
    promoted = steering.promoted_at(db, campaign.id)
    known = {
        "campaign": campaign.id,
        "goal": list(scope.goal),
        "fact": str(scope.fact) if fed else None,
        "window_days": scope.window_days,
        "today": today,
        "zone": ZONE,
        "promoted_at": promoted,
    }
    counts = dict.fromkeys(variants, (0, 0))
    for row in db.connection().execute(text(KNOWN), known):
        counts[row.variant] = (row.converted, row.customers)
    return results(counts, size, str(scope.fact) if fed else "goal", confidence, drawing=promoted is None)


def results(
    counts: Mapping[str, tuple[int, int]], size: int, measure: str, confidence: float, *, drawing: bool = True
) -> Results:
    """Compare variants, each (converted, customers).

    Each pair is tested at the level left by Bonferroni's correction for the number of pairs; the best variant wins when it
    differs from every other.
    """
    pairs = tuple(
        Pair(one, other, comparison.shares(counts[one], counts[other], confidence))
        for one, other in combinations(sorted(counts), 2)
    )
    shares = {name: comparison.share(*count, confidence) for name, count in sorted(counts.items())}
    winner, why = _winner(shares, pairs, size, (1 - confidence) / max(len(pairs), 1), drawing=drawing)
    return Results(measure, size, shares, pairs, winner, why)


def _winner(
    shares: Mapping[str, Share], pairs: tuple[Pair, ...], size: int, level: float, *, drawing: bool
) -> tuple[str | None, str]:
    short = {name: size - one.customers for name, one in shares.items() if one.customers < size}
    if short:
        missing = "、".join(f"{name} {count}" for name, count in sorted(short.items()))
        if not drawing:
            why = said(
                "results are missing of %(missing)s customers, and nobody is drawn since a variant was promoted",
                missing=missing,
            )
            return None, why
        return None, said("too early: results are missing of %(missing)s customers", missing=missing)
    best = max(shares, key=lambda name: shares[name].share)
    theirs = [pair.difference.p_value for pair in pairs if best in {pair.one, pair.other}]
    if theirs and max(theirs) < level:
        return best, said("%(best)s differs from every other variant (p < %(level)s)", best=best, level=f"{level:.3g}")
    return None, said("no variant differs from every other (p < %(level)s)", level=f"{level:.3g}")
