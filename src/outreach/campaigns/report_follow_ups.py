"""What follows up on what came of a campaign: how many of each are planned, waiting, dropped, sent and answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns.report_scope import MAIN_LINE, WENT_OUT, Measured

FOLLOW_UPS = f"""
SELECT a.step, count(*) AS planned,
  count(*) FILTER (WHERE a.state IN ('planned', 'due')) AS waiting,
  count(*) FILTER (WHERE a.outcome = 'not_permitted') AS dropped,
  count(*) FILTER (WHERE {WENT_OUT}) AS sent,
  count(*) FILTER (WHERE v.last_heard_at IS NOT NULL) AS replied,
  count(*) FILTER (WHERE a.outcome = ANY(CAST(:goal AS text[]))) AS succeeded
FROM attempt a
LEFT JOIN conversation v ON v.attempt_id = a.id
LEFT JOIN message m ON m.conversation_id = v.id AND m.starts_contact
WHERE a.campaign_id = :campaign AND NOT {MAIN_LINE}
GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class FollowUpFigures:
    """One follow-up of the campaign, in attempts."""

    step: str
    planned: int
    waiting: int
    """Planned and not begun."""
    dropped: int
    """Not begun any more: a rule refused it, or what happened meanwhile made it pointless."""
    sent: int
    replied: int
    succeeded: int


def of(db: Session, scope: Measured) -> list[FollowUpFigures]:
    """Every follow-up that was planned so far."""
    rows = db.connection().execute(text(FOLLOW_UPS), {"campaign": scope.id, "goal": list(scope.goal)})
    return [FollowUpFigures(*row) for row in rows]
