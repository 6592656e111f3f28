"""Work that falls due in the coming six weeks: claiming a batch with a million rows waiting, against ten thousand; and how
late what falls due is sent while they wait.
"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from sqlalchemy import text, update
from sqlmodel import select

from benchmarks.filled import TUESDAY, fill
from outreach.campaigns import queued
from outreach.campaigns.claim import claim, release
from outreach.campaigns.send import Sender
from outreach.carrier.memory import MemoryCarrier
from outreach.cli import scratch, store
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Message, Sessions, connect
from outreach.rules.channel import Channel
from outreach.runtime import Runtime
from outreach.worker import sweep

FEW, MANY = 10_000, 1_000_000
BATCH = 64
CLAIMS = 15
MOST = 1.5
LATE_SECONDS = 5.0
FALLING_DUE = 400
FOR_SECONDS = 20

# So many more customers, each with a text and an attempt like the first one's, to be sent and made within six weeks.
LATER = """
CREATE TEMP TABLE later ON COMMIT DROP AS
  SELECT n, gen_random_uuid() AS customer, gen_random_uuid() AS attempt, gen_random_uuid() AS talk,
    CAST(:now AS timestamptz) + interval '1 day' + (n - :already) * interval '41 days' / (:count - :already) AS due
  FROM generate_series(:already + 1, :count) AS n;
INSERT INTO customer (id, name, zones, created_at) SELECT customer, '王芳', '["Asia/Shanghai"]', :now FROM later;
INSERT INTO attempt (id, campaign_id, customer_id, step, number, channel, script_version_id, offer, state, verdict, created_at)
  SELECT later.attempt, campaign_id, customer, 'opening', 1, channel, script_version_id, offer, 'contacting', verdict, created_at
  FROM later, attempt WHERE attempt.id = :attempt;
INSERT INTO attempt (id, campaign_id, customer_id, step, number, channel, script_version_id, offer, state, due_at, verdict,
    created_at)
  SELECT gen_random_uuid(), campaign_id, customer, 'later', 1, channel, script_version_id, offer, 'planned', due, verdict,
    created_at
  FROM later, attempt WHERE attempt.id = :attempt;
INSERT INTO conversation (id, attempt_id, customer_id, channel, variant, script_version_id, state, flow_state, turn, failures,
    opened_at)
  SELECT talk, later.attempt, customer, channel, variant, script_version_id, state, flow_state, turn, failures, opened_at
  FROM later, conversation WHERE attempt_id = :attempt;
INSERT INTO message (id, conversation_id, customer_id, phone_hash, side, channel, text, media, at, state, starts_contact,
    after_call, confirmation, lines, turn, tries, claims, repeats, segments, verdict, heard, not_before)
  SELECT gen_random_uuid(), talk, customer, NULL, side, channel, text, media, at, 'queued', starts_contact, after_call,
    confirmation, lines, turn, tries, claims, repeats, segments, verdict, heard, due
  FROM later, message WHERE conversation_id = (SELECT id FROM conversation WHERE attempt_id = :attempt)
"""


def main() -> None:
    """Print two lines."""
    runtime = store.build()
    with scratch.database(runtime.database_url) as url:
        sessions = connect(url)
        fill(sessions, runtime.sealer, BATCH + FALLING_DUE)
        clock = Clock.fixed(Anchor(machine_now(), TUESDAY))
        _wait_later(sessions, 0, FEW)
        few = _claiming(sessions, clock, runtime)
        _wait_later(sessions, FEW, MANY)
        many = _claiming(sessions, clock, runtime)
        late, swept = _lateness(sessions, runtime)
        sessions.engine.dispose()
    print(
        f"due         claiming {BATCH}: {few * 1000:.1f} ms with {FEW:,} messages and attempts waiting for later, {many * 1000:.1f} "
        f"with {MANY:,}: {many / few:.2f} (at most {MOST})"
    )
    p99 = sorted(late)[int(len(late) * 0.99)]
    print(
        f"lateness    p99 {p99:.2f} s, median {statistics.median(late):.2f} s (at most {LATE_SECONDS:.0f} s) of {len(late)} texts that "
        f"fell due within {FOR_SECONDS} s; one look at the rows {statistics.median(swept) * 1000:.1f} ms"
    )


def _wait_later(sessions: Sessions, already: int, count: int) -> None:
    with sessions.begin() as db:
        db.execute(text("SET LOCAL statement_timeout = 0"))
        attempt = db.execute(text("SELECT attempt_id FROM conversation ORDER BY id LIMIT 1")).scalar_one()
        told = {"now": TUESDAY, "count": count, "already": already, "attempt": attempt}
        for statement in LATER.split(";\n"):
            db.execute(text(statement), {name: value for name, value in told.items() if f":{name}" in statement})
    with sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def _claiming(sessions: Sessions, clock: Clock, runtime: Runtime) -> float:
    """The median time of a claim of the same batch, which is given back each time."""
    times = []
    for _ in range(CLAIMS):
        started = time.perf_counter()
        claimed = claim(sessions, clock, runtime.house, runtime.sealer, OUR_NUMBER, Channel.SMS, BATCH).claimed
        times.append(time.perf_counter() - started)
        assert len(claimed) == BATCH
        release(sessions, claimed)
    return statistics.median(times)


def _lateness(sessions: Sessions, runtime: Runtime) -> tuple[list[float], list[float]]:
    """How long after their moment texts were committed to be sent, by a worker that looks at the rows once a second."""
    began = machine_now()
    with sessions.begin() as db:
        falling = db.exec(select(Message.id).where(Message.not_before.is_(None)).limit(FALLING_DUE)).all()
        for place, id_ in enumerate(falling):
            moment = TUESDAY + timedelta(seconds=2 + place * FOR_SECONDS / FALLING_DUE)
            db.execute(update(Message).where(Message.id == id_).values(not_before=moment))
    clock = Clock.fixed(Anchor(began, TUESDAY))
    sender = Sender(
        sessions, MemoryCarrier(), clock, runtime.house, runtime.sealer, OUR_NUMBER, str, str
    )  # fmt: skip
    looked = []
    while (machine_now() - began).total_seconds() < FOR_SECONDS + 6:
        started = time.perf_counter()
        with sessions.reading() as db:
            due = queued.channels(db, clock.now())
            sweep.something_due(db, clock.now())
        looked.append(time.perf_counter() - started)
        if due:
            sender.send_queued()
        time.sleep(sweep.EVERY_SECONDS)
    sender.close()
    with sessions.reading() as db:
        sent = db.exec(select(Message.sent_at, Message.not_before).where(Message.id.in_(falling))).all()
    assert all(at is not None for at, _ in sent)
    return [((at - began) - (moment - TUESDAY)).total_seconds() for at, moment in sent], looked
