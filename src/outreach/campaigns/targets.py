"""Split a campaign's targets to person and day (D89), and say how far everybody is.

Managers get shares by their load: the customers of the campaign who are theirs and may be contacted. Each share is spread
over the working days of the bank's calendar, adjusted ones included, holidays not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from outreach.calendar import Calendar, DayKind
from outreach.campaigns import splitting
from outreach.campaigns.report_scope import SCOPE, WENT_OUT, Measured
from outreach.clock import ZONE
from outreach.model import Aim, AuditEntry, Campaign, Target

WORKED = frozenset({DayKind.WORKING, DayKind.ADJUSTED_WORKING})
LOAD = """
SELECT c.manager, count(DISTINCT a.customer_id) AS customers
FROM attempt a JOIN customer c ON c.id = a.customer_id
WHERE a.campaign_id = :campaign AND a.outcome IS DISTINCT FROM 'not_permitted'
GROUP BY 1
"""
DONE = f"""
WITH {SCOPE},
spoken AS (
  SELECT v.customer_id, c.manager, t.fact, t.window_days,
    CAST(min(m.at) FILTER (WHERE m.starts_contact AND {WENT_OUT})
      AT TIME ZONE :zone AS date) AS contacted_on,
    CAST(min(m.at) FILTER (WHERE m.side = 'customer') AT TIME ZONE :zone AS date) AS replied_on
  FROM t
  JOIN attempt a ON a.campaign_id = t.id
  JOIN customer c ON c.id = a.customer_id
  JOIN conversation v ON v.attempt_id = a.id
  JOIN message m ON m.conversation_id = v.id
  WHERE m.starts_contact OR m.side = 'customer'
  GROUP BY 1, 2, 3, 4
)
SELECT 'contacts', manager, contacted_on, count(*) FROM spoken WHERE contacted_on IS NOT NULL GROUP BY 2, 3
UNION ALL
SELECT 'replies', manager, replied_on, count(*) FROM spoken WHERE replied_on IS NOT NULL GROUP BY 2, 3
UNION ALL
SELECT 'visits', c.manager, CAST(i.booked_at AT TIME ZONE :zone AS date), count(*)
FROM t
JOIN attempt a ON a.campaign_id = t.id
JOIN conversation v ON v.attempt_id = a.id
JOIN visit i ON i.conversation_id = v.id AND i.state = 'booked'
JOIN customer c ON c.id = a.customer_id
GROUP BY 2, 3
UNION ALL
SELECT 'conversions', s.manager, f.day, count(*)
FROM spoken s CROSS JOIN LATERAL (
  SELECT min(f.day) AS day FROM bank_fact f WHERE f.customer_id = s.customer_id AND f.kind = s.fact
    AND f.day BETWEEN s.contacted_on AND s.contacted_on + s.window_days
) f WHERE f.day IS NOT NULL GROUP BY 2, 3
"""  # noqa: S608 - put together from constants


class NoTargets(ValueError):
    """Targets cannot be set as asked; says why and what to do."""


@dataclass(frozen=True)
class Progress:
    """One manager's share of one target, as of a day."""

    manager: str
    aim: str
    target: int
    """For the whole campaign."""
    due: int
    """Up to and with the day."""
    done: int
    """Up to and with the day."""
    today: int
    """Of the day alone."""
    done_today: int


def days(calendar: Calendar, first: date, last: date) -> list[date]:
    """The days on which the bank's people work."""
    every = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [day for day in every if calendar.day(day).kind in WORKED]


def loads(db: Session, campaign: Campaign) -> dict[str | None, int]:
    """Customers of a campaign who may be contacted, by their manager; None for those who have none."""
    return {row.manager: row.customers for row in db.connection().execute(text(LOAD), {"campaign": campaign.id})}


def set_targets(
    db: Session, campaign: Campaign, totals: Mapping[Aim, int], worked: Sequence[date], by: str, now: datetime
) -> int:
    """Replace a campaign's targets of these kinds; how many customers have no manager. Raises NoTargets."""
    if not worked:
        raise NoTargets("there is no working day between the first and the last; name others by --from and --to")
    load = loads(db, campaign)
    nobody = load.pop(None, 0)
    mine = {str(manager): customers for manager, customers in sorted(load.items(), key=lambda one: str(one[0]))}
    if not mine:
        said = f"{nobody} customers without one" if nobody else "nobody is planned yet"
        raise NoTargets(
            f"no customer of {campaign.name} has a manager ({said}); launch it, or: outreach managers assign"
        )
    for aim, total in totals.items():
        db.execute(delete(Target).where(col(Target.campaign_id) == campaign.id, col(Target.aim) == aim))
        for manager, share in splitting.by_weight(total, mine).items():
            db.add_all(
                Target(campaign_id=campaign.id, aim=aim, manager=manager, day=day, amount=amount, set_at=now)
                for day, amount in zip(worked, splitting.evenly(share, len(worked)), strict=True)
                if amount
            )
    kept = {str(aim): total for aim, total in totals.items()}
    span = {"first": worked[0].isoformat(), "last": worked[-1].isoformat()}
    db.add(AuditEntry(at=now, who=by, verb="targets_set", what=campaign.id, details=kept | span))
    return nobody


def progress(db: Session, scope: Measured, day: date) -> list[Progress]:
    """How far each manager is on a day, by what is counted; only what has a target."""
    shares: dict[tuple[str, str], dict[date, int]] = {}
    for one in db.exec(select(Target).where(Target.campaign_id == scope.id)).all():
        shares.setdefault((str(one.aim), one.manager), {})[one.day] = one.amount
    if not shares:
        return []
    done: dict[tuple[str, str], dict[date, int]] = {}
    known = {"campaigns": json.dumps([scope.to_json()]), "zone": ZONE}
    for aim, manager, on, count in db.connection().execute(text(DONE), known):
        done.setdefault((aim, manager), {})[on] = count
    order = {str(aim): place for place, aim in enumerate(Aim)}
    return [
        Progress(
            manager=manager,
            aim=aim,
            target=sum(share.values()),
            due=_until(share, day),
            done=_until(done.get((aim, manager), {}), day),
            today=share.get(day, 0),
            done_today=done.get((aim, manager), {}).get(day, 0),
        )
        for (aim, manager), share in sorted(shares.items(), key=lambda one: (order[one[0][0]], one[0][1]))
    ]


def _until(counts: Mapping[date, int], day: date) -> int:
    return sum(count for on, count in counts.items() if on <= day)
