"""Count the figures of a report, for all of it and for each part: the database does it, one row per part.

Customers are counted, not texts: several tries at one customer are one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns import reckoning
from outreach.campaigns.report_figures import Figures, Part
from outreach.campaigns.report_scope import (
    DIMENSIONS,
    JOINS,
    NOBODY,
    OF_ATTEMPTS,
    OLDEST_DAYS,
    SCOPE,
    WENT_OUT,
    Measured,
    taking_part,
)
from outreach.clock import ZONE

PEOPLE = """
people AS (
  SELECT a.campaign_id, a.customer_id, coalesce({part}, :nobody) AS part,
    bool_or(a.outcome IS DISTINCT FROM 'not_permitted') AS permitted,
    coalesce(bool_or(a.outcome = 'not_permitted' AND a.reason = 'holdout'), false) AS held_out,
    coalesce(bool_or({went_out}), false) AS sent,
    coalesce(bool_or(m.state = 'delivered'), false) AS delivered,
    coalesce(
      bool_or(v.last_heard_at IS NOT NULL OR (m.state = 'delivered' AND a.outcome IS DISTINCT FROM 'machine')), false
    ) AS reached,
    coalesce(bool_or(v.last_heard_at IS NOT NULL), false) AS replied,
    coalesce(bool_or(a.outcome = ANY(CAST(:taking_part AS text[]))), false) AS participating,
    coalesce(bool_or(a.outcome = ANY(t.goal)), false) AS succeeded,
    coalesce(bool_or(a.outcome = 'opted_out'), false) AS opted_out,
    coalesce(bool_or(a.outcome = 'complained'), false) AS complained,
    coalesce(bool_or(a.outcome = 'suspected_fraud'), false) AS suspicious,
    (array_agg(v.rating ORDER BY v.id DESC) FILTER (WHERE v.rating IS NOT NULL))[1] AS rating,
    CAST(min(m.at) FILTER (WHERE {went_out}) AT TIME ZONE :zone AS date)
      AS contacted_on
  FROM t
  JOIN attempt a ON a.campaign_id = t.id AND a.campaign_id = ANY(CAST(:ids AS uuid[]))
  JOIN customer c ON c.id = a.customer_id
  {join}
  LEFT JOIN conversation v ON v.attempt_id = a.id
  LEFT JOIN message m ON m.conversation_id = v.id AND m.starts_contact
  GROUP BY 1, 2, 3
)
"""
RESULTS = """
seen AS (
  SELECT p.campaign_id, p.customer_id, p.part,
    bool_or(f.kind = t.fact AND f.day >= p.contacted_on) AS converted,
    bool_or(f.kind = 'account_opened' AND f.day >= p.contacted_on) AS opened,
    (max(ARRAY[f.day - DATE '2000-01-01', f.amount])
      FILTER (WHERE f.kind = 'balance' AND f.day < p.contacted_on))[2] AS had,
    (max(ARRAY[f.day - DATE '2000-01-01', f.amount])
      FILTER (WHERE f.kind = 'balance' AND f.day >= p.contacted_on))[2] AS has
  FROM people p
  JOIN t ON t.id = p.campaign_id
  JOIN bank_fact f ON f.customer_id = p.customer_id
    AND f.day BETWEEN p.contacted_on - CAST(:oldest_days AS integer) AND p.contacted_on + t.window_days
  GROUP BY 1, 2, 3
),
results AS (
  SELECT p.*, CASE WHEN t.fact IS NULL THEN p.succeeded ELSE coalesce(s.converted, false) END AS converted,
    coalesce(s.opened, false) AS opened, s.had, s.has
  FROM people p
  JOIN t ON t.id = p.campaign_id
  LEFT JOIN seen s ON s.campaign_id = p.campaign_id AND s.customer_id = p.customer_id AND s.part = p.part
)
"""
"""In one pass over the facts: the greatest of (day, amount) is the latest balance."""
COUNTS = """
SELECT grouping(part) = 1 AS whole, part,
  count(*) AS planned,
  count(*) FILTER (WHERE held_out) AS held_out,
  count(*) FILTER (WHERE permitted) AS permitted,
  count(*) FILTER (WHERE sent) AS sent,
  count(*) FILTER (WHERE delivered) AS delivered,
  count(*) FILTER (WHERE reached) AS reached,
  count(*) FILTER (WHERE replied) AS replied,
  count(*) FILTER (WHERE participating OR succeeded) AS participating,
  count(*) FILTER (WHERE succeeded) AS succeeded,
  count(*) FILTER (WHERE converted AND sent) AS converted,
  count(*) FILTER (WHERE converted AND (participating OR succeeded)) AS converted_participants,
  count(*) FILTER (WHERE opted_out) AS opted_out,
  count(*) FILTER (WHERE complained) AS complained,
  count(*) FILTER (WHERE replied AND NOT (opted_out OR complained OR suspicious)) AS content,
  count(rating) AS rated,
  coalesce(sum(rating), 0) AS rating_points,
  count(*) FILTER (WHERE opened) AS accounts_opened,
  count(*) FILTER (WHERE had IS NOT NULL AND has IS NOT NULL) AS with_balances,
  coalesce(sum(had) FILTER (WHERE has IS NOT NULL), 0) AS balance_before,
  coalesce(sum(has) FILTER (WHERE had IS NOT NULL), 0) AS balance_after,
  count(*) FILTER (WHERE had > 0 AND has IS NOT NULL) AS keepable,
  count(*) FILTER (WHERE had > 0 AND has >= had * CAST(:kept_share AS numeric)) AS kept,
  count(*) FILTER (WHERE coalesce(had, 0) < CAST(:value_from AS numeric) AND has >= CAST(:value_from AS numeric))
    AS new_value_clients
