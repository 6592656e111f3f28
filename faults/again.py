"""The same two weeks twice: with the same seed everybody comes to the same end, whatever this machine's pace."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import text

from faults.place import Place
from faults.sizes import CUSTOMERS
from outreach.cli import demo_data
from outreach.clock import ZONE
from outreach.model import connect
from tests.running import Running, started

START = date(2026, 11, 24)
AFTER_DAYS = 12
"""What a customer asked for late in the campaign has happened by then, or is too late."""
UNTIL = (
    datetime.combine(START + timedelta(days=demo_data.DAYS + AFTER_DAYS), datetime.min.time()).isoformat() + "+08:00"
)
MOST_SHOWN = 20
ENDS = """
SELECT customer.ref, campaign.name, split_part(attempt.step, ':', 1) AS step, attempt.number, attempt.channel, attempt.variant, attempt.state, attempt.outcome,
  attempt.reason
FROM attempt JOIN customer ON customer.id = attempt.customer_id JOIN campaign ON campaign.id = attempt.campaign_id
"""


def two_weeks(_: Place) -> list[str]:
    """The three campaigns of the demo, with real processes, on a store of their own each time."""
    runs = [_run() for _ in range(2)]
    (first, seconds, leaps), (second, _, _) = runs
    differ = sorted(((first - second) + (second - first)).elements(), key=str)
    unended = [row for row in (first + second).elements() if row[6] != "closed"]
    lines = [
        f"P5  {len(unended)} of {first.total()} and {second.total()} contacts of {CUSTOMERS} customers over two weeks without an end (promised 0), "
        f"in {seconds:.0f} s and {leaps} leaps",
        f"the same seed again: {(first & second).total()} of {(first | second).total()} contacts the same, who, when tried, by what and to "
        "which end",
    ]
    return lines + [f"    {' '.join(map(str, row))}" for row in (*unended, *differ[:MOST_SHOWN])]


def _run() -> tuple[Counter[tuple[object, ...]], float, str]:
    """What became of everybody; how long it took, and in how many leaps."""
    with started() as running:
        customers = demo_data.write_customers(running.folder / "customers.csv", CUSTOMERS, START)
        running.outreach("customers", "import", str(customers))
        for path in demo_data.write_campaigns(running.folder / "campaigns", START):
            running.outreach("campaign", "launch", str(path))
        began = time.monotonic()
        said = running.outreach("clock", "run", "--until", UNTIL, patience=3600)
        seconds = time.monotonic() - began
        return _ends(running), seconds, said.rpartition(f"{ZONE}: ")[2].split()[0]


def _ends(running: Running) -> Counter[tuple[object, ...]]:
    sessions = connect(running.database_url())
    with sessions.reading() as db:
        found = Counter(tuple(row) for row in db.execute(text(ENDS)).all())
    sessions.engine.dispose()
    return found
