"""What a report is about: one campaign or several, each with what it is for, and the parts they can be looked at by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns import aims
from outreach.conversations import wording
from outreach.model import Campaign, FactKind
from outreach.rules.delivery import TAKEN
from outreach.scripts.names import outcomes

MEMORY, SECONDS = "128MB", 600
"""For one sort or hash of a query, and for one query."""
OLDEST_DAYS = 90
"""A balance from longer before the contact says nothing about what the contact did."""
LISTED = "（名单）"
NOBODY = "（无）"
DIMENSIONS: Mapping[str, str] = {
    "campaign": "t.name",
    "segment": "t.segment",
    "branch": "b.name",
    "manager": "c.manager",
    "variant": "a.variant",
    "channel": "a.channel",
    "tier": """CASE WHEN k.deposits >= 1000000 THEN '100万以上' WHEN k.deposits >= 300000 THEN '30-100万'
      WHEN k.deposits >= 50000 THEN '5-30万' WHEN k.deposits >= 10000 THEN '1-5万'
      WHEN k.deposits IS NOT NULL THEN '1万以下' END""",
}
"""What a report can be looked at by, as SQL over attempt a, its campaign t and customer c; tiers are those of D12 to D15."""

OF_ATTEMPTS = frozenset({"variant", "channel"})
"""Those that are an attempt's and not a customer's, so that a customer can be in several parts."""
JOINS: Mapping[str, str] = {
    "branch": "LEFT JOIN branch b ON b.id = c.branch_id",
    "tier": "LEFT JOIN account k ON k.customer_id = c.id",
}
"""What some of them need beside those."""

SCOPE = """
t AS (
  SELECT * FROM jsonb_to_recordset(CAST(:campaigns AS jsonb)) AS one(
    id uuid, name text, segment text, goal text[], fact text, window_days integer, first_day date
  )
)
"""
"""The campaigns of a report as rows; every query of a report begins with it."""

WENT_OUT = f"m.state IN ({', '.join(f"'{state}'" for state in sorted(TAKEN))})"
"""That the carrier took a message m; one that may have left counts once that is known."""
MAIN_LINE = "(a.step IN ('opening', 'instead_of_call') OR a.step LIKE 'callback:%')"
"""Attempts that reach a customer for the first time, again or as agreed; the others follow up on what came of them."""


@dataclass(frozen=True)
class Measured:
    """One campaign of a report, and what it is for."""

    id: UUID
    name: str
    script: str
    segment: str
    goal: tuple[str, ...]
    """The outcomes that its script is for."""
    fact: FactKind | None
    """The fact it is for; none where the goal is all there is."""
    window_days: int
    first_day: date

    def to_json(self) -> dict[str, Any]:
        """As the row that a query reads."""
        return {
            "id": str(self.id), "name": self.name, "segment": self.segment, "goal": list(self.goal),
            "fact": self.fact, "window_days": self.window_days, "first_day": self.first_day.isoformat(),
        }  # fmt: skip


def prepare(db: Session) -> None:
    """Give the queries of a report the memory and the time that a million customers take, until the transaction ends."""
    db.execute(text(f"SET LOCAL work_mem = '{MEMORY}'"))
    db.execute(text(f"SET LOCAL statement_timeout = '{SECONDS}s'"))


def measured(db: Session, campaign: Campaign) -> Measured:
    """A campaign as a report measures it."""
    aim = aims.of(campaign)
    assert aim.window_days is not None  # `aims.of` fills it in
    return Measured(
        id=campaign.id,
        name=campaign.name,
        script=campaign.script,
        segment=str(campaign.definition.get("segment") or LISTED),
        goal=wording.script_of(db, campaign.script_version_id).goal,
        fact=aim.fact,
        window_days=aim.window_days,
        first_day=campaign.starts_on,
    )


def taking_part() -> list[str]:
    """The outcomes of customers who take part: they agreed, or asked for more (grades A and B)."""
    return [name for name, outcome in outcomes().items() if outcome.grade in {"A", "B"}]