FROM results GROUP BY GROUPING SETS ((), (part))
"""
EFFORT = """
said AS (
  SELECT coalesce({part}, :nobody) AS part, m.side = 'bank' AND m.channel = 'sms' AS text,
    m.segments, l.id AS call, l.duration_seconds AS seconds
  FROM t
  JOIN attempt a ON a.campaign_id = t.id AND a.campaign_id = ANY(CAST(:ids AS uuid[]))
  JOIN customer c ON c.id = a.customer_id
  {join}
  JOIN conversation v ON v.attempt_id = a.id
  JOIN message m ON m.conversation_id = v.id AND {went_out}
  LEFT JOIN call l ON l.id = m.id
)
SELECT grouping(part) = 1 AS whole, part,
  count(*) FILTER (WHERE text) AS texts,
  coalesce(sum(segments) FILTER (WHERE text), 0) AS segments,
  count(call) AS calls,
  coalesce(sum(seconds), 0) AS call_seconds,
  coalesce(sum(ceil(seconds / 60.0)), 0) AS call_minutes
FROM said GROUP BY GROUPING SETS ((), (part))
"""
"""What was spent on the customers: texts and calls that the carrier took, as it counts them."""


def of(db: Session, campaigns: Sequence[Measured], by: str) -> tuple[Figures, list[Part]]:
    """The figures of all of it, and of each part, the largest first; `by` is one of DIMENSIONS."""
    whole, parts = _counted(db, campaigns, by)
    if by in OF_ATTEMPTS:  # a customer in two parts is one customer of the whole
        whole, _ = _counted(db, campaigns, "campaign")
    return whole, parts


def _counted(db: Session, campaigns: Sequence[Measured], by: str) -> tuple[Figures, list[Part]]:
    reckon = reckoning.shipped()
    look = {"part": DIMENSIONS[by], "join": JOINS.get(by, ""), "went_out": WENT_OUT}
    known = {
        "campaigns": json.dumps([one.to_json() for one in campaigns]),
        "ids": [one.id for one in campaigns],
        "taking_part": taking_part(),
        "zone": ZONE,
        "nobody": NOBODY,
        "oldest_days": OLDEST_DAYS,
        "kept_share": reckon.kept_share,
        "value_from": reckon.value_client_from,
    }
    counting = f"WITH {SCOPE}, {PEOPLE.format(**look)}, {RESULTS} {COUNTS}"
    counted = db.connection().execute(text(counting), known).mappings().all()
    effort = db.connection().execute(text(f"WITH {SCOPE}, {EFFORT.format(**look)}"), known).mappings().all()
    spent = {(row["whole"], row["part"]): dict(row) for row in effort}
    whole, parts = Figures(), []
    for row in counted:
        figures = _figures(dict(row) | spent.get((row["whole"], row["part"]), {}))
        if row["whole"]:
            whole = figures
        else:
            parts.append(Part(row["part"], figures))
    return whole, sorted(parts, key=lambda one: (-one.figures.planned, one.name))


def _figures(row: dict[str, Any]) -> Figures:
    money = {one.name for one in fields(Figures) if one.type == "float"}
    values: dict[str, Any] = {
        one.name: float(row[one.name]) if one.name in money else int(row[one.name])
        for one in fields(Figures)
        if one.name in row
    }
    cost = reckoning.shipped().cost(values.get("segments", 0), values.get("call_minutes", 0))
    return Figures(**values | {"cost": float(round(cost, 2))})
