"""Check and plan a campaign for 10,000 and for a million invented customers: time for each customer, and the most memory.

The customers are made by SQL in a scratch database; planning runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from outreach.campaigns import campaign_file, forecast, launching, plan, publication
from outreach.campaigns.campaign_file import CampaignFile
from outreach.cli import scratch, store
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Branch, connect

FEW, MANY = 10_000, int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
ROUNDS = 4
"""How often the few are planned, so that the shorter run is measured for as long as noise lasts."""
MOST_MB, MOST_RATIO = 400, 1.2
TUESDAY = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""9:30 at the bank on a working day."""
FILE = """\
name: bench-{name}
script: card_activation
segment: card_not_activated
channels: [sms]
start: 2026-11-24
end: 2026-12-24
pace: 200
holdout: 10%
variants:
  a: {{weight: 50}}
  b: {{weight: 50, offer: {{gift: 一个背包}}}}
offer: {{benefits: 9元洗车、9元看电影, gift: 一把雨伞}}
"""
HOURS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CUSTOMERS = """
INSERT INTO customer (id, ref, name, gender, phone_sealed, phone_hash, phone_country, phone_kind, zones, branch_id, manager,
  created_at)
SELECT gen_random_uuid(), 'B' || n, '王' || chr(19968 + n % 5000), 'f', sha256(('s' || n)::bytea), sha256(('h' || n)::bytea),
  'CN', 'mobile', '["Asia/Shanghai"]', (SELECT id FROM branch WHERE name = '第' || (n % 40 + 1) || '支行'), '张经理', now()
FROM generate_series(1, :customers) AS n;
INSERT INTO card (id, customer_id, tail, product, issued_on)
  SELECT gen_random_uuid(), id, lpad((hashtext(ref) & 8191)::text, 4, '0'), '信用卡', '2026-01-05' FROM customer;
INSERT INTO consent (id, customer_id, channel, purpose, given_at, source)
  SELECT gen_random_uuid(), id, 'sms', 'marketing', '2026-02-01', '开户协议' FROM customer WHERE hashtext(ref) % 10 <> 0;
ANALYZE;
"""


def main() -> None:
    """Print two lines."""
    few, many = _measured(FEW, ROUNDS), _measured(MANY, 1)
    for what, one, other in (("check", few.check, many.check), ("planning", few.plan, many.plan)):
        print(
            f"{what:<11} {one * 1e6:.0f} µs a customer at {few.customers:,}, {other * 1e6:.0f} µs at {many.customers:,}: "
            f"{other / one:.2f} times (at most {MOST_RATIO}); peak of both {many.megabytes:.0f} MB (at most {MOST_MB})"
        )


class Measured(NamedTuple):
    """What a campaign over so many customers took."""

    check: float
    """Seconds for each customer of `campaign check`."""
    plan: float
    customers: int
    megabytes: float


def _measured(customers: int, rounds: int) -> Measured:
    """In a process of its own."""
    with scratch.database(store.build().database_url) as url:
        sessions = connect(url)
        with sessions.begin() as db:
            db.execute(text("SET LOCAL statement_timeout = 0"))
            db.add_all(Branch(name=f"第{number}支行", hours=HOURS) for number in range(1, 41))
            db.flush()
            for statement in CUSTOMERS.split(";\n"):
                if statement.strip():
                    values = {"customers": customers} if ":customers" in statement else {}
                    db.execute(text(statement), values)
            publication.publish_shipped(db, TUESDAY)
        sessions.engine.dispose()
        command = [sys.executable, "-m", "benchmarks.planning", url, str(rounds)]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
    checking, planning, planned, megabytes = ran.stdout.split()
    every = int(planned) * rounds
    return Measured(float(checking) / every, float(planning) / every, int(planned), float(megabytes))


def _plan(url: str, rounds: int) -> None:
    """What the child does: check each campaign, launch it, plan it."""
    sessions, house = connect(url), store.build().house
    clock = Clock.fixed(Anchor(machine_now(), TUESDAY))
    checking = planning = 0.0
    planned = 0
    for number in range(rounds):
        file = _file(number)
        begun = time.perf_counter()
        with sessions.reading() as db:
            made = forecast.of(db, house, file, clock.now())
        checked = time.perf_counter()
        with sessions.begin() as db:
            campaign = launching.launch(db, house, file, clock.now()).id
        planned = plan.plan(sessions, clock, house, campaign)
        checking, planning = checking + checked - begun, planning + time.perf_counter() - checked
        assert made.audience == planned
    print(checking, planning, planned, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _file(number: int) -> CampaignFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.yml"
        path.write_text(FILE.format(name=number), encoding="utf-8")
        return campaign_file.read(path)


if __name__ == "__main__":
    _plan(sys.argv[1], int(sys.argv[2]))
