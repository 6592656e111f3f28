"""The same two weeks twice: with the same seed everybody comes to the same end by the same words, whatever this machine's pace."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text

from faults.place import Place
from faults.sizes import CUSTOMERS
from outreach.cli import demo_data
from outreach.clock import ZONE
from outreach.model import connect
from tests.running import Running, started

START = date(2026, 11, 24)
BEFORE = f"{START}T06:00:00+08:00"
"""Loading takes some minutes of a clock that nobody holds yet; whoever is to be reached is so when the day begins."""
AFTER_DAYS = 12
"""What a customer asked for late in the campaign has happened by then, or is too late."""
UNTIL = (
    datetime.combine(START + timedelta(days=demo_data.DAYS + AFTER_DAYS), datetime.min.time()).isoformat() + "+08:00"
)
MOST_SHOWN = 20
COMPARED = {
    "contacts the same, who, when tried, by what and to which end": """
SELECT customer.ref, campaign.name, split_part(attempt.step, ':', 1) AS step, attempt.number, attempt.channel, attempt.variant, attempt.state, attempt.outcome,
  attempt.reason
FROM attempt JOIN customer ON customer.id = attempt.customer_id JOIN campaign ON campaign.id = attempt.campaign_id
""",
    "visits and callbacks the same, where and when": """
SELECT customer.ref, branch.name, visit.date, visit.part, visit.hour, visit.state::text
FROM visit JOIN customer ON customer.id = visit.customer_id JOIN branch ON branch.id = visit.branch_id
UNION ALL
SELECT customer.ref, 'callback', callback.date, NULL, callback.starts, CASE WHEN callback.cancelled_at IS NULL THEN 'stands' ELSE 'cancelled' END
FROM callback JOIN conversation ON conversation.id = callback.conversation_id JOIN customer ON customer.id = conversation.customer_id
""",
    "sentences the same": """
SELECT customer.ref, split_part(attempt.step, ':', 1), attempt.number, message.side, message.channel, message.state, message.text
FROM message JOIN conversation ON conversation.id = message.conversation_id JOIN attempt ON attempt.id = conversation.attempt_id
  JOIN customer ON customer.id = conversation.customer_id
""",
    "of them said within the same minute": """
SELECT customer.ref, split_part(attempt.step, ':', 1), attempt.number, message.side, message.text, date_trunc('minute', message.at)
FROM message JOIN conversation ON conversation.id = message.conversation_id JOIN attempt ON attempt.id = conversation.attempt_id
  JOIN customer ON customer.id = conversation.customer_id
""",
}
UNENDED = "SELECT customer.ref, attempt.step FROM attempt JOIN customer ON customer.id = attempt.customer_id WHERE attempt.state <> 'closed'"

type Rows = Counter[tuple[object, ...]]


@dataclass(frozen=True)
class Run:
    """What became of everybody, and what it took."""

    compared: dict[str, Rows]
    unended: Rows
    seconds: float
    how: str


def two_weeks(_: Place) -> list[str]:
    """The three campaigns of the demo, with real processes, on a store of their own each time."""
    first, second = _run(), _run()
    contacts = [next(iter(run.compared.values())).total() for run in (first, second)]
    lines = [
        f"P5  {(first.unended + second.unended).total()} of {contacts[0]} and {contacts[1]} contacts of {CUSTOMERS} customers over two weeks "
        f"without an end (promised 0), in {first.seconds:.0f} s and {second.seconds:.0f} s, {first.how}",
        *_shown(first.unended + second.unended),
    ]
    for what, rows in first.compared.items():
        others = second.compared[what]
        lines.append(f"the same seed again: {(rows & others).total()} of {(rows | others).total()} {what}")
        lines += _shown((rows - others) + (others - rows))
    return lines


def _shown(rows: Rows) -> list[str]:
    return [f"    {' '.join(map(str, row))}" for row in sorted(rows.elements(), key=str)[:MOST_SHOWN]]


def _run() -> Run:
    with started() as running:
        running.outreach("clock", "set", BEFORE)
        customers = demo_data.write_customers(running.folder / "customers.csv", CUSTOMERS, START)
        running.outreach("customers", "import", str(customers))
        for path in demo_data.write_campaigns(running.folder / "campaigns", START):
            running.outreach("campaign", "launch", str(path))
        began = time.monotonic()
        said = running.outreach("clock", "run", "--until", UNTIL, patience=3600)
        seconds = time.monotonic() - began
        return Run(
            {what: _rows(running, query) for what, query in COMPARED.items()},
            _rows(running, UNENDED),
            seconds,
            said.rpartition(f"{ZONE}: ")[2].rpartition(" in ")[0],
        )


def _rows(running: Running, query: str) -> Rows:
    sessions = connect(running.database_url())
    with sessions.reading() as db:
        found = Counter(tuple(row) for row in db.execute(text(query)).all())
    sessions.engine.dispose()
    return found
