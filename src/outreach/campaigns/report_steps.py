"""The funnel through a script: how many came to each step, how many went on from it, and how many ended there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns.report_scope import MAIN_LINE, Measured
from outreach.model import ScriptVersion
from outreach.scripts import reach
from outreach.scripts.script import Script

LATEST = 5_000
"""Conversations that a script's page counts, with ten messages each or so: what it reads stays the same however many there are."""

OF_EACH = """
  SELECT v.id, v.state, v.outcome, v.flow_state ->> 'step' AS step, a.outcome = ANY(CAST(:goal AS text[])) AS won
  FROM attempt a JOIN conversation v ON v.attempt_id = a.id
  WHERE v.script_version_id = :version AND {scope}
"""
# The limits make the database take the newest from the list's index and fetch each by its key, one by one; the number is
# written out, since it would take a parameter for a tenth of all conversations.
OF_LATEST = f"""
  SELECT one.* FROM (
    SELECT conversation_id FROM listing WHERE script = :script AND version = :number AND {{listed}}
    ORDER BY opened_at DESC, conversation_id DESC LIMIT {LATEST:d}
  ) AS newest CROSS JOIN LATERAL ({OF_EACH} AND v.id = newest.conversation_id LIMIT 1) AS one
"""  # noqa: S608 - texts and a number of this file
ALL_JOINED = "message m JOIN v ON v.id = m.conversation_id"
# The offset keeps the database from reading all messages instead of those of a few thousand conversations.
EACH_LOOKED_UP = """v CROSS JOIN LATERAL (
    SELECT conversation_id, side, heard, position FROM message WHERE conversation_id = v.id OFFSET 0
  ) AS m"""
STOOD = """
WITH v AS ({conversations}),
heard AS (
  SELECT m.conversation_id AS id, m.heard ->> 'step' AS step, max(m.position) AS position
  FROM {messages}
  WHERE m.side = 'customer' AND m.heard ->> 'step' = ANY(CAST(:waiting AS text[]))
  GROUP BY 1, 2
),
stood AS (
  SELECT id, step FROM heard UNION SELECT id, step FROM v WHERE step = ANY(CAST(:waiting AS text[]))
),
ended AS (
  SELECT v.id, v.won, CASE WHEN v.step = ANY(CAST(:waiting AS text[])) THEN v.step ELSE last.step END AS step
  FROM v LEFT JOIN (SELECT DISTINCT ON (id) id, step FROM heard ORDER BY id, position DESC) last ON last.id = v.id
  WHERE v.state = 'closed'
)
SELECT s.step, count(*) AS reached, count(h.id) AS answered,
  count(e.id) FILTER (WHERE e.won) AS won,
  count(e.id) FILTER (WHERE e.won IS NOT TRUE) AS lost
FROM stood s
LEFT JOIN heard h ON h.id = s.id AND h.step = s.step
LEFT JOIN ended e ON e.id = s.id AND e.step = s.step
GROUP BY 1
"""
OF_CAMPAIGN = f"a.campaign_id = :campaign AND {MAIN_LINE}"
ANYBODY = "TRUE"
"""Whoever talked under the version, in follow-ups and without a campaign, too."""
LISTED = "campaign_id = :campaign"
RAISED = """
SELECT coalesce(m.heard ->> 'reading', m.heard ->> 'intent') AS objection, count(DISTINCT v.customer_id) AS customers
FROM attempt a JOIN conversation v ON v.attempt_id = a.id JOIN message m ON m.conversation_id = v.id
WHERE a.campaign_id = ANY(CAST(:campaigns AS uuid[])) AND m.side = 'customer'
  AND coalesce(m.heard ->> 'reading', m.heard ->> 'intent') LIKE 'object%'
GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class StepFigures:
    """One step of the script that waits for a reply, in conversations."""

    step: str
    reached: int
    """Came to this step."""
    answered: int
    """Said something at it."""
    won: int
    """Ended here with the goal."""
    lost: int
    """Ended here without it: refused, fell silent, were handed over."""

    @property
    def drop_off(self) -> float:
        """The share of those who came here that was lost here."""
        return self.lost / self.reached if self.reached else 0.0


def of(db: Session, script: Script, version: UUID, campaign: UUID) -> list[StepFigures]:
    """The steps that somebody came to in a campaign under a version, in the order of the script."""
    chosen = OF_EACH.format(scope=OF_CAMPAIGN)
    return _stood(db, script, chosen, ALL_JOINED, {"version": version, "campaign": campaign})


def of_latest(db: Session, script: Script, version: ScriptVersion, campaign: UUID | None) -> list[StepFigures]:
    """The same, of the latest conversations only; of everybody where no campaign is named."""
    scope, listed = (OF_CAMPAIGN, LISTED) if campaign else (ANYBODY, ANYBODY)
    known = {"version": version.id, "campaign": campaign, "script": version.script, "number": version.number}
    return _stood(db, script, OF_LATEST.format(scope=scope, listed=listed), EACH_LOOKED_UP, known)


def _stood(db: Session, script: Script, chosen: str, messages: str, known: Mapping[str, Any]) -> list[StepFigures]:
    order = _order(script)
    known = {**known, "goal": list(script.goal), "waiting": list(order)}
    rows = db.connection().execute(text(STOOD.format(conversations=chosen, messages=messages)), known).all()
    return sorted((StepFigures(*row) for row in rows), key=lambda one: order[one.step])


def _order(script: Script) -> dict[str, int]:
    """The place of each step that waits for a reply: the opening first, then as a conversation comes to them."""
    met = [name for channel in script.channels for name in reach.reachable(script.flow, channel)]
    waiting = [name for name in dict.fromkeys([*met, *script.flow.steps]) if script.flow.steps[name].waits]
    return {name: place for place, name in enumerate(waiting)}


def objections(db: Session, campaigns: list[Measured]) -> dict[str, int]:
    """Every objection that was raised, with how many customers raised it, overcome or not."""
    rows = db.connection().execute(text(RAISED), {"campaigns": [one.id for one in campaigns]})
    return {str(objection): int(customers) for objection, customers in rows}
