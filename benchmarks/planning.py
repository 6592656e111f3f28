"""Plan a campaign for 10,000 and for a million invented customers: time for each customer, and the most memory it took.

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

from sqlalchemy import text

from outreach.campaigns import campaign_file, launching, plan, publication
from outreach.cli import scratch, store
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Branch, Sessions, connect

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
    """Print one line."""
    few, _, _ = _measured(FEW, ROUNDS)
    many, planned, megabytes = _measured(MANY, 1)
    print(
        f"planning    {few * 1e6:.0f} µs a customer at {FEW:,}, {many * 1e6:.0f} µs at {planned:,}: {many / few:.2f} times "
        f"(at most {MOST_RATIO}); peak {megabytes:.0f} MB (at most {MOST_MB})"
    )


def _measured(customers: int, rounds: int) -> tuple[float, int, float]:
    """Seconds for each customer, how many were planned in one round, and megabytes."""
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
    seconds, planned, megabytes = ran.stdout.split()
    return float(seconds) / (int(planned) * rounds), int(planned), float(megabytes)


def _plan(url: str, rounds: int) -> None:
    """What the child does: planning alone."""
    sessions, house = connect(url), store.build().house
    clock = Clock.fixed(Anchor(machine_now(), TUESDAY))
    campaigns = [_launched(sessions, clock, number) for number in range(rounds)]
    begun, planned = time.perf_counter(), 0
    for campaign in campaigns:
        planned = plan.plan(sessions, clock, house, campaign)
    print(time.perf_counter() - begun, planned, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _launched(sessions: Sessions, clock: Clock, number: int):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.yml"
        path.write_text(FILE.format(name=number), encoding="utf-8")
        file = campaign_file.read(path)
        with sessions.begin() as db:
            return launching.launch(db, store.build().house, file, clock.now()).id


if __name__ == "__main__":
    _plan(sys.argv[1], int(sys.argv[2]))
